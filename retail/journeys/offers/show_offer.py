"""What may be said of an offer at this moment, on paper or on a page: every claim is looked up.

Names, friendships and agreements may have ended since it was made, and goods come back: then less
is said, and nothing that is not so.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from retail.accounts import queries as accounts
from retail.catalogue import held
from retail.catalogue import queries as catalogue
from retail.catalogue.queries import VariantView
from retail.catalogue.shelf import sized
from retail.consent import queries as consent
from retail.consent.rules import FRIEND_OFFERS, OFFERS
from retail.crowds.rules import round_down
from retail.friends import queries as friends
from retail.journeys.holds.hold_piece import holder_of
from retail.journeys.influence.speak_of_friends import tellers
from retail.journeys.offers.friends_taste import agreed, likes, put_together
from retail.journeys.offers.pay_offer import can_pay
from retail.offers import rules
from retail.offers.queries import OfferView
from retail.offers.rules import Channel, OfferFacts
from retail.receipts.kept import kept_by


def facts_of(
    session: Session, offer: OfferView, *, channel: Channel, now: datetime, minimum_age: int
) -> OfferFacts | None:
    """What there is to say; None where its member agrees to no offers here, or is not of age now.

    Nor is an open offer shown of which nothing is left for them, or that its budget cannot pay.
    """
    who: dict[str, Any] = {"now": now, "minimum_age": minimum_age}
    buyer = accounts.get_member(session, offer.member_id, **who)
    if not (buyer.is_adult and consent.has_consent(session, buyer.id, OFFERS, channel=channel)):
        return None
    known = catalogue.get_variants(session, offer.brand_id, [offer.anchor_id, offer.variant_id])
    anchor, piece = known[offer.anchor_id], known[offer.variant_id]
    left = _left(session, offer, now)
    can_buy = left != 0 and can_pay(session, offer.brand_id, piece, offer.percent)
    if offer.is_open(now) and not can_buy:
        return None
    told = _of_friend(session, offer, anchor, piece, **who)
    is_named, is_told = _may_say(session, offer, told, channel) if told.is_proof else (False,) * 2
    friend = accounts.get_member(session, offer.friend_id or "") if is_named else None
    is_friend = friend is not None or is_told
    counted = catalogue.stock_for(session, offer.store_id, [piece.id], now=now).get(piece.id)
    is_few = counted is not None and counted.is_fresh and (left or 0) <= rules.FEW_LEFT
    return OfferFacts(
        buyer=_first_name(buyer.display_name),
        anchor=anchor.style_name,
        piece=piece.style_name,
        colour=piece.colour_name,
        size=piece.size if sized(session, offer.brand_id, [piece.style_id]) else "",
        percent=offer.percent,
        sku=piece.sku,
        friend=_first_name(friend.display_name) if friend else "",
        a_friend=friend is None and is_told,
        likes=is_friend and not told.has,
        has_anchor=is_friend and told.has_anchor,
        # What stands on a look is for pages, and so is what follows from it.
        goes_with=is_friend and told.goes_with and channel == "web",
        crowd=0 if is_friend else round_down(offer.crowd),
        left=left or 0 if is_few else 0,
    )


def _left(session: Session, offer: OfferView, now: datetime) -> int | None:
    """What is left of it for its member, with what they hold; None where nobody counted."""
    holder, piece_id = holder_of(offer.member_id), offer.variant_id
    found = held.left_for(session, offer.store_id, [piece_id], holder=holder, now=now)
    return max(0, found[piece_id]) if found else None


@dataclass(frozen=True)
class _Told:
    """What is so of the friend of an offer now: who has nothing of it is not told of."""

    has: bool = False
    likes: bool = False
    has_anchor: bool = False
    goes_with: bool = False

    @property
    def is_proof(self) -> bool:
        return self.has or self.likes


def _of_friend(
    session: Session,
    offer: OfferView,
    anchor: VariantView,
    piece: VariantView,
    *,
    now: datetime,
    minimum_age: int,
) -> _Told:
    """What the friend of an offer has and likes, as long as both are friends and she agrees."""
    friend_id, brand_id = offer.friend_id, offer.brand_id
    if friend_id is None or not friends.is_friend(session, offer.member_id, friend_id):
        return _Told()
    if not tellers(session, offer.member_id, [friend_id], now=now, minimum_age=minimum_age):
        return _Told()
    kept = kept_by(session, brand_id, [friend_id])
    known = catalogue.get_variants(session, brand_id, {one.variant_id for one in kept})
    has = {one.style_id for one in known.values() if not one.is_never_shareable}
    both = (anchor.style_id, piece.style_id)
    return _Told(
        has=piece.style_id in has,
        likes=likes(session, brand_id, friend_id, piece.style_id),
        has_anchor=anchor.style_id in has,
        goes_with=has >= set(both) and put_together(session, brand_id, friend_id, both),
    )


def _may_say(
    session: Session, offer: OfferView, told: _Told, channel: Channel
) -> tuple[bool, bool]:
    """Whether the friend may be named here, and whether that there is one may be told."""
    friend_id = offer.friend_id or ""
    is_named = consent.has_consent(session, friend_id, FRIEND_OFFERS, channel=channel)
    if not told.has:
        is_named = is_named and bool(agreed(session, [friend_id], channel))
    return is_named, friends.count_friends(session, offer.member_id) >= rules.LEAST_FRIENDS


def _first_name(name: str) -> str:
    return name.split()[0] if name.split() else ""
