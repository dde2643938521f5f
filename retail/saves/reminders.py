"""Reminders of kept pieces: on which day, and what is still kept when it comes."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from core.outbox import enqueue
from core.sql import upsert
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.catalogue import queries as catalogue
from retail.catalogue.queries import VariantView
from retail.saves import pay_day
from retail.saves.models import PayDay, SavedPiece
from retail.saves.rules import not_kept

JOB = "remind_of_saved"


@dataclass(frozen=True)
class Reminder:
    """When a member hears of a piece they keep; None where never.

    `pay_day` is the day of the month that they told us, 31 for the last; `suggested` the next
    such day.
    """

    on: date | None
    pay_day: int | None
    suggested: date


def reminder_of(
    session: Session, variant_id: str, *, member: MemberView, zone: str, now: datetime
) -> Reminder:
    """The reminder of a piece, as its page shows it."""
    kept = session.get(SavedPiece, (variant_id, member.id))
    day = pay_day_of(session, member.id)
    suggested = pay_day.next_pay_day(day or pay_day.LAST, pay_day.day_in(zone, now))
    return Reminder(kept.remind_on if kept else None, day, suggested)


def pay_day_of(session: Session, member_id: str) -> int | None:
    """The day of the month on which a member is paid, 31 for the last; None where not told."""
    told = session.get(PayDay, member_id)
    return told.day if told else None


def next_reminder(session: Session, member: MemberView, *, now: datetime) -> date | None:
    """The member's next pay day; None where they told us none."""
    day = pay_day_of(session, member.id)
    if day is None:
        return None
    zone = brands.get_brand(session, member.brand_id).zone
    return pay_day.next_pay_day(day, pay_day.day_in(zone, now))


def remind(
    session: Session,
    variant_id: str,
    *,
    member: MemberView,
    on: date,
    repeats: str = pay_day.ONCE,
    now: datetime,
) -> None:
    """Have the member reminded of a piece they keep on a day, and remember their pay day.

    Raises NotFound where they do not keep it, Invalid for a day that is not ahead.
    """
    zone = brands.get_brand(session, member.brand_id).zone
    pay_day.check_day(on, pay_day.day_in(zone, now))
    day = pay_day.day_of_month(on, repeats)
    if not _set(session, variant_id, member, on):
        raise not_kept()
    if day is not None:
        keys = {"member_id": member.id}
        upsert(session, PayDay, keys, brand_id=member.brand_id, day=day, told_at=now)
    due(session, member, on, zone)


def due(session: Session, member: MemberView, on: date, zone: str) -> None:
    """Have that day's reminder come, once for all that is kept until it."""
    payload = {"member_id": member.id, "on": on.isoformat()}
    # A job's row outlives its member, so its key names nobody.
    mark = hashlib.sha256(f"{member.id}:{on.isoformat()}".encode()).hexdigest()[:32]
    key = f"{JOB}:{mark}"
    enqueue(session, JOB, payload, due_at=pay_day.remind_at(on, zone), key=key)


def stop(session: Session, variant_id: str, *, member: MemberView) -> None:
    """Remind of the piece no more; what is kept stays kept."""
    _set(session, variant_id, member, None)


def forget_pay_day(session: Session, *, member: MemberView) -> None:
    """Remember the member's pay day no more; reminders that were set stay."""
    session.execute(delete(PayDay).where(PayDay.member_id == member.id))


def kept_until(session: Session, member_id: str, on: date, *, brand_id: str) -> list[VariantView]:
    """What the member still keeps until that day, by name."""
    ids = session.scalars(
        select(SavedPiece.variant_id).where(
            SavedPiece.member_id == member_id, SavedPiece.remind_on == on
        )
    ).all()
    found = catalogue.get_variants(session, brand_id, ids).values()
    return sorted(found, key=lambda piece: (piece.style_name, piece.sku))


def days_of(session: Session, member_id: str, variant_ids: Iterable[str]) -> dict[str, date | None]:
    """The day of each of these pieces that the member keeps, by piece."""
    rows = session.execute(
        select(SavedPiece.variant_id, SavedPiece.remind_on).where(
            SavedPiece.member_id == member_id, SavedPiece.variant_id.in_(list(variant_ids))
        )
    )
    return {row.variant_id: row.remind_on for row in rows}


def _set(session: Session, variant_id: str, member: MemberView, on: date | None) -> bool:
    result = session.execute(
        update(SavedPiece)
        .where(SavedPiece.variant_id == variant_id, SavedPiece.member_id == member.id)
        .values(remind_on=on)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)
    return result.rowcount > 0


def export(session: Session, member_id: str) -> list[dict[str, Any]]:
    """The pay day that a member told us, for themselves; 31 is the last of every month."""
    rows = session.execute(select(PayDay.day, PayDay.told_at).where(PayDay.member_id == member_id))
    return [dict(row._mapping) for row in rows]
