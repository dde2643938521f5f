"""What the wall keeps about a member, for themselves."""

from typing import Any

from sqlalchemy import Select, case, select
from sqlalchemy.orm import Session

from retail.wall import rules
from retail.wall.models import WallDecision, WallPost, WallReport


def export(session: Session, member_id: str) -> dict[str, Any]:
    """A member's posts, what was decided and asked about them, and the reports they made.

    With what staff noted about the member's looks, but never who: their names are theirs. What
    left a post hanging is not told, since only reports bring that about, and those are others'; nor
    is what became of looks that the member reported.
    """
    posts = select(
        WallPost.outfit_id,
        WallPost.caption,
        WallPost.state,
        WallPost.reason,
        WallPost.posted_at,
        WallPost.changed_at,
        WallPost.appealed_at,
        WallPost.asks_again,
    ).where(WallPost.member_id == member_id)
    reports = select(WallReport.outfit_id, WallReport.reported_at).where(
        WallReport.member_id == member_id
    )
    return {
        "posts": _rows(session, posts.order_by(WallPost.posted_at, WallPost.outfit_id)),
        "history": _rows(session, _history(member_id)),
        "reports": _rows(session, reports.order_by(WallReport.reported_at, WallReport.outfit_id)),
    }


def _history(member_id: str) -> Select[*tuple[Any, ...]]:
    left_hanging = (WallDecision.state_before == rules.SHOWN) & (
        WallDecision.state_after == rules.SHOWN
    )
    return (
        select(
            WallDecision.outfit_id,
            case((WallDecision.staff_id.is_(None), "you"), else_="staff").label("by"),
            WallDecision.verdict,
            WallDecision.reason,
            WallDecision.note,
            WallDecision.state_after.label("state"),
            WallDecision.decided_at,
        )
        .join(WallPost, WallPost.outfit_id == WallDecision.outfit_id)
        .where(WallPost.member_id == member_id, ~left_hanging)
        .order_by(WallDecision.decided_at, WallDecision.id)
    )


def _rows(session: Session, statement: Select[*tuple[Any, ...]]) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in session.execute(statement)]
