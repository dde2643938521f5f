"""Each source once: which baskets were given for, so that a replay is told from another basket."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from core.days import day_after
from core.errors import Conflict, NotFound
from core.sql import insert_ignore
from loyalty.campaigns.models import CampaignBasket

# A till may name its receipts anew each day; who pays after midnight came before.
AFTER_MIDNIGHT = timedelta(hours=3)


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
    session: Session,
    programme_id: str,
    sources: Sequence[str],
    *,
    to: str,
    sold_at: datetime,
    zone: str,
) -> Bound | None:
    """The basket that a sale was, by the first source that fits, bound to it for ever.

    It was bought on the day of the sale in the store's zone, is no other sale's, and was not taken
    back; it stays locked, so that it is taken back by one at a time. None where there is no such.
    """
    for source in sources:
        known = _find(session, programme_id, source, locks=True)
        # A basket from before these were kept was only promised things.
        if known is None or known.bought_at is None or not _is_of(known, to, sold_at, zone):
            continue
        known.bound_to = to
        session.flush()
        return Bound(source, known.lines or 0) if known.taken_back_at is None else None
    return None


def find_bound(
    session: Session,
    programme_id: str,
    sources: Sequence[str],
    *,
    to: str,
    sold_at: datetime,
    zone: str,
) -> str | None:
    """The source of the basket that a sale was, as `bind` finds it; nothing is bound."""
    for source in sources:
        known = _find(session, programme_id, source, locks=False)
        if known is not None and _is_of(known, to, sold_at, zone):
            return source
    return None


def span_of(bought_at: datetime, zone: str) -> tuple[datetime, datetime]:
    """From when until when, excluded, a sale can be that of a basket: the day, in its zone."""
    start, end = (day_after(bought_at, zone, days) for days in (-1, 0))
    return min(start, bought_at - AFTER_MIDNIGHT), max(end, bought_at + AFTER_MIDNIGHT)


def _find(
    session: Session, programme_id: str, source: str, *, locks: bool
) -> CampaignBasket | None:
    place = {"programme_id": programme_id, "source": source}
    return session.get(CampaignBasket, place, populate_existing=True, with_for_update=locks)


def _is_of(known: CampaignBasket, sale: str, sold_at: datetime, zone: str) -> bool:
    since, until = span_of(known.bought_at or known.begun_at, zone)
    return known.bound_to in (None, sale) and since <= sold_at < until


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
