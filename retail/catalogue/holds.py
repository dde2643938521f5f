"""Writes of holds: one begins while something is free, and ends once.

Whoever begins a hold, or leaves a store with less, holds the row of its stock until the
transaction ends. So holds never outnumber the pieces, whatever comes at the same instant.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from core.errors import Conflict
from core.ids import new_id
from core.outbox import emit, enqueue
from core.sql import close_gate
from retail.catalogue import held
from retail.catalogue.cells import CLOCKS_MAY_DIFFER_BY
from retail.catalogue.gates import holder_gate
from retail.catalogue.held import Holder, HoldView
from retail.catalogue.models import Hold, Stock

LAPSE_JOB = "lapse_hold"
# Several holds are always ended in this order, so that nobody waits in a circle.
_IN_ORDER = (Hold.variant_id, Hold.began_at.desc(), Hold.id.desc())


@dataclass(frozen=True)
class HoldBegan:
    """A piece is kept back for somebody."""

    hold_id: str


@dataclass(frozen=True)
class HoldEnded:
    """A piece is kept back no more: `released`, `collected`, `lapsed`, `voided` or `gone`."""

    hold_id: str
    how: str


@dataclass(frozen=True)
class Wanted:
    """A piece of a store of a brand, why it is wanted, and until when."""

    brand_id: str
    store_id: str
    variant_id: str
    source: str
    until: datetime


def hold(session: Session, wanted: Wanted, *, holder: Holder, most: int, now: datetime) -> HoldView:
    """Keep a piece back for somebody who holds fewer than `most`; asked again, it is the same one.

    Raises Conflict where its source had its hold, where they hold enough, or nothing is free.
    """
    close_gate(session, holder_gate(holder.kind, holder.id))
    before = held.from_source(session, wanted.source, holder=holder)
    if before is not None:
        if before.is_live(now):
            return before
        raise Conflict("hold_over", "This was held for you once. It’s free for everyone now.")
    if _count(session, *_live_of(holder), Hold.ends_at > now) >= most:
        sentence = "You hold as many pieces as one can at a time."
        raise Conflict("too_many_holds", sentence)
    if _free(session, wanted.store_id, wanted.variant_id, now) < 1:
        raise Conflict("nothing_left", "None is left here just now.")
    return _begin(session, wanted, holder, now)


def release(session: Session, hold_id: str, *, holder: Holder, now: datetime) -> None:
    """Let go of one's hold; once it has ended nothing changes. Raises NotFound."""
    held.get_hold(session, hold_id, holder=holder)
    _end(session, hold_id, "released", now)


def void(session: Session, hold_id: str, *, store_ids: Sequence[str], now: datetime) -> bool:
    """Put a piece of these stores back; tells whether this call did it. Raises NotFound."""
    held.get_in(session, hold_id, store_ids=store_ids)
    return _end(session, hold_id, "voided", now)


def hand_over(session: Session, hold_id: str, *, store_ids: Sequence[str], now: datetime) -> bool:
    """Note that who holds a piece of these stores has it; tells whether this call did it.

    Raises NotFound.
    """
    held.get_in(session, hold_id, store_ids=store_ids)
    return _end(session, hold_id, "collected", now)


def lapse(session: Session, hold_id: str, *, now: datetime) -> bool:
    """Sweep a hold whose time is over, and which kept nothing back since; tells whether it did."""
    return _end(session, hold_id, "lapsed", now, Hold.ends_at <= now)


def collect(
    session: Session,
    store_id: str,
    quantities: Mapping[str, int],
    *,
    holder: Holder,
    sold_at: datetime,
    now: datetime,
) -> None:
    """End the holds that somebody just bought the pieces of, as many as they bought.

    What began after the sale is left: a till that was offline tells of it late.
    """
    mine = session.execute(
        select(Hold.id, Hold.variant_id)
        .where(
            *_live_of(holder),
            Hold.store_id == store_id,
            Hold.variant_id.in_(list(quantities)),
            Hold.began_at <= sold_at + CLOCKS_MAY_DIFFER_BY,
        )
        .order_by(*_IN_ORDER)
    ).all()
    left = dict(quantities)
    for hold_id, variant_id in mine:
        if left[variant_id] > 0 and _end(session, hold_id, "collected", now):
            left[variant_id] -= 1


def end_from(
    session: Session,
    source: str,
    how: Literal["released", "collected"],
    *,
    holder: Holder,
    now: datetime,
) -> bool:
    """End the hold of a source, if there is one; tells whether this call did it."""
    found = held.from_source(session, source, holder=holder)
    return found is not None and _end(session, found.id, how, now)


