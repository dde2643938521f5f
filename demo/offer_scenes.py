"""The screens of an offer: on the phone, held, on the staff's list, and on paper."""

from dataclasses import dataclass
from functools import partial

from playwright.sync_api import Page
from sqlalchemy.orm import Session

from core import clock, config
from demo import later
from demo.scene import TABLET, Scene
from demo.service import Service
from demo.stage import Stage
from retail.brands import queries as brands
from retail.catalogue import queries as catalogue
from retail.catalogue import service as catalogue_service
from retail.catalogue.queries import VariantView
from retail.consent import service as consent
from retail.consent.rules import FRIEND_OFFERS, OFFERS
from retail.friends import queries as friends
from retail.journeys.offers.offer import Buyer, make
from retail.journeys.offers.set_offer_terms import installed_terms
from retail.offers.rules import Choice, Tip, Why
from retail.outfits import queries as outfits
from retail.receipts import codes
from retail.receipts import queries as receipts
from retail.receipts.kept import kept_by

PAPER = (600, 1200)


@dataclass(frozen=True)
class Offered:
    """Where the slip of the receipt stands that brought an offer."""

    print_path: str


def make_offer(shop: Service, stage: Stage) -> Offered:
    """Offer the stylist the last piece of something that a friend of hers has."""
    with later.beside(shop) as (session, key):
        now = clock.now()
        look = outfits.find_ranked_by(session, stage.stylist_look)
        assert look is not None
        receipt = receipts.receipts_of(session, look.member_id)[0]
        store = brands.get_store(session, receipt.store_id)
        friend_ids = tuple(friends.friend_ids(session, [look.member_id])[look.member_id])
        known = {
            one.variant_id: one.member_id for one in kept_by(session, store.brand_id, friend_ids)
        }
        had = catalogue.get_variants(session, store.brand_id, known)
        piece = max((one for one in had.values() if one.drawing), key=lambda one: one.sku)
        for member_id, purpose in ((look.member_id, OFFERS), (known[piece.id], FRIEND_OFFERS)):
            who = {"member_id": member_id, "brand_id": store.brand_id, "now": now}
            consent.give(session, **who, purpose=purpose)
        counts = {piece.id: (1, now)}
        where = {"brand_id": store.brand_id, "store_id": store.id}
        catalogue_service.store_counts(session, **where, counts=counts, now=now)
        anchor = _bought(session, store.brand_id, [one.variant_id for one in receipt.lines])
        tip = Tip(piece.style_id, 1.0, partial(Why, anchor.style_id, known[piece.id]))
        terms = installed_terms(config.load(shop.environment))
        buyer = Buyer(look.member_id, receipt, store, friend_ids)
        choice = Choice(tip, anchor, piece, "friend")
        make(session, buyer, choice, terms=terms, now=now, key=key)
        return Offered(codes.print_url("", key, receipt.id))


def of_offers(stage: Stage, offered: Offered) -> list[Scene]:
    """An offer before and after it is held, on phone, tablet and paper."""
    mine = stage.stylist
    return [
        Scene("offers", "/me/offers", mine, is_whole=True),
        Scene(
            "print-offer", offered.print_path, size=(600, 1200), themes=("light",), is_whole=True
        ),
        Scene("offer-held", "/me/offers", mine, act=_hold, is_whole=True),
        Scene("staff-holds", "/staff/holds", stage.assistant, size=TABLET, themes=("light",)),
    ]


def _hold(page: Page) -> None:
    """Hold it, unless that was done in another light."""
    buttons = page.get_by_role("button", name="Hold it for me")
    if buttons.count() and not page.get_by_role("heading", name="Held for you").count():
        buttons.first.click()
        page.wait_for_load_state()


def _bought(session: Session, brand_id: str, ids: list[str | None]) -> VariantView:
    known = catalogue.get_variants(session, brand_id, filter(None, ids))
    return next(one for one in known.values() if one.drawing)
