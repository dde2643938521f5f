"""Writes of likes. A like is a row; beside it a difference waits to be folded into the counts.

Nothing here touches a row that other likes of the same outfit touch, so a hot outfit is liked as
fast as rows are inserted.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Table,
    bindparam,
    delete,
    exists,
    insert,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from core.outbox import emit
from core.sql import dialect, fetch_one, insert_ignore, insert_many, share_gate, upsert
from loyalty.leaderboards import queries as leaderboards
from loyalty.leaderboards.gate import closed_end_behind_gate
from retail.accounts.queries import MemberView
from retail.friends import queries as friends
from retail.outfits import queries as outfits
from retail.social import among_friends, queries, rules
from retail.social.events import LikesFolded, OutfitLiked, OutfitUnliked
from retail.social.models import LikeDelta, LikeTotal, OutfitLike, SpentLike
from retail.social.rules import REVIEWED, SCORING, LikeCount, ScoreChange

_LIKES = cast(Table, OutfitLike.__table__)
_DELTAS = cast(Table, LikeDelta.__table__)
LIKE_COLUMNS = ("outfit_id", "member_id", "brand_id", "store_id", "stylist_id", "counted_at")
PLACE_COLUMNS = ("outfit_id", "brand_id", "store_id", "stylist_id", "counted_at")
REVIEW_COLUMNS = ("verdict", "case_id", "was_counted")
_DELTA_COLUMNS = (*PLACE_COLUMNS, "delta", "is_announced")


@dataclass(frozen=True)
class _Change:
    is_announced: bool
    likes: int


def like(session: Session, outfit_id: str, *, member: MemberView, now: datetime) -> LikeCount:
    """Record a like once; a repeated tap changes nothing, and the first time is kept.

    It counts from `now`, or from the end of a season that other clocks have already closed; what
    only friends see scores on no board. Raises NotFound for every outfit that the member may not
    see, and where either of the two keeps the other out of sight; Invalid for one's own.
    """
    values = {
        "outfit_id": outfit_id,
        "member_id": member.id,
        "brand_id": member.brand_id,
        "now": now,
    }
    record = _record_at_once if dialect(session) == "postgresql" else _record_step_by_step
    change = record(session, values)
    if change is None and not among_friends.like(session, values):
        return _unchanged(session, outfit_id, member)
    if change is None:
        return queries.like_count(session, outfit_id, member_id=member.id)
    if change.is_announced:
        emit(session, OutfitLiked(outfit_id), topics=[f"outfit:{outfit_id}"])
    return LikeCount(outfit_id, change.likes, is_liked=True)


def unlike(session: Session, outfit_id: str, *, member: MemberView) -> LikeCount:
    """Take a like back; without one nothing changes. Raises NotFound as `like`."""
    share_gate(session, rules.like_gate(member.brand_id))
    taken = session.execute(
        delete(OutfitLike)
        .where(OutfitLike.outfit_id == outfit_id, OutfitLike.member_id == member.id)
        .returning(*columns(OutfitLike, (*LIKE_COLUMNS, *REVIEW_COLUMNS, "missed", "is_public")))
    ).one_or_none()
    if taken is None:
        return _unchanged(session, outfit_id, member)
    if not taken.is_public:
        among_friends.uncount(session, [outfit_id])
        return LikeCount(outfit_id, queries.count_of(session, outfit_id), is_liked=False)
    _remember(session, taken)
    is_first = not session.execute(queries.IS_WAITING, {"outfit_id": outfit_id}).scalar_one()
    insert_many(session, LikeDelta, [_loss(taken, is_announced=is_first)])
    if is_first:
        emit(session, OutfitUnliked(outfit_id), topics=[f"outfit:{outfit_id}"])
    return LikeCount(outfit_id, queries.count_of(session, outfit_id), is_liked=False)


def _remember(session: Session, taken: Any) -> None:
    """Keep what a like taken back must bring along when it is given again."""
    keys = {"outfit_id": taken.outfit_id, "member_id": taken.member_id}
    first = {"brand_id": taken.brand_id, "counted_at": taken.counted_at}
    review = {name: getattr(taken, name) for name in REVIEW_COLUMNS}
    if taken.verdict in REVIEWED:
        kept = {name: (value, getattr(SpentLike, name)) for name, value in first.items()}
        missed = (taken.missed, SpentLike.missed + taken.missed)
        upsert(session, SpentLike, keys, **kept, **review, missed=missed)
    elif leaderboards.latest_closed_end_after(session, taken.brand_id, taken.counted_at):
        insert_ignore(session, SpentLike, **keys, **first)


def _loss(taken: Any, *, is_announced: bool) -> dict[str, Any]:
    row = {name: getattr(taken, name) for name in PLACE_COLUMNS}
    score = -1 if taken.verdict in SCORING else 0
    return {**row, "delta": -1, "score": score, "is_announced": is_announced}


def fold(session: Session, brand_id: str) -> list[ScoreChange]:
    """Count what waits of a brand into the totals; gives what it changes in scores.

    The caller holds the brand's fold gate, judges new likes and counts the changes into standings
    in the same transaction.
    """
    waiting = session.execute(
        delete(LikeDelta)
        .where(LikeDelta.brand_id == brand_id)
        .returning(*columns(LikeDelta, (*_DELTA_COLUMNS, "score")))
    ).all()
    totals: Counter[str] = Counter()
    for row in waiting:
        totals[row.outfit_id] += row.delta
    for outfit_id, delta in sorted(totals.items()):
        if delta:
            both = (max(delta, 0), LikeTotal.likes + delta)
            upsert(session, LikeTotal, {"outfit_id": outfit_id}, likes=both)
    for outfit_id in sorted({row.outfit_id for row in waiting if not row.is_announced}):
        emit(session, LikesFolded(outfit_id), topics=[f"outfit:{outfit_id}"])
    return score_changes((row, row.score) for row in waiting)


def score_changes(rows: Iterable[tuple[Any, int]]) -> list[ScoreChange]:
    """What rows with a score each change for the looks and stylists that they belong to."""
    changes: Counter[tuple[str, str, str, datetime]] = Counter()
    for row, score in rows:
        changes[row.store_id, row.stylist_id, row.outfit_id, row.counted_at] += score
    return [ScoreChange(*key, delta) for key, delta in changes.items() if delta]


def erase(session: Session, member_id: str) -> None:
    """Delete a member's likes and those of their outfits; the counts of others follow."""
    own = outfits.ids_of(session, member_id)
    _take_back(session, OutfitLike.member_id == member_id)
    session.execute(delete(SpentLike).where(SpentLike.member_id == member_id))
    session.execute(delete(OutfitLike).where(OutfitLike.stylist_id == member_id))
    session.execute(delete(LikeDelta).where(LikeDelta.stylist_id == member_id))
    for model in (LikeTotal, SpentLike):
        session.execute(delete(model).where(model.outfit_id.in_(own)))


