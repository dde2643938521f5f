"""Reads of the wall: what hangs, what waits for whom, and what was decided."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from core.errors import NotFound
from retail.staff import queries as staff
from retail.staff.queries import StaffView
from retail.wall import rules
from retail.wall.models import WallDecision, WallPost, WallReport
from retail.wall_rules import queries as wall_rules

REPORTED, WAITING, HIDDEN, TO_DO = "reported", rules.WAITING, rules.HIDDEN, "to_do"
QUEUES = (TO_DO, REPORTED, WAITING, HIDDEN)
# A select of outfits' ids: whose owners show which is for another room to say.
Ids = Select[str]


@dataclass(frozen=True)
class PostView:
    """A post as staff decide on it. `reports` are those that nobody settled; never by whom."""

    outfit_id: str
    store_id: str
    member_id: str
    caption: str
    state: str
    reason: str | None
    posted_at: datetime
    changed_at: datetime
    asks_again: bool
    version: int
    reports: int


@dataclass(frozen=True)
class DecisionView:
    """A line of a post's history. `staff_name` is None where its owner asked for another look."""

    id: str
    staff_name: str | None
    verdict: str
    reason: str | None
    note: str
    state_before: str
    state_after: str
    decided_at: datetime


@dataclass(frozen=True)
class OwnersNotice:
    """What the owner of a look that does not hang is told, in one sentence."""

    state: str
    sentence: str
    may_appeal: bool
    asks_again: bool


@dataclass(frozen=True)
class OwnPost:
    """A post as its owner is told of it: where it stands since `changed_at`, and why.

    `is_news` is false where a decision left a post hanging, as after reports that nobody upheld:
    of those its owner never hears.
    """

    member_id: str
    brand_id: str
    state: str
    reason: str | None
    changed_at: datetime
    asked_again: bool
    is_news: bool


_open_reports = (
    select(WallReport.outfit_id, func.count().label("reports"))
    .where(WallReport.settled_at.is_(None))
    .group_by(WallReport.outfit_id)
    .subquery()
)
_REPORTS = func.coalesce(_open_reports.c.reports, 0)
_POSTS = select(
    WallPost.outfit_id,
    WallPost.store_id,
    WallPost.member_id,
    WallPost.caption,
    WallPost.state,
    WallPost.reason,
    WallPost.posted_at,
    WallPost.changed_at,
    WallPost.asks_again,
    WallPost.version,
    _REPORTS.label("reports"),
).outerjoin(_open_reports, _open_reports.c.outfit_id == WallPost.outfit_id)


def hangs(outfit_id: Any) -> ColumnElement[bool]:
    """Whether nothing keeps a look from hanging, for other rooms' selects.

    What was never posted hangs: a post is written with the first showing to everyone.
    """
    held = (WallPost.outfit_id == outfit_id) & (WallPost.state != rules.SHOWN)
    return ~exists().where(held)


def shown_ids(
    session: Session,
    brand_id: str,
    *,
    store_id: str | None = None,
    before: tuple[datetime, str] | None = None,
    limit: int,
) -> list[tuple[datetime, str]]:
    """When the newest posts were hung, with their outfits' ids; those `before` one of them.

    Their owners may have taken them back since: ask the outfits which are public still.
    """
    place = (WallPost.posted_at, WallPost.outfit_id)
    statement = select(*place).where(WallPost.brand_id == brand_id, WallPost.state == rules.SHOWN)
    if store_id is not None:
        statement = statement.where(WallPost.store_id == store_id)
    if before is not None:
        at, last_id = before
        same_instant = (WallPost.posted_at == at) & (WallPost.outfit_id < last_id)
        statement = statement.where(or_(WallPost.posted_at < at, same_instant))
    newest = statement.order_by(WallPost.posted_at.desc(), WallPost.outfit_id.desc())
    return [(at, outfit_id) for at, outfit_id in session.execute(newest.limit(limit))]


def get_post(session: Session, outfit_id: str, *, seen_by: StaffView) -> PostView:
    """A post. Raises NotFound for absent, another brand's and another store's alike."""
    statement = _within(_POSTS, seen_by).where(WallPost.outfit_id == outfit_id)
    row = session.execute(statement).one_or_none()
    if row is None:
        raise post_not_found()
    return PostView(**row._mapping)


