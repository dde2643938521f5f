"""Reads of fair play: rules, what a scan looks at, the queue of reviews, what a stylist is told."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.errors import NotFound
from retail.fairness import rules
from retail.fairness.models import Appeal, FairRules, ReviewCase
from retail.fairness.rules import FairPlay
from retail.social import queries as social


@dataclass(frozen=True)
class CaseView:
    """A case as staff see it; `evidence` holds numbers and names nobody."""

    id: str
    brand_id: str
    kind: str
    state: str
    rules_version: int
    evidence: dict[str, Any]
    opened_at: datetime
    answer_by: datetime
    decided_at: datetime | None
    decided_by: str | None
    reason: str | None


@dataclass(frozen=True)
class MyCase:
    """A case as the stylist whose looks were liked is told of it: how many likes, and till when."""

    id: str
    state: str
    held: int
    removed: int
    cleared: int
    answer_by: datetime
    reason: str | None
    appealed_at: datetime | None
    is_upheld: bool | None
    answer: str | None


@dataclass(frozen=True)
class AppealView:
    """An appeal that waits for an answer."""

    case_id: str
    member_id: str
    words: str
    appealed_at: datetime


@dataclass(frozen=True)
class CaseLikes:
    """How many of a case's likes went to a stylist's look, of how many members."""

    outfit_id: str
    stylist_id: str
    likes: int


_CASES = select(
    ReviewCase.id,
    ReviewCase.brand_id,
    ReviewCase.kind,
    ReviewCase.state,
    ReviewCase.rules_version,
    ReviewCase.evidence,
    ReviewCase.opened_at,
    ReviewCase.answer_by,
    ReviewCase.decided_at,
    ReviewCase.decided_by,
    ReviewCase.reason,
)
_likes = social.LIKES.subquery()


def rules_of(session: Session, brand_id: str) -> FairPlay:
    """The rules of a brand in force: its newest version, or those of who set none."""
    row = session.execute(
        select(FairRules.rules, FairRules.version)
        .where(FairRules.brand_id == brand_id)
        .order_by(FairRules.version.desc())
        .limit(1)
    ).one_or_none()
    return FairPlay() if row is None else rules.from_json(row.rules, row.version)


def likes_since(session: Session, brand_id: str, since: datetime) -> Iterator[Any]:
    """Outfit, member, instant and verdict of a brand's likes, save those that were cleared."""
    statement = select(
        _likes.c.outfit_id, _likes.c.member_id, _likes.c.counted_at, _likes.c.verdict
    )
    where = (
        _likes.c.brand_id == brand_id,
        _likes.c.counted_at >= since,
        _likes.c.verdict.in_(("counts", "held", "removed")),
    )
    yield from session.execute(statement.where(*where).execution_options(yield_per=10_000))


def open_cases(session: Session, brand_id: str) -> list[CaseView]:
    """The cases of a brand that wait for a decision, those to answer first on top."""
    waiting = _CASES.where(ReviewCase.brand_id == brand_id, ReviewCase.state == "open")
    rows = session.execute(waiting.order_by(ReviewCase.answer_by, ReviewCase.id))
    return [CaseView(*row) for row in rows]


def decided_cases(session: Session, brand_id: str, *, limit: int = 20) -> list[CaseView]:
    """The cases decided last."""
    decided = _CASES.where(ReviewCase.brand_id == brand_id, ReviewCase.state != "open")
    rows = session.execute(decided.order_by(ReviewCase.decided_at.desc()).limit(limit))
    return [CaseView(*row) for row in rows]


def get_case(session: Session, case_id: str, *, brand_id: str) -> CaseView:
    """A case of the brand. Raises NotFound."""
    row = session.execute(
        _CASES.where(ReviewCase.id == case_id, ReviewCase.brand_id == brand_id)
    ).one_or_none()
    if row is None:
        raise case_not_found()
    return CaseView(*row)


def likes_of(session: Session, case_id: str) -> list[CaseLikes]:
    """The looks that a case's likes went to, most liked first."""
    number = func.count()
    rows = session.execute(
        select(_likes.c.outfit_id, _likes.c.stylist_id, number)
        .where(_likes.c.case_id == case_id)
        .group_by(_likes.c.outfit_id, _likes.c.stylist_id)
        .order_by(number.desc(), _likes.c.outfit_id)
    )
    return [CaseLikes(*row) for row in rows]


def cases_of(session: Session, member_id: str) -> list[MyCase]:
    """The cases that concern likes of a stylist's looks, newest first."""
    counts = (
        select(
            _likes.c.case_id,
            *(
                func.count().filter(_likes.c.verdict == verdict).label(verdict)
                for verdict in ("held", "removed", "cleared")
            ),
        )
        .where(_likes.c.stylist_id == member_id, _likes.c.case_id.is_not(None))
        .group_by(_likes.c.case_id)
        .subquery()
    )
    rows = session.execute(
        select(
            ReviewCase.id,
            ReviewCase.state,
            counts.c.held,
            counts.c.removed,
            counts.c.cleared,
            ReviewCase.answer_by,
            ReviewCase.reason,
            Appeal.appealed_at,
            Appeal.is_upheld,
            Appeal.answer,
        )
        .join(counts, counts.c.case_id == ReviewCase.id)
        .outerjoin(Appeal, (Appeal.case_id == ReviewCase.id) & (Appeal.member_id == member_id))
        .order_by(ReviewCase.opened_at.desc(), ReviewCase.id)
    )
    return [MyCase(*row) for row in rows]


def find_brand(session: Session, case_id: str) -> str | None:
    """The id of the brand whose case this is, if there is one."""
    return session.scalar(select(ReviewCase.brand_id).where(ReviewCase.id == case_id))


def stylists_of(session: Session, case_id: str) -> list[str]:
    """The members to whose looks a case's likes went, by id."""
    rows = select(_likes.c.stylist_id).where(_likes.c.case_id == case_id).distinct()
    return list(session.scalars(rows.order_by(_likes.c.stylist_id)))


def answered_appeals(session: Session, case_id: str) -> list[str]:
    """The members whose appeals against a case have their answer, by id."""
    rows = select(Appeal.member_id).where(
        Appeal.case_id == case_id, Appeal.answered_at.is_not(None)
    )
    return list(session.scalars(rows.order_by(Appeal.member_id)))


def waiting_appeals(session: Session, brand_id: str) -> list[AppealView]:
    """The appeals of a brand that wait for an answer, oldest first."""
    rows = session.execute(
        select(Appeal.case_id, Appeal.member_id, Appeal.words, Appeal.appealed_at)
        .where(Appeal.brand_id == brand_id, Appeal.answered_at.is_(None))
        .order_by(Appeal.appealed_at, Appeal.case_id)
    )
    return [AppealView(*row) for row in rows]


def export(session: Session, member_id: str) -> list[dict[str, Any]]:
    """A member's appeals with their answers, for themselves."""
    rows = session.execute(
        select(
            Appeal.words, Appeal.appealed_at, Appeal.answered_at, Appeal.is_upheld, Appeal.answer
        )
        .where(Appeal.member_id == member_id)
        .order_by(Appeal.appealed_at)
    )
    return [dict(row._mapping) for row in rows]


def case_not_found() -> NotFound:
    """One answer for every case that is not somebody's to see."""
    return NotFound("case_not_found", "There is nothing to look at here.")
