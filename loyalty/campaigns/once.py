"""Each source once: which baskets were given for, so that a replay is told from another basket."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from core.errors import Conflict, NotFound
from core.sql import insert_ignore
from loyalty.campaigns.models import CampaignBasket

# A till names its receipts anew after a while; those of one sale are of one day.
SAME_SALE = timedelta(days=1)


@dataclass(frozen=True)
class Bound:
    """The source of a basket that became a sale, and how many lines it had."""

    source: str
    lines: int


def begin(
    session: Session,
    programme_id: str,
    source: str,
    *,
    fingerprint: str,
    bought_at: datetime,
    lines: int,
    now: datetime,
) -> bool:
    """Whether a source is new; its basket, told by a fingerprint, has it for ever from now on.

    Raises Conflict for another basket under the source, and for one that was taken back.
    """
    place = {"programme_id": programme_id, "source": source}
    told = {"fingerprint": fingerprint, "bought_at": bought_at, "lines": lines}
    if insert_ignore(session, CampaignBasket, **place, **told, begun_at=now):
        return True
    known = session.execute(
        select(CampaignBasket.fingerprint, CampaignBasket.taken_back_at).filter_by(**place)
    ).one()
    if known.fingerprint != fingerprint:
        raise Conflict("basket_differs", "Another basket has this number already.")
    if known.taken_back_at is not None:
        raise Conflict("basket_taken_back", "What this basket was given was taken back.")
    return False


def bind(
    session: Session, programme_id: str, sources: Sequence[str], *, to: str, sold_at: datetime
) -> Bound | None:
    """The basket that a sale was, by the first source that fits, bound to it for ever.

    It was bought within a day of the sale, is no other sale's, and was not taken back; it stays
    locked, so that it is taken back by one at a time. None where there is no such basket.
    """
    for source in sources:
        place = (CampaignBasket.programme_id == programme_id, CampaignBasket.source == source)
        known = session.execute(
            select(
                CampaignBasket.bought_at,
                CampaignBasket.lines,
                CampaignBasket.bound_to,
                CampaignBasket.taken_back_at,
            )
            .where(*place)
            .with_for_update()
        ).one_or_none()
        # A basket from before these were kept was only promised things.
        if known is None or known.bought_at is None or known.bound_to not in (None, to):
            continue
        if abs(known.bought_at - sold_at) > SAME_SALE:
            continue
        session.execute(update(CampaignBasket).where(*place).values(bound_to=to))
        return Bound(source, known.lines) if known.taken_back_at is None else None
    return None


def booked(session: Session, programme_id: str) -> set[str]:
    """The sources whose points and vouchers were booked; older ones were only promised theirs."""
    rows = select(CampaignBasket.source).where(
        CampaignBasket.programme_id == programme_id, CampaignBasket.bought_at.is_not(None)
    )
    return set(session.scalars(rows))


def end(session: Session, programme_id: str, source: str, *, now: datetime) -> bool:
    """Mark a source as taken back; whether this call did. Raises NotFound for an unknown one."""
    place = (CampaignBasket.programme_id == programme_id, CampaignBasket.source == source)
    ended = session.execute(
        update(CampaignBasket)
        .where(*place, CampaignBasket.taken_back_at.is_(None))
        .values(taken_back_at=now)
    )
    assert isinstance(ended, CursorResult)
    if ended.rowcount:
        return True
    if session.scalar(select(CampaignBasket.source).where(*place)) is None:
        raise NotFound("basket_not_found", "No basket was given anything under this number.")
    return False