def take_back_between(session: Session, member_id: str, other_id: str) -> None:
    """Take back what two members gave to each other's outfits."""
    for giver, stylist in ((member_id, other_id), (other_id, member_id)):
        _take_back(session, (OutfitLike.member_id == giver) & (OutfitLike.stylist_id == stylist))


def _take_back(session: Session, which: ColumnElement[bool]) -> None:
    """Delete likes; every count follows."""
    taken = session.execute(
        delete(OutfitLike)
        .where(which)
        .returning(*columns(OutfitLike, (*PLACE_COLUMNS, "verdict", "is_public")))
    ).all()
    among_friends.uncount(session, [row.outfit_id for row in taken if not row.is_public])
    noted = [_loss(row, is_announced=False) for row in taken if row.is_public]
    insert_many(session, LikeDelta, noted)


def columns(source: Any, names: Iterable[str]) -> list[ColumnElement[Any]]:
    """The columns of a table or statement with these names."""
    return [getattr(source, name) for name in names]


def _unchanged(session: Session, outfit_id: str, member: MemberView) -> LikeCount:
    """The answer where no row changed: say why, or how things stand."""
    outfit = outfits.get_visible(session, outfit_id, viewer_id=member.id)
    is_apart = friends.is_apart(session, outfit.member_id, member.id)
    if outfit.brand_id != member.brand_id or is_apart:
        raise outfits.outfit_not_found()
    rules.check_not_own(outfit.member_id, member.id)
    return queries.like_count(session, outfit_id, member_id=member.id)


_INSERT_STEP_BY_STEP = (
    sqlite_insert(_LIKES)
    .from_select(LIKE_COLUMNS, queries.new_like(leaderboards.closed_end_after))
    .on_conflict_do_nothing()
    .returning(*columns(_LIKES.c, LIKE_COLUMNS))
)


def _record_at_once_statement() -> Select[*tuple[Any, ...]]:
    """Gate, like, difference and count in one statement of PostgreSQL."""
    behind_gate = partial(closed_end_behind_gate, bindparam("gate", type_=BigInteger))
    liked = (
        postgresql_insert(_LIKES)
        .from_select(LIKE_COLUMNS, queries.new_like(behind_gate))
        .on_conflict_do_nothing()
        .returning(*columns(_LIKES.c, LIKE_COLUMNS))
        .cte("liked")
    )
    is_first = ~exists().where(LikeDelta.outfit_id == bindparam("outfit_id"))
    noted = (
        insert(_DELTAS)
        .from_select(
            _DELTA_COLUMNS,
            select(*columns(liked.c, PLACE_COLUMNS), literal(1), is_first),
        )
        .returning(_DELTAS.c.is_announced)
        .cte("noted")
    )
    # Every part of the statement sees the counts as they were before it.
    likes = queries.counted(bindparam("outfit_id")) + 1
    return select(noted.c.is_announced, likes.label("likes"))


_RECORD_AT_ONCE = _record_at_once_statement()


def _record_at_once(session: Session, values: dict[str, Any]) -> _Change | None:
    gate = rules.like_gate(values["brand_id"])
    row = fetch_one(session, _RECORD_AT_ONCE, values | {"gate": gate})
    return None if row is None else _Change(*row)


def _record_step_by_step(session: Session, values: dict[str, Any]) -> _Change | None:
    share_gate(session, rules.like_gate(values["brand_id"]))
    liked = session.execute(_INSERT_STEP_BY_STEP, values).one_or_none()
    if liked is None:
        return None
    row = {name: getattr(liked, name) for name in PLACE_COLUMNS}
    is_first = not session.execute(queries.IS_WAITING, {"outfit_id": liked.outfit_id}).scalar_one()
    insert_many(session, LikeDelta, [{**row, "delta": 1, "is_announced": is_first}])
    return _Change(is_first, queries.count_of(session, liked.outfit_id))
