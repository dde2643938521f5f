"""Reads of what is held, and of what is left beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, literal_column, select
from sqlalchemy.orm import Session

from core.errors import NotFound
from retail.catalogue.models import Hold, Stock

_CODE_LENGTH = 4


@dataclass(frozen=True)
class Holder:
    """For whom something is held, which this room knows no more of: `member` and an id."""

    kind: str
    id: str


@dataclass(frozen=True)
class HoldView:
    """One piece held in [began_at, ends_at), and how that ended; `state` is as of its row."""

    id: str
    brand_id: str
    store_id: str
    variant_id: str
    holder_kind: str
    holder_id: str
    source: str
    state: str
    began_at: datetime
    ends_at: datetime
    ended_at: datetime | None

    @property
    def code(self) -> str:
        """What its holder and the shop call it by; it opens nothing."""
        return self.id[-_CODE_LENGTH:]

    @property
    def holder(self) -> Holder:
        """For whom it is."""
        return Holder(self.holder_kind, self.holder_id)

    def is_live(self, now: datetime) -> bool:
        """Whether the piece is kept back at this instant."""
        return self.state == "live" and self.ends_at > now


_HOLDS: Select[*tuple[Any, ...]] = select(
    *(getattr(Hold, name) for name in HoldView.__dataclass_fields__)
)
_OVER_STOCK = (
    Hold.store_id == Stock.store_id,
    Hold.variant_id == Stock.variant_id,
    # Written out: as a parameter SQLite would have to know it to use the index of what is live, and
    # plan the whole statement anew each time that it is asked.
    Hold.state == literal_column("'live'"),
)
# What a row of stock has beside what is held at the instant `now`; for other reads to build on.
FREE = (
    Stock.on_hand
    - select(func.count())
    .where(*_OVER_STOCK, Hold.ends_at > bindparam("now"))
    .correlate(Stock)
    .scalar_subquery()
)


def find_hold(session: Session, hold_id: str) -> HoldView | None:
    """A hold, or None."""
    return next(iter(_all(session, _HOLDS.where(Hold.id == hold_id))), None)


def get_hold(session: Session, hold_id: str, *, holder: Holder) -> HoldView:
    """A hold of this holder. Raises NotFound."""
    return _one(session, _HOLDS.where(Hold.id == hold_id, *_of(holder)))


def get_in(session: Session, hold_id: str, *, store_ids: Sequence[str]) -> HoldView:
    """A hold in one of these stores. Raises NotFound."""
    return _one(session, _HOLDS.where(Hold.id == hold_id, Hold.store_id.in_(store_ids)))


def holds_of(session: Session, holder: Holder, *, limit: int = 50) -> list[HoldView]:
    """The holds of somebody, the newest first."""
    mine = _HOLDS.where(*_of(holder)).order_by(Hold.began_at.desc(), Hold.id.desc())
    return _all(session, mine.limit(limit))


def from_source(session: Session, source: str, *, holder: Holder) -> HoldView | None:
    """The hold that somebody has, or had, from a source."""
    found = _all(session, _HOLDS.where(*_of(holder), Hold.source == source))
    return next(iter(found), None)


def held_in(session: Session, store_ids: Sequence[str], *, now: datetime) -> list[HoldView]:
    """What is held in some stores at an instant, what ends first at the top."""
    live = _HOLDS.where(Hold.store_id.in_(store_ids), Hold.state == "live", Hold.ends_at > now)
    return _all(session, live.order_by(Hold.ends_at, Hold.id))


def left_for(
    session: Session, store_id: str, variant_ids: Sequence[str], *, holder: Holder, now: datetime
) -> dict[str, int]:
    """What a store has of variants for one holder: what others hold is gone, what they hold is not.

    By variant; never counted means left out.
    """
    others = (
        select(func.count())
        .where(*_OVER_STOCK, Hold.ends_at > now, Hold.holder_id != holder.id)
        .correlate(Stock)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Stock.variant_id, Stock.on_hand - others).where(
            Stock.store_id == store_id, Stock.variant_id.in_(variant_ids)
        )
    )
    return {variant_id: int(left) for variant_id, left in rows}


def export(session: Session, holder: Holder) -> list[dict[str, Any]]:
    """All that is kept of somebody's holds, for themselves."""
    return [
        {
            "store_id": one.store_id,
            "variant_id": one.variant_id,
            "state": one.state,
            "began_at": one.began_at,
            "ends_at": one.ends_at,
            "ended_at": one.ended_at,
        }
        for one in holds_of(session, holder, limit=1_000_000)
    ]


def _of(holder: Holder) -> tuple[Any, ...]:
    return Hold.holder_kind == holder.kind, Hold.holder_id == holder.id


def _one(session: Session, statement: Select[*tuple[Any, ...]]) -> HoldView:
    found = _all(session, statement)
    if not found:
        raise NotFound("hold_not_found", "This isn’t held any more.")
    return found[0]


def _all(session: Session, statement: Select[*tuple[Any, ...]]) -> list[HoldView]:
    return [HoldView(*row) for row in session.execute(statement)]
