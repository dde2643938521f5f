"""Writes of visits."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, or_, select
from sqlalchemy.orm import Session

from core import ids
from core.errors import NotFound
from core.sql import insert_ignore, upsert
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.social import queries as social
from retail.visits import queries
from retail.visits.models import Visit, VisitedLike
from retail.visits.rules import FORGOTTEN_AT_ONCE, KEPT_FOR, VisitView, day_of

_like = social.LIKES.subquery("given")


def check_in(session: Session, store: StoreView, *, member: MemberView, now: datetime) -> VisitView:
    """Note that the member is at a store, once for each of its days; the first time is kept.

    Raises NotFound for a store of another brand.
    """
    if store.brand_id != member.brand_id:
        raise NotFound("store_not_found", "We don’t know this store.")
    # What is there already is written as it stands, so that nobody takes it back meanwhile.
    upsert(
        session,
        Visit,
        {"member_id": member.id, "store_id": store.id, "visited_on": day_of(now, store.zone)},
        id=(ids.new_id(), Visit.id),
        brand_id=store.brand_id,
        checked_in_at=(now, Visit.checked_in_at),
    )
    visit = queries.find_visit(session, store, member.id, now=now)
    assert visit is not None
    return visit


def leave(session: Session, store: StoreView, *, member: MemberView, now: datetime) -> None:
    """Take today's check-in at a store back; without one nothing changes."""
    visit = queries.find_visit(session, store, member.id, now=now)
    if visit is not None:
        forget(session, visit.id, member=member)


def forget(session: Session, visit_id: str, *, member: MemberView) -> None:
    """Delete one visit of the member's; what is not there, or not theirs, changes nothing."""
    session.execute(delete(Visit).where(Visit.id == visit_id, Visit.member_id == member.id))


def forget_old(session: Session, *, after_likes: timedelta, now: datetime) -> None:
    """Delete visits that were kept long enough, the oldest first, so many at once.

    Of a visit that came within `after_likes` after a like of the same member, the like is noted.
    What was noted of likes that were taken back since goes, too.
    """
    _forget_taken_back(session)
    old = session.execute(
        select(Visit.id, Visit.member_id, Visit.checked_in_at)
        .where(Visit.checked_in_at <= now - KEPT_FOR)
        .order_by(Visit.checked_in_at)
        .limit(FORGOTTEN_AT_ONCE)
    ).all()
    if not old:
        return
    likes = session.execute(
        select(_like).where(
            _like.c.member_id.in_({row.member_id for row in old}),
            _like.c.counted_at >= old[0].checked_in_at - after_likes,
            _like.c.counted_at <= old[-1].checked_in_at,
        )
    ).all()
    came_at = defaultdict(list)
    for row in old:
        came_at[row.member_id].append(row.checked_in_at)
    for like in likes:
        if _is_followed(like.counted_at, came_at[like.member_id], after_likes):
            _note(session, like)
    session.execute(delete(Visit).where(Visit.id.in_([row.id for row in old])))


def erase(session: Session, member_id: str) -> None:
    """Delete a member's visits, and what was left of others' after likes of their outfits."""
    session.execute(delete(Visit).where(Visit.member_id == member_id))
    session.execute(
        delete(VisitedLike).where(
            or_(VisitedLike.member_id == member_id, VisitedLike.stylist_id == member_id)
        )
    )


def _is_followed(liked_at: datetime, came_at: Iterable[datetime], within: timedelta) -> bool:
    return any(liked_at <= at <= liked_at + within for at in came_at)


def _note(session: Session, like: Any) -> None:
    insert_ignore(
        session,
        VisitedLike,
        member_id=like.member_id,
        outfit_id=like.outfit_id,
        liked_at=like.counted_at,
        stylist_id=like.stylist_id,
        brand_id=like.brand_id,
    )


def _forget_taken_back(session: Session) -> None:
    stands = exists().where(
        _like.c.outfit_id == VisitedLike.outfit_id,
        _like.c.member_id == VisitedLike.member_id,
        _like.c.counted_at == VisitedLike.liked_at,
    )
    session.execute(delete(VisitedLike).where(~stands).execution_options(synchronize_session=False))
