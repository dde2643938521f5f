"""Reads of visits, for whose they are."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, select
from sqlalchemy.orm import Session

from retail.brands import queries as brands
from retail.brands.queries import StoreView
from retail.visits.models import Visit, VisitedLike
from retail.visits.rules import VisitView, day_of

# Who checked in where and when; for other rooms to build on.
CHECK_INS = select(Visit.id, Visit.member_id, Visit.store_id, Visit.visited_on, Visit.checked_in_at)
_store = brands.STORES.subquery("place")
_VISITS: Select[*tuple[Any, ...]] = select(
    Visit.id, _store.c.slug, _store.c.name, Visit.visited_on, Visit.checked_in_at
).join(_store, _store.c.id == Visit.store_id)


def find_visit(
    session: Session, store: StoreView, member_id: str, *, now: datetime
) -> VisitView | None:
    """The member's visit to a store on the day that its clocks show."""
    row = session.execute(
        _VISITS.where(
            Visit.member_id == member_id,
            Visit.store_id == store.id,
            Visit.visited_on == day_of(now, store.zone),
        )
    ).one_or_none()
    return VisitView(*row) if row else None


def visits_of(session: Session, member_id: str) -> list[VisitView]:
    """The visits of a member that are kept, the last first."""
    rows = session.execute(
        _VISITS.where(Visit.member_id == member_id).order_by(Visit.checked_in_at.desc(), Visit.id)
    )
    return [VisitView(*row) for row in rows]


def first_checked_in_after(
    outfit_id: Any, member_id: Any, instant: Any
) -> ColumnElement[datetime | None]:
    """When the giver of a like of an instant first checked in at or after it, for other rooms'
    selects; the instant itself where that visit is forgotten by now."""
    kept = select(func.min(Visit.checked_in_at)).where(
        Visit.member_id == member_id, Visit.checked_in_at >= instant
    )
    is_noted = exists().where(
        VisitedLike.member_id == member_id,
        VisitedLike.outfit_id == outfit_id,
        VisitedLike.liked_at == instant,
    )
    return func.coalesce(case((is_noted, instant)), kept.scalar_subquery())


def export(session: Session, member_id: str) -> dict[str, Any]:
    """What is kept of a member's visits, for themselves."""
    noted = session.execute(
        select(VisitedLike.outfit_id, VisitedLike.liked_at)
        .where(VisitedLike.member_id == member_id)
        .order_by(VisitedLike.liked_at, VisitedLike.outfit_id)
    )
    return {
        "visits": visits_of(session, member_id),
        "likes_followed_by_one": [dict(row._mapping) for row in noted],
    }
