"""A member's points, as an API."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_smorest import Blueprint

from loyalty.ledger.rules import StatementLine
from web.auth import current_member, guarded
from web.openapi import schema_of
from web.pages.shopper.points import (
    EndingPoints,
    MemberTier,
    PointsUntil,
    points_of,
    statement_page,
    tier_of,
)
from web.schemas.points import StatementQuery
from web.write import read


@dataclass(frozen=True)
class MemberPoints:
    """Points to spend, below zero for a return debt; those on their way; those that will end."""

    balance: int
    pending: int
    available_from: tuple[PointsUntil, ...]
    expiring: tuple[EndingPoints, ...]


@dataclass(frozen=True)
class StatementEntry:
    """One change: above zero gained, below zero given; `words` say why."""

    transaction_id: str
    points: int
    balance_after: int
    reason: str
    words: str
    is_reversal: bool
    happened_at: datetime


@dataclass(frozen=True)
class MemberStatement:
    """A page of a statement, newest first."""

    entries: tuple[StatementEntry, ...]
    next_after: str | None


member_points = guarded(
    Blueprint("member_points", __name__, description="A member's points"), "member"
)


@member_points.get("/me/points")
@read
@member_points.response(200, schema_of(MemberPoints))
def show_points(session: Any) -> MemberPoints:
    """One's points: to spend, on their way, and when which of them end."""
    mine = points_of(session, current_member())
    return MemberPoints(mine.balance, mine.pending_total, mine.pending, mine.expiring)


@member_points.get("/me/points/statement")
@read
@member_points.arguments(StatementQuery, location="query")
@member_points.response(200, schema_of(MemberStatement))
def show_statement(session: Any, query: dict[str, Any]) -> MemberStatement:
    """What became of one's points, newest first, page by page."""
    page = statement_page(session, current_member(), after=query.get("after"), limit=query["limit"])
    return MemberStatement(tuple(_entry(e.line, e.words) for e in page.entries), page.next_after)


@member_points.get("/me/tier")
@read
@member_points.response(200, schema_of(MemberTier))
def show_tier(session: Any) -> MemberTier:
    """Where one stands, and what the next tier takes; empty where the brand has no tiers."""
    return tier_of(session, current_member())


def _entry(line: StatementLine, words: str) -> StatementEntry:
    return StatementEntry(
        line.transaction_id,
        line.points,
        line.balance_after,
        line.reason,
        words,
        line.is_reversal,
        line.happened_at,
    )