def trim(session: Session, store_id: str, variant_ids: Iterable[str], *, now: datetime) -> None:
    """End the newest holds of what a store has fewer of than are held; its stock is locked."""
    live = (Hold.store_id == store_id, Hold.state == "live")
    # A store holds few things at a time, so what is held is looked for, not what was counted.
    among = set(session.scalars(select(Hold.variant_id).where(*live).distinct()))
    for variant_id in sorted(among.intersection(variant_ids)):
        _lapse_over(session, store_id, variant_id, now)
        surplus = -_free_of_rows(session, store_id, variant_id)
        if surplus > 0:
            newest = select(Hold.id).where(*live, Hold.variant_id == variant_id)
            newest = newest.order_by(*_IN_ORDER).limit(surplus)
            for hold_id in session.scalars(newest).all():
                _end(session, hold_id, "gone", now)


def erase(session: Session, holder: Holder) -> None:
    """Delete somebody's holds; what they kept back is free."""
    session.execute(
        delete(Hold).where(Hold.holder_kind == holder.kind, Hold.holder_id == holder.id)
    )


def _begin(session: Session, wanted: Wanted, holder: Holder, now: datetime) -> HoldView:
    row = Hold(
        id=new_id(),
        brand_id=wanted.brand_id,
        store_id=wanted.store_id,
        variant_id=wanted.variant_id,
        holder_kind=holder.kind,
        holder_id=holder.id,
        source=wanted.source,
        state="live",
        began_at=now,
        ends_at=wanted.until,
    )
    session.add(row)
    session.flush()
    emit(session, HoldBegan(row.id), topics=_topics(holder, wanted.store_id))
    payload, job_key = {"hold_id": row.id}, f"{LAPSE_JOB}:{row.id}"
    enqueue(session, LAPSE_JOB, payload, due_at=wanted.until, key=job_key)
    return held.get_hold(session, row.id, holder=holder)


def _free(session: Session, store_id: str, variant_id: str, now: datetime) -> int:
    """What is free of a variant; it stays so until the transaction ends."""
    session.execute(
        select(Stock.on_hand)
        .where(Stock.store_id == store_id, Stock.variant_id == variant_id)
        .with_for_update()
    )
    _lapse_over(session, store_id, variant_id, now)
    return _free_of_rows(session, store_id, variant_id)


def _free_of_rows(session: Session, store_id: str, variant_id: str) -> int:
    """What is free by rows, whatever the clock says; the stock is locked. Never counted is none."""
    # A statement of its own: one that waited for the lock would not see who had it before.
    on_hand = session.scalar(
        select(Stock.on_hand).where(Stock.store_id == store_id, Stock.variant_id == variant_id)
    )
    rows = (Hold.store_id == store_id, Hold.variant_id == variant_id, Hold.state == "live")
    return (on_hand or 0) - _count(session, *rows)


def _lapse_over(session: Session, store_id: str, variant_id: str, now: datetime) -> None:
    """End what is over by this clock, so that no other clock takes it for live again."""
    over = select(Hold.id).where(
        Hold.store_id == store_id,
        Hold.variant_id == variant_id,
        Hold.state == "live",
        Hold.ends_at <= now,
    )
    for hold_id in session.scalars(over.order_by(*_IN_ORDER)).all():
        lapse(session, hold_id, now=now)


def _end(session: Session, hold_id: str, how: str, now: datetime, *conditions: Any) -> bool:
    """Move a hold to its end, once; tells whether this call did it."""
    row = session.execute(
        update(Hold)
        .where(Hold.id == hold_id, Hold.state == "live", *conditions)
        .values(state=how, ended_at=now)
        .returning(Hold.holder_kind, Hold.holder_id, Hold.store_id),
        execution_options={"synchronize_session": False},
    ).one_or_none()
    if row is None:
        return False
    holder = Holder(row.holder_kind, row.holder_id)
    emit(session, HoldEnded(hold_id, how), topics=_topics(holder, row.store_id))
    return True


def _count(session: Session, *conditions: Any) -> int:
    return session.scalars(select(func.count()).select_from(Hold).where(*conditions)).one()


def _live_of(holder: Holder) -> tuple[Any, ...]:
    return Hold.holder_kind == holder.kind, Hold.holder_id == holder.id, Hold.state == "live"


def _topics(holder: Holder, store_id: str) -> list[str]:
    return [f"{holder.kind}:{holder.id}", f"store:{store_id}"]