def queue(
    session: Session, which: str, *, among: Ids, seen_by: StaffView, limit: int = 24
) -> list[PostView]:
    """What waits for a decision among some looks: who asked again, then the longest waiting.

    Of what is hidden the newest comes first: nobody waits for it.
    """
    reviewed_at = wall_rules.rules_of(session, seen_by.brand_id).reports_for_review
    statement = _within(_among(among), seen_by).where(_is_in(which, reviewed_at))
    order = WallPost.changed_at.desc() if which == HIDDEN else WallPost.changed_at
    order_by = (WallPost.asks_again.desc(), order, WallPost.outfit_id)
    rows = session.execute(statement.order_by(*order_by).limit(limit))
    return [PostView(**row._mapping) for row in rows]


def queue_lengths(session: Session, *, among: Ids, seen_by: StaffView) -> dict[str, int]:
    """How many posts of these looks stand in each queue."""
    reviewed_at = wall_rules.rules_of(session, seen_by.brand_id).reports_for_review
    counts = [
        select(func.count())
        .select_from(_within(_among(among), seen_by).where(_is_in(which, reviewed_at)).subquery())
        .scalar_subquery()
        for which in QUEUES
    ]
    row = session.execute(select(*counts)).one()
    return dict(zip(QUEUES, row, strict=True))


def history(session: Session, outfit_id: str) -> list[DecisionView]:
    """Everything that was decided about a post, the newest first."""
    rows = session.execute(
        select(WallDecision)
        .where(WallDecision.outfit_id == outfit_id)
        .order_by(WallDecision.decided_at.desc(), WallDecision.id.desc())
    ).scalars()
    found = list(rows)
    names = staff.names_of_staff(session, {row.staff_id for row in found if row.staff_id})
    return [
        DecisionView(
            row.id,
            names.get(row.staff_id) if row.staff_id else None,
            row.verdict,
            row.reason,
            row.note,
            row.state_before,
            row.state_after,
            row.decided_at,
        )
        for row in found
    ]


def notices_for(session: Session, member_id: str) -> dict[str, OwnersNotice]:
    """Which of a member's looks do not hang, by id, and what they are told about it."""
    rows = session.execute(
        select(
            WallPost.outfit_id,
            WallPost.state,
            WallPost.reason,
            WallPost.appealed_at,
            WallPost.asks_again,
        ).where(WallPost.member_id == member_id, WallPost.state != rules.SHOWN)
    )
    return {
        row.outfit_id: OwnersNotice(
            row.state,
            rules.owners_sentence(row.state, row.reason),
            may_appeal=row.state == HIDDEN and row.appealed_at is None,
            asks_again=row.asks_again,
        )
        for row in rows
    }


def find_own_post(session: Session, outfit_id: str) -> OwnPost | None:
    """How a look's post stands, for its owner; None for what was never shown to everyone."""
    left_hanging = exists().where(
        WallDecision.outfit_id == WallPost.outfit_id,
        WallDecision.decided_at == WallPost.changed_at,
        WallDecision.state_before == rules.SHOWN,
        WallDecision.state_after == rules.SHOWN,
    )
    row = session.execute(
        select(
            WallPost.member_id,
            WallPost.brand_id,
            WallPost.state,
            WallPost.reason,
            WallPost.changed_at,
            WallPost.appealed_at.is_not(None) & ~WallPost.asks_again,
            ~((WallPost.state == rules.SHOWN) & left_hanging),
        ).where(WallPost.outfit_id == outfit_id)
    ).one_or_none()
    return OwnPost(*row) if row else None


def has_reported(session: Session, outfit_id: str, member_id: str) -> bool:
    """Whether the member reported the look before."""
    return session.get(WallReport, (outfit_id, member_id)) is not None


def post_not_found() -> NotFound:
    """The one answer for every post that somebody may not decide on."""
    return NotFound("wall_post_not_found", "This look isn’t on your wall.")


def _among(looks: Ids) -> Select[*tuple[Any, ...]]:
    return _POSTS.where(WallPost.outfit_id.in_(looks))


def _within(statement: Select[*tuple[Any, ...]], seen_by: StaffView) -> Select[*tuple[Any, ...]]:
    where = [WallPost.brand_id == seen_by.brand_id]
    if seen_by.store_id is not None:
        where.append(WallPost.store_id == seen_by.store_id)
    return statement.where(*where)


def _is_in(which: str, reports_for_review: int) -> ColumnElement[bool]:
    reported = (WallPost.state == rules.SHOWN) & (reports_for_review <= _REPORTS)
    waiting, hidden = WallPost.state == WAITING, WallPost.state == HIDDEN
    queues = {
        REPORTED: reported,
        WAITING: waiting,
        HIDDEN: hidden,
        TO_DO: reported | waiting | WallPost.asks_again,
    }
    return queues.get(which, queues[TO_DO])
