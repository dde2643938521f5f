"""Say no to an offer: not this, or nothing with this friend; its voucher ends with it."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from loyalty.vouchers import service as vouchers
from retail.accounts.queries import MemberView
from retail.catalogue import holds
from retail.journeys.holds.hold_piece import holder_of, source_of
from retail.offers import queries, service
from retail.offers.queries import OfferView


def not_this(session: Session, offer_id: str, *, member: MemberView, now: datetime) -> None:
    """Offer the member this style no more. Raises NotFound for an offer that is not theirs."""
    offer = queries.get_offer(session, offer_id, member_id=member.id)
    who: dict[str, Any] = {"member_id": member.id, "brand_id": offer.brand_id, "now": now}
    service.refuse(session, **who, style_id=offer.style_id)
    _end(session, offer, now)


def not_with_friend(session: Session, offer_id: str, *, member: MemberView, now: datetime) -> None:
    """Offer the member nothing more with this friend, who never hears of it.

    Raises NotFound for an offer that is not theirs. Without a friend in it, nothing happens.
    """
    offer = queries.get_offer(session, offer_id, member_id=member.id)
    if offer.friend_id is None:
        return
    who: dict[str, Any] = {"member_id": member.id, "brand_id": offer.brand_id, "now": now}
    service.refuse(session, **who, friend_id=offer.friend_id)
    _end(session, offer, now)


def _end(session: Session, offer: OfferView, now: datetime) -> None:
    holder = holder_of(offer.member_id)
    holds.end_from(session, source_of(offer.id), "released", holder=holder, now=now)
    if service.decline(session, offer.id) and offer.voucher_id:
        vouchers.void(session, offer.voucher_id, programme_id=offer.brand_id)
