"""What may be said of an offer at this moment, on paper or on a page: every claim is looked up.

Names, friendships and agreements may have ended since it was made, and goods come back: then less
is said, and nothing that is not so.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from retail.accounts import queries as accounts
from retail.catalogue import queries as catalogue
from retail.consent import queries as consent
from retail.consent.rules import FRIEND_OFFERS, OFFERS
from retail.friends import queries as friends
from retail.journeys.speak_of_friends import tellers
from retail.offers import rules
from retail.offers.queries import OfferView
from retail.offers.rules import Channel, OfferFacts
from retail.receipts.kept import kept_by


def facts_of(
    session: Session, offer: OfferView, *, channel: Channel, now: datetime, minimum_age: int
) -> OfferFacts | None:
    """What there is to say; None where its member agrees to no offers on this channel."""
    if not consent.has_consent(session, offer.member_id, OFFERS, channel=channel):
        return None
    buyer = accounts.get_member(session, offer.member_id)
    ids = [offer.anchor_id, offer.variant_id]
    known = catalogue.get_variants(session, offer.brand_id, ids)
    anchor, piece = known[offer.anchor_id], known[offer.variant_id]
    has = _friend_has(session, offer, now=now, minimum_age=minimum_age)
    is_named, is_told = _may_say(session, offer, channel) if piece.style_id in has else (False,) * 2
    friend = accounts.get_member(session, offer.friend_id or "") if is_named else None
    is_friend = friend is not None or is_told
    counted = catalogue.stock_for(session, offer.store_id, [piece.id], now=now).get(piece.id)
    is_few = counted is not None and counted.is_fresh and counted.on_hand <= rules.FEW_LEFT
    return OfferFacts(
        buyer=_first_name(buyer.display_name),
        anchor=anchor.style_name,
        piece=piece.style_name,
        colour=piece.colour_name,
        size=piece.size,
        percent=offer.percent,
        sku=piece.sku,
        friend=_first_name(friend.display_name) if friend else "",
        a_friend=friend is None and is_told,
        has_anchor=is_friend and anchor.style_id in has,
        crowd=0 if is_friend else rules.round_down(offer.crowd),
        left=counted.on_hand if counted is not None and is_few else 0,
    )


def _friend_has(session: Session, offer: OfferView, *, now: datetime, minimum_age: int) -> set[str]:
    """The styles that the friend of an offer has, as long as both are friends and she agrees."""
    if offer.friend_id is None or not friends.is_friend(session, offer.member_id, offer.friend_id):
        return set()
    only = [offer.friend_id]
    if not tellers(session, offer.member_id, only, now=now, minimum_age=minimum_age):
        return set()
    kept = kept_by(session, offer.brand_id, [offer.friend_id])
    known = catalogue.get_variants(session, offer.brand_id, {one.variant_id for one in kept})
    return {one.style_id for one in known.values() if not one.is_never_shareable}


def _may_say(session: Session, offer: OfferView, channel: Channel) -> tuple[bool, bool]:
    """Whether the friend may be named here, and whether that there is one may be told."""
    friend_id = offer.friend_id or ""
    is_named = consent.has_consent(session, friend_id, FRIEND_OFFERS, channel=channel)
    return is_named, friends.count_friends(session, offer.member_id) >= rules.LEAST_FRIENDS


def _first_name(name: str) -> str:
    return name.split()[0] if name.split() else ""
