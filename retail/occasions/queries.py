"""Reads of occasions: who is asked where, who comes, and what oneself plans to wear.

An occasion is seen by who made it, and by friends of theirs who were asked. Who parted, or keeps
the other away, sees what a stranger sees: nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session

from core.cursor import pack_instant, read_instant
from retail.accounts.queries import MemberView
from retail.catalogue import queries as catalogue
from retail.catalogue.queries import VariantView
from retail.friends import queries as friends
from retail.friends.queries import FriendView
from retail.occasions import rules
from retail.occasions.icalendar import WrittenEvent
from retail.occasions.models import Attendance, Occasion, PlannedPiece, TwinWish


@dataclass(frozen=True)
class OccasionView:
    """An occasion as one of those who are asked sees it; `host_name` is empty for its maker.

    `answer` is invited, accepted or declined.
    """

    id: str
    title: str
    place: str
    zone: str
    starts_at: datetime
    ends_at: datetime | None
    is_all_day: bool
    is_over: bool
    is_own: bool
    host_name: str
    answer: str


@dataclass(frozen=True)
class OccasionPage:
    """Some occasions, and where the next page begins; None where this is the last one."""

    occasions: list[OccasionView]
    next_after: str | None


@dataclass(frozen=True)
class GuestView:
    """A friend who was asked, by first name and initial, and what they answered."""

    id: str
    name: str
    initials: str
    avatar: int
    answer: str


def may_see(member_id: Any) -> ColumnElement[bool]:
    """Whether who was asked is, or is a friend of, who made the occasion; for joined selects."""
    return or_(Occasion.member_id == member_id, friends.are_friends(Occasion.member_id, member_id))


_SEEN: Select[*tuple[Any, ...]] = (
    select(
        Occasion.id,
        Occasion.member_id,
        Occasion.title,
        Occasion.place,
        Occasion.zone,
        Occasion.starts_at,
        Occasion.ends_at,
        Occasion.is_all_day,
        Occasion.over_at,
        Attendance.state,
    )
    .join(Attendance, Attendance.occasion_id == Occasion.id)
    .where(Attendance.member_id == bindparam("viewer"), may_see(bindparam("viewer")))
)


def get_occasion(
    session: Session, occasion_id: str, *, viewer: MemberView, now: datetime
) -> OccasionView:
    """One occasion. Raises the same NotFound for absent, somebody else’s and kept apart."""
    found = _views(session, _SEEN.where(Occasion.id == occasion_id), viewer.id, now)
    if not found:
        raise rules.occasion_not_found()
    return found[0]


def check_own(session: Session, occasion_id: str, member_id: str) -> None:
    """Raises NotFound unless the member made it."""
    mine = select(Occasion.id).where(Occasion.id == occasion_id, Occasion.member_id == member_id)
    if session.scalar(mine) is None:
        raise rules.occasion_not_found()


def host_of(session: Session, occasion_id: str) -> str:
    """The id of who made it. Raises NotFound."""
    host_id = session.scalar(select(Occasion.member_id).where(Occasion.id == occasion_id))
    if host_id is None:
        raise rules.occasion_not_found()
    return host_id


def occasions_of(
    session: Session,
    member_id: str,
    *,
    now: datetime,
    is_past: bool = False,
    after: str | None = None,
    limit: int = 20,
) -> OccasionPage:
    """What is to come, the next first, or what is over, the last first. Raises Invalid for a bad
    cursor."""
    at = read_instant(after)
    if is_past:
        wanted = _SEEN.where(Occasion.over_at <= now)
        ordered = wanted.order_by(Occasion.starts_at.desc(), Occasion.id.desc())
    else:
        wanted = _SEEN.where(Occasion.over_at > now)
        ordered = wanted.order_by(Occasion.starts_at, Occasion.id)
    if at is not None:
        ordered = ordered.where(_beyond(at, is_past))
    found = _views(session, ordered.limit(limit + 1), member_id, now)
    last = found[limit - 1] if len(found) > limit else None
    return OccasionPage(found[:limit], pack_instant(last.starts_at, last.id) if last else None)


def guests_of(session: Session, occasion_id: str, *, host_id: str) -> list[GuestView]:
    """Whom the maker asked and still is friends with, for the maker alone, by name."""
    rows = session.execute(
        select(Attendance.member_id, Attendance.state).where(
            Attendance.occasion_id == occasion_id,
            Attendance.member_id != host_id,
            friends.are_friends(host_id, Attendance.member_id),
        )
    ).all()
    known = {friend.id: friend for friend in friends.friends_of(session, host_id)}
    guests = [
        GuestView(friend.id, friend.name, friend.initials, friend.avatar, state)
        for guest_id, state in rows
        if (friend := known.get(guest_id))
    ]
    return sorted(guests, key=lambda guest: (guest.name, guest.id))


def may_be_asked(session: Session, occasion_id: str, *, host_id: str) -> list[FriendView]:
    """The maker’s friends who were not asked yet, the newest first."""
    asked = set(
        session.scalars(select(Attendance.member_id).where(Attendance.occasion_id == occasion_id))
    )
    return [friend for friend in friends.friends_of(session, host_id) if friend.id not in asked]


def plan_of(session: Session, occasion_id: str, member: MemberView) -> list[VariantView]:
    """What the member plans to wear, by name."""
    ids = session.scalars(
        select(PlannedPiece.variant_id).where(
            PlannedPiece.occasion_id == occasion_id, PlannedPiece.member_id == member.id
        )
    ).all()
    found = catalogue.get_variants(session, member.brand_id, ids).values()
    return sorted(found, key=lambda variant: (variant.style_name, variant.sku))


def count_planned(session: Session, occasion_id: str, member_id: str) -> int:
    """How many pieces the member plans to wear."""
    mine = (PlannedPiece.occasion_id == occasion_id, PlannedPiece.member_id == member_id)
    return session.scalar(select(func.count()).where(*mine)) or 0


def count_own(session: Session, member_id: str, *, now: datetime) -> int:
    """How many occasions to come the member made."""
    mine = (Occasion.member_id == member_id, Occasion.over_at > now)
    return session.scalar(select(func.count()).where(*mine)) or 0


def count_asked(session: Session, occasion_id: str) -> int:
    """How many people were asked, the maker included."""
    asked = select(func.count()).where(Attendance.occasion_id == occasion_id)
    return session.scalar(asked) or 0


def known_uids(session: Session, member_id: str) -> set[str]:
    """What the member brought in from calendars before."""
    mine = select(Occasion.uid).where(Occasion.member_id == member_id, Occasion.uid.is_not(None))
    return {uid for uid in session.scalars(mine) if uid}


def calendar_of(session: Session, member_id: str, *, now: datetime) -> list[WrittenEvent]:
    """What the member made or comes to, past and to come, for a calendar of their own."""
    comes = _SEEN.where(Attendance.state == rules.ACCEPTED).order_by(
        Occasion.starts_at, Occasion.id
    )
    return [
        WrittenEvent(o.id, o.title, o.place, o.zone, o.starts_at, o.ends_at, o.is_all_day)
        for o in _views(session, comes, member_id, now)
    ]


def export(session: Session, member_id: str) -> dict[str, Any]:
    """All that this room keeps about a member, for themselves; of others no more than they see."""
    return {
        "occasions": [
            {key: value for key, value in row._mapping.items() if key not in _NOT_TOLD}
            | {"is_own": row.member_id == member_id}
            for row in session.execute(
                _SEEN.order_by(Occasion.starts_at, Occasion.id), {"viewer": member_id}
            )
        ],
        "answers": _rows(session, member_id, Attendance, "state", "invited_at", "answered_at"),
        "planned": _rows(session, member_id, PlannedPiece, *_PIECE, "planned_at"),
        "twin_wishes": _rows(session, member_id, TwinWish, *_PIECE, "wished_at"),
    }


_NOT_TOLD = ("member_id", "over_at", "state")
_PIECE = ("style_id", "colour_name")


def _rows(session: Session, member_id: str, model: Any, *names: str) -> list[dict[str, Any]]:
    columns = [getattr(model, name) for name in ("occasion_id", *names)]
    rows = session.execute(
        select(*columns).where(model.member_id == member_id).order_by(*columns[:3])
    )
    return [dict(row._mapping) for row in rows]


def _beyond(at: tuple[datetime, str], is_past: bool) -> ColumnElement[bool]:
    instant, last_id = at
    same = Occasion.starts_at == instant
    if is_past:
        return or_(Occasion.starts_at < instant, same & (Occasion.id < last_id))
    return or_(Occasion.starts_at > instant, same & (Occasion.id > last_id))


def _views(
    session: Session, statement: Select[*tuple[Any, ...]], viewer_id: str, now: datetime
) -> list[OccasionView]:
    rows = session.execute(statement, {"viewer": viewer_id}).all()
    hosts = {row.member_id for row in rows} - {viewer_id}
    names = {one.id: one.name for one in friends.friends_of(session, viewer_id)} if hosts else {}
    return [
        OccasionView(
            row.id,
            row.title,
            row.place,
            row.zone,
            row.starts_at,
            row.ends_at,
            row.is_all_day,
            row.over_at <= now,
            row.member_id == viewer_id,
            names.get(row.member_id, ""),
            row.state,
        )
        for row in rows
    ]
