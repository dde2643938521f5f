"""Putting vouchers to baskets: reserved or redeemed at once, then redeemed, released or lapsed.

A state only moves forward. One source has one redemption for ever: repeated, it answers.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.errors import Conflict
from loyalty.baskets.rules import Basket
from loyalty.vouchers import once, standing, written
from loyalty.vouchers.models import Redemption, VoucherUse
from loyalty.vouchers.once import Asked
from loyalty.vouchers.pricing import Withheld, nothing
from loyalty.vouchers.rules import Quote, RedemptionView


def quote(
    session: Session,
    *,
    programme_id: str,
    basket: Basket,
    codes: tuple[str, ...],
    with_held: bool = False,
    now: datetime,
    key: bytes,
    withheld: Withheld = nothing,
) -> Quote:
    """What vouchers would take off a basket now, and why others would not; nothing is kept.

    `with_held` puts those to it as well that the basket's owner holds; `withheld` says for which
    vouchers the shop has nothing to give. Raises Invalid for a basket that makes no sense.
    """
    asked = Asked(programme_id, "", basket, codes, with_held=with_held, withheld=withheld)
    return once.quote(session, asked, now, key)


def reserve(
    session: Session,
    *,
    programme_id: str,
    source: str,
    basket: Basket,
    codes: tuple[str, ...],
    until: datetime,
    with_held: bool = False,
    now: datetime,
    key: bytes,
    withheld: Withheld = nothing,
) -> RedemptionView:
    """Hold one use of each voucher that counts, until `until`; those that do not, are named.

    What the basket's owner holds themselves gives way, and counts too `with_held`. Raises Invalid
    for a basket that makes no sense, Conflict where no voucher counts, or where the source put
    other vouchers to another basket. Nothing is then kept.
    """
    terms: Any = {"until": until, "with_held": with_held, "withheld": withheld}
    asked = Asked(programme_id, source, basket, codes, **terms)
    return once.put(session, asked, now, key)


def redeem_now(
    session: Session,
    *,
    programme_id: str,
    source: str,
    basket: Basket,
    codes: tuple[str, ...],
    not_before: datetime | None = None,
    with_held: bool = False,
    now: datetime,
    key: bytes,
    withheld: Withheld = nothing,
) -> RedemptionView:
    """Redeem in one step. A sale of earlier says so by `not_before`: how far back it may lie.

    Validity is judged as of `basket.at`. Raises Invalid for a sale of earlier that lies before
    that, or in the future, and otherwise as `reserve`.
    """
    terms: Any = {"not_before": not_before, "with_held": with_held, "withheld": withheld}
    asked = Asked(programme_id, source, basket, codes, **terms)
    return once.put(session, asked, now, key)


def redeem(
    session: Session, redemption_id: str, *, programme_id: str, now: datetime
) -> RedemptionView:
    """Redeem what is reserved; repeated, it answers.

    Raises NotFound, and Conflict where it was released or its time is over.
    """
    written.get_redemption(session, redemption_id, programme_id=programme_id, now=now)
    standing.lock_vouchers(session, redemption_id)
    # A use that went back when its time was over is somebody else's, whatever our clock says.
    gone = select(VoucherUse.id).where(
        VoucherUse.redemption_id == redemption_id, VoucherUse.returned_at.is_not(None)
    )
    is_open = (Redemption.reserved_until > now, ~gone.exists())
    moved = _move(session, redemption_id, "redeemed", now, *is_open)
    view = written.get_redemption(session, redemption_id, programme_id=programme_id, now=now)
    if not moved and view.state != "redeemed":
        raise Conflict("reservation_over", "This reservation is over.", state=view.state)
    return view


def release(
    session: Session,
    redemption_id: str,
    *,
    programme_id: str,
    holder_id: str | None = None,
    now: datetime,
) -> RedemptionView:
    """Let go of what is reserved, so that others may use it; repeated, it answers.

    `holder_id` is whose own hold it is, if it is one. Raises NotFound, and Conflict where it was
    redeemed: that can only be rolled back.
    """
    whose: Any = {"programme_id": programme_id, "holder_id": holder_id, "now": now}
    written.get_redemption(session, redemption_id, **whose)
    standing.lock_vouchers(session, redemption_id)
    if _move(session, redemption_id, "released", now):
        _free(session, redemption_id, programme_id, now)
    view = written.get_redemption(session, redemption_id, **whose)
    if view.state == "redeemed":
        raise Conflict("redeemed_already", "This was redeemed. Roll it back instead.")
    return view


def lapse(session: Session, redemption_id: str, *, now: datetime) -> bool:
    """Let go of what is reserved if its time is over; tells whether this call did it."""
    standing.lock_vouchers(session, redemption_id)
    if not _move(session, redemption_id, "lapsed", now, Redemption.reserved_until <= now):
        return False
    programme_id = session.scalars(
        select(Redemption.programme_id).where(Redemption.id == redemption_id)
    ).one()
    _free(session, redemption_id, programme_id, now)
    return True


def _move(
    session: Session, redemption_id: str, state: str, now: datetime, *conditions: Any
) -> bool:
    moved = session.execute(
        update(Redemption)
        .where(Redemption.id == redemption_id, Redemption.state == "reserved", *conditions)
        .values(state=state, settled_at=now)
        .returning(Redemption.id),
        execution_options={"synchronize_session": False},
    )
    return moved.one_or_none() is not None


def _free(session: Session, redemption_id: str, programme_id: str, now: datetime) -> None:
    uses = select(VoucherUse.id).where(VoucherUse.redemption_id == redemption_id)
    for use_id in session.scalars(uses.order_by(VoucherUse.id)).all():
        standing.give_back(session, programme_id, use_id, now=now)
