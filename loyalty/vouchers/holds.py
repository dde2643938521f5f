"""What owners hold themselves, away from any till: one basket's vouchers at a time, for a while.

It keeps others from them, and gives way to every till: see `lapsed`.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.errors import Conflict
from loyalty.baskets.rules import Basket
from loyalty.vouchers import once, standing, written
from loyalty.vouchers.models import Redemption
from loyalty.vouchers.once import Asked
from loyalty.vouchers.rules import Quote, RedemptionView

# However often it is asked for more time.
HELD_AT_MOST = timedelta(hours=1)


def quote(
    session: Session,
    *,
    programme_id: str,
    basket: Basket,
    codes: tuple[str, ...],
    now: datetime,
    key: bytes,
) -> Quote:
    """What vouchers of the basket's owner, or of nobody, would take off; nothing is kept.

    What they hold themselves counts as free. Others' vouchers are unknown. Raises Invalid for a
    basket that makes no sense.
    """
    return once.quote(session, Asked(programme_id, "", basket, codes, is_hold=True), now, key)


def hold(
    session: Session,
    *,
    programme_id: str,
    source: str,
    basket: Basket,
    codes: tuple[str, ...],
    until: datetime,
    now: datetime,
    key: bytes,
) -> RedemptionView:
    """Hold vouchers for the basket's owner, instead of what they held before; once for a source.

    Raises Invalid for a basket that makes no sense, and Conflict where no voucher counts: what
    was held before is then held still.
    """
    asked = Asked(programme_id, source, basket, codes, until=until, is_hold=True)
    return once.put(session, asked, now, key)


def extend(
    session: Session,
    hold_id: str,
    *,
    programme_id: str,
    holder_id: str,
    until: datetime,
    now: datetime,
) -> RedemptionView:
    """Hold it until later, at most `HELD_AT_MOST` from its beginning; it never ends sooner.

    Raises NotFound, and Conflict where it is over, or was held for long enough.
    """
    whose: Any = {"programme_id": programme_id, "holder_id": holder_id, "now": now}
    view = written.get_redemption(session, hold_id, **whose)
    standing.lock_vouchers(session, hold_id)
    last = view.sold_at + HELD_AT_MOST
    moved = session.execute(
        update(Redemption)
        .where(
            Redemption.id == hold_id,
            Redemption.state == "reserved",
            Redemption.reserved_until > now,
            Redemption.reserved_until < min(until, last),
        )
        .values(reserved_until=min(until, last))
        .returning(Redemption.id),
        execution_options={"synchronize_session": False},
    ).one_or_none()
    view = written.get_redemption(session, hold_id, **whose)
    if view.state != "reserved":
        raise Conflict("reservation_over", "This reservation is over.", state=view.state)
    if moved is None and view.reserved_until == last:
        raise Conflict("held_long_enough", "It can’t be held for longer. Hold it anew.")
    return view


def find_hold(
    session: Session, programme_id: str, holder_id: str, *, now: datetime
) -> RedemptionView | None:
    """What somebody holds themselves just now, if anything."""
    hold_id = session.scalar(
        select(Redemption.id).where(
            Redemption.programme_id == programme_id,
            Redemption.owner_id == holder_id,
            Redemption.gives_way,
            Redemption.state == "reserved",
            Redemption.reserved_until > now,
        )
    )
    if hold_id is None:
        return None
    whose: Any = {"programme_id": programme_id, "holder_id": holder_id, "now": now}
    found = written.get_redemption(session, hold_id, **whose)
    return found if found.vouchers else None
