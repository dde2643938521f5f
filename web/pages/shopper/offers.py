"""Offers made to me: what they say just now, why I have them, and how I say no."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext as _

from core import clock
from core.errors import SwingtagError
from loyalty.vouchers import queries as vouchers
from retail.brands import queries as brands
from retail.catalogue import queries as catalogue
from retail.journeys.holds import hold_piece
from retail.journeys.holds.show_holds import ShownHold, shown_holds
from retail.journeys.offers import refuse_offer
from retail.journeys.offers.show_offer import facts_of
from retail.offers import queries, wording
from retail.offers.queries import OfferView
from retail.offers.rules import OfferFacts
from web.auth import current_member, guarded, settings
from web.language import SPEECH
from web.limits import HOLDS, limited
from web.pages.again import shown_again
from web.pages.drawing import garment_address
from web.write import read, write

my_offers = guarded(Blueprint("my_offers", __name__), by="member_page")


@dataclass(frozen=True)
class ShownOffer:
    """An offer in words; `code` is empty once it cannot be used any more.

    `hold` is its hold as it stands, if there was one: there is one for each offer.
    """

    offer: OfferView
    facts: OfferFacts
    words: tuple[str, ...]
    drawing: str | None
    code: str
    zone: str
    store_name: str
    hold: ShownHold | None
    now: datetime


@my_offers.get("/me/offers")
@read
def mine(session: Any, error: SwingtagError | None = None, **_unused: Any) -> Any:
    """The offers made to me, the newest first, each with why."""
    member = current_member()
    shown = shown_offers(session, queries.offers_of(session, member.id))
    brand = brands.get_brand(session, member.brand_id)
    terms = settings()
    return render_template(
        "shopper/offers.html", brand=brand, offers=shown, terms=terms, error=error
    )


@my_offers.post("/me/offers/<offer_id>/not-this")
@write
def not_this(session: Any, offer_id: str) -> Any:
    """No more of this piece."""
    refuse_offer.not_this(session, offer_id, member=current_member(), now=clock.now())
    flash(_("Gone. We won’t offer you this piece again."))
    return redirect("/me/offers", 303)


@my_offers.post("/me/offers/<offer_id>/not-with-friend")
@write
def not_with_friend(session: Any, offer_id: str) -> Any:
    """No more with this friend."""
    refuse_offer.not_with_friend(session, offer_id, member=current_member(), now=clock.now())
    flash(_("Gone. No more offers with this friend, who won’t hear of it."))
    return redirect("/me/offers", 303)


@my_offers.post("/me/offers/<offer_id>/hold")
@limited(HOLDS)
@shown_again(mine)
@write
def hold(session: Any, offer_id: str) -> Any:
    """Hold its piece in its store for a while."""
    who = {"member": current_member(), "now": clock.now(), "settings": settings()}
    hold_piece.hold_offered(session, offer_id, **who)
    flash(_("It’s held for you."))
    return redirect("/me/offers", 303)


@my_offers.post("/me/offers/holds/<hold_id>/let-go")
@write
def let_go(session: Any, hold_id: str) -> Any:
    """Let it go."""
    hold_piece.let_go(session, hold_id, member=current_member(), now=clock.now())
    flash(_("You let it go. Somebody else can have it."))
    return redirect("/me/offers", 303)


def shown_offers(session: Any, found: list[OfferView]) -> list[ShownOffer]:
    """Offers of the viewer's own, as they may be put on a page just now."""
    now, age = clock.now(), settings().minimum_age_years
    shown = []
    for offer in found:
        facts = facts_of(session, offer, channel="web", now=now, minimum_age=age)
        if facts is not None and offer.state != "declined":
            shown.append(_shown(session, offer, facts))
    return shown


def _shown(session: Any, offer: OfferView, facts: OfferFacts) -> ShownOffer:
    now = clock.now()
    variant = catalogue.get_variants(session, offer.brand_id, [offer.variant_id])[offer.variant_id]
    mine = vouchers.vouchers_of(
        session, offer.brand_id, offer.member_id, now=now, key=settings().key
    )
    open_codes = [one.code for one in mine if one.id == offer.voucher_id and offer.is_open(now)]
    parts = [wording.thanks, wording.why, wording.deal]
    if offer.is_open(now):
        parts.insert(2, wording.left)
    words = tuple(said for part in parts if (said := part(facts, SPEECH)))
    drawing = garment_address(variant.drawing, variant.colours) if variant.drawing else None
    store = brands.get_store(session, offer.store_id)
    hold = hold_piece.find_hold(session, offer)
    shown = shown_holds(session, [hold] if hold else [], now=now)
    code = "".join(open_codes)
    place, first = (store.zone, store.name), next(iter(shown), None)
    return ShownOffer(offer, facts, words, drawing, code, *place, first, now)
