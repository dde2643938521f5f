"""What becomes of likes: judged when they are folded, held back, cleared or removed.

Whether a like scores is a word on its row. Each change of it leaves a difference for the fold, so
that no score stands apart from its likes.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, case, exists, false, func, select, tuple_, update
from sqlalchemy.orm import Session

from core.sql import insert_many, share_gate
from loyalty.leaderboards import queries as leaderboards
from retail.social import rules, service
from retail.social.models import LikeDelta, OutfitLike, SpentLike
from retail.social.rules import (
    CAPPED,
    REVIEWED,
    SCORING,
    Judged,
    LostLike,
    NewLike,
    ScoreChange,
    Tally,
    Verdict,
)
from retail.social.scores import within

# Rows of a statement, far below what a database takes as parameters.
_AT_ONCE = 400


def unjudged(session: Session, brand_id: str) -> list[NewLike]:
    """The likes of a brand that wait to be judged, in the order in which they count."""
    spent = SpentLike.verdict.in_(REVIEWED)
    rows = session.execute(
        select(
            OutfitLike.outfit_id,
            OutfitLike.member_id,
            OutfitLike.stylist_id,
            OutfitLike.counted_at,
            SpentLike.verdict.label("before"),
            SpentLike.case_id,
            func.coalesce(SpentLike.was_counted, false()).label("was_counted"),
        )
        .outerjoin(
            SpentLike,
            (SpentLike.outfit_id == OutfitLike.outfit_id)
            & (SpentLike.member_id == OutfitLike.member_id)
            & spent,
        )
        .where(
            OutfitLike.brand_id == brand_id,
            OutfitLike.verdict == "new",
            OutfitLike.is_public.is_(True),
        )
        .order_by(OutfitLike.counted_at, OutfitLike.outfit_id, OutfitLike.member_id)
    )
    return [NewLike(**row._mapping) for row in rows]


def given_since(
    session: Session, member_ids: Iterable[str], since: datetime
) -> list[tuple[str, str, datetime]]:
    """Who liked looks of whom and when, of what fills the caps of a day."""
    rows = session.execute(
        select(OutfitLike.member_id, OutfitLike.stylist_id, OutfitLike.counted_at).where(
            OutfitLike.member_id.in_(list(member_ids)),
            OutfitLike.counted_at >= since,
            OutfitLike.verdict.in_(CAPPED),
            OutfitLike.is_public.is_(True),
        )
    )
    return [(row.member_id, row.stylist_id, row.counted_at) for row in rows]


def record_verdicts(session: Session, judged: Iterable[Judged]) -> list[ScoreChange]:
    """Keep what became of new likes; gives what those that score change.

    A like that was taken back meanwhile changes nothing.
    """
    alike: dict[tuple[Verdict, str | None, bool], list[tuple[str, str]]] = defaultdict(list)
    for one in judged:
        new = one.like
        outcome = (one.verdict, new.case_id if one.verdict in REVIEWED else None, new.was_counted)
        alike[outcome].append((new.outfit_id, new.member_id))
    rows: list[Any] = []
    for values, likes in alike.items():
        found = _set_verdict(
            session, likes, "new", dict(zip(service.REVIEW_COLUMNS, values, strict=True))
        )
        rows += found if values[0] in SCORING else []
    return service.score_changes((row, 1) for row in rows)


def hold(session: Session, brand_id: str, likes: list[tuple[str, str]], *, case_id: str) -> int:
    """Let likes, pairs of outfit and member, score no longer until a case of review is settled.

    They stay in the counts of their looks. Gives how many scored until now.
    """
    share_gate(session, rules.like_gate(brand_id))
    closed = leaderboards.closed_end_after(OutfitLike.brand_id, OutfitLike.counted_at)
    values = {"verdict": "held", "case_id": case_id, "was_counted": closed.is_not(None)}
    rows = _set_verdict(session, likes, "counts", values)
    _note_scores(session, rows, -1)
    return len(rows)


def settle(
    session: Session,
    brand_id: str,
    case_id: str,
    *,
    verdict: Literal["cleared", "removed"],
    stylist_id: str | None = None,
) -> int:
    """End the review of a case's likes, or of one stylist's; gives how many it concerned.

    Cleared likes score, in the season open now where theirs closed without them. Removed ones
    scored no longer since they were held, so removing them moves nobody.
    """
    share_gate(session, rules.like_gate(brand_id))
    settled = 0
    for model in (OutfitLike, SpentLike):
        before = ("held", "removed") if verdict == "cleared" else ("held",)
        where = [model.case_id == case_id, model.verdict.in_(before)]
        if stylist_id is not None:
            looks = select(OutfitLike.outfit_id).where(OutfitLike.stylist_id == stylist_id)
            where.append(model.outfit_id.in_(looks))
        rows = _settle(session, model, where, verdict)
        if model is OutfitLike:
            settled = len(rows)
            _note_scores(session, rows, 1 if verdict == "cleared" else 0)
    return settled


def take_off(session: Session, brand_id: str, outfit_ids: list[str]) -> list[LostLike]:
    """Let no like of these looks score any more; gives them all, also those that scored before.

    They stay in the counts of their looks, and concern no review any more. No like of the brand
    comes in meanwhile: the caller has closed the gates of folds and of likes.
    """
    rows: dict[bool, list[Any]] = {}
    for before in (SCORING, ("new", "held", "removed")):
        rows[before == SCORING] = list(
            session.execute(
                update(OutfitLike)
                .where(OutfitLike.outfit_id.in_(outfit_ids), OutfitLike.is_public)
                .where(OutfitLike.brand_id == brand_id, OutfitLike.verdict.in_(before))
                .values(verdict="returned", case_id=None)
                .returning(*service.columns(OutfitLike, (*service.LIKE_COLUMNS, "missed")))
                .execution_options(synchronize_session=False)
            )
        )
    _note_scores(session, rows[True], -1)
    earlier = _missed_when_taken_back(session, outfit_ids)
    return [
        LostLike(
            row.store_id,
            row.stylist_id,
            row.outfit_id,
            row.counted_at,
            row.missed + earlier.get((row.outfit_id, row.member_id), ""),
        )
        for row in (*rows[True], *rows[False])
    ]


def note_missed(session: Session, tally: Tally, season_id: str) -> None:
    """Note on likes that a closing season does not count, but may score later, that it does not.

    These wait for review or did not pass it, or are taken back and may be given again. The caller
    has closed the gates of folds and of likes, and folded.
    """
    span = within(tally.brand_id, tally.store_id, tally.starts_at, tally.ends_at)
    held = OutfitLike.verdict.in_(("held", "removed"))
    session.execute(
        update(OutfitLike)
        .where(*span, held)
        .values(missed=OutfitLike.missed + season_id)
        .execution_options(synchronize_session=False)
    )
    stands = exists().where(
        OutfitLike.outfit_id == SpentLike.outfit_id, OutfitLike.member_id == SpentLike.member_id
    )
    session.execute(
        update(SpentLike)
        .where(SpentLike.brand_id == tally.brand_id, ~stands)
        .where(SpentLike.counted_at >= tally.starts_at, SpentLike.counted_at < tally.ends_at)
        .values(missed=SpentLike.missed + season_id)
        .execution_options(synchronize_session=False)
    )


def _missed_when_taken_back(session: Session, outfit_ids: list[str]) -> dict[tuple[str, str], str]:
    rows = select(SpentLike.outfit_id, SpentLike.member_id, SpentLike.missed).where(
        SpentLike.outfit_id.in_(outfit_ids)
    )
    return {(row.outfit_id, row.member_id): row.missed for row in session.execute(rows)}


def _settle(
    session: Session,
    model: type[OutfitLike] | type[SpentLike],
    where: list[ColumnElement[bool]],
    verdict: Verdict,
) -> list[Any]:
    closed = leaderboards.closed_end_after(model.brand_id, model.counted_at)
    moved = case(
        (model.was_counted, model.counted_at), else_=func.coalesce(closed, model.counted_at)
    )
    values = {"verdict": verdict} | ({"counted_at": moved} if verdict == "cleared" else {})
    columns = service.LIKE_COLUMNS if model is OutfitLike else ("outfit_id",)
    statement = (
        update(model).where(*where).values(values).returning(*service.columns(model, columns))
    )
    return list(session.execute(statement.execution_options(synchronize_session=False)))


def _set_verdict(
    session: Session, likes: list[tuple[str, str]], before: Verdict, values: dict[str, Any]
) -> list[Any]:
    rows: list[Any] = []
    for start in range(0, len(likes), _AT_ONCE):
        ours = tuple_(OutfitLike.outfit_id, OutfitLike.member_id).in_(
            likes[start : start + _AT_ONCE]
        )
        statement = (
            update(OutfitLike)
            .where(ours, OutfitLike.verdict == before, OutfitLike.is_public)
            .values(values)
        )
        returned = statement.returning(*service.columns(OutfitLike, service.LIKE_COLUMNS))
        rows += session.execute(returned.execution_options(synchronize_session=False))
    return rows


def _note_scores(session: Session, rows: Iterable[Any], score: int) -> None:
    deltas = [
        {
            **{name: getattr(row, name) for name in service.PLACE_COLUMNS},
            "delta": 0,
            "score": score,
            "is_announced": True,
        }
        for row in rows
    ]
    insert_many(session, LikeDelta, deltas if score else [])
