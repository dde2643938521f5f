"""Writes of likes. A like is a row; beside it a difference waits to be folded into the counts.

Nothing here touches a row that other likes of the same outfit touch, so a hot outfit is liked as
fast as rows are inserted.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    String,
    Table,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from core.model import UtcDateTime
from core.outbox import emit
from core.sql import dialect, fetch_one, insert_ignore, insert_many, share_gate, upsert
from loyalty.leaderboards import queries as leaderboards
from loyalty.leaderboards.gate import closed_end_behind_gate
from retail.accounts.queries import MemberView
from retail.friends import queries as friends
from retail.outfits import queries as outfits
from retail.outfits import visibility
from retail.social import among_friends, queries, rules
from retail.social.events import LikesFolded, OutfitLiked, OutfitUnliked
from retail.social.models import LikeDelta, LikeTotal, OutfitLike, SpentLike
from retail.social.rules import LikeCount, ScoreChange

_LIKES = cast(Table, OutfitLike.__table__)
_DELTAS = cast(Table, LikeDelta.__table__)
_LIKE_COLUMNS = ("outfit_id", "member_id", "brand_id", "store_id", "stylist_id", "counted_at")
_DELTA_COLUMNS = (
    "outfit_id",
    "brand_id",
    "store_id",
    "stylist_id",
    "counted_at",
    "delta",
    "is_announced",
)


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
        .returning(*_columns(OutfitLike, (*_LIKE_COLUMNS, "is_public")))
    ).one_or_none()
    if taken is None:
        return _unchanged(session, outfit_id, member)
    row = dict(taken._mapping)
    if not row.pop("is_public"):
        among_friends.uncount(session, [outfit_id])
        return LikeCount(outfit_id, queries.count_of(session, outfit_id), is_liked=False)
    if leaderboards.latest_closed_end_after(session, row["brand_id"], row["counted_at"]):
        spent = ("outfit_id", "member_id", "brand_id", "counted_at")
        insert_ignore(session, SpentLike, **{name: row[name] for name in spent})
    is_first = not session.execute(_IS_WAITING, {"outfit_id": outfit_id}).scalar_one()
    del row["member_id"]
    insert_many(session, LikeDelta, [{**row, "delta": -1, "is_announced": is_first}])
    if is_first:
        emit(session, OutfitUnliked(outfit_id), topics=[f"outfit:{outfit_id}"])
    return LikeCount(outfit_id, queries.count_of(session, outfit_id), is_liked=False)


def fold(session: Session, brand_id: str) -> list[ScoreChange]:
    """Count what waits of a brand into the totals; gives what it changes for the stylists.

    The caller holds the brand's fold gate and counts the changes into standings in the same
    transaction.
    """
    waiting = session.execute(
        delete(LikeDelta)
        .where(LikeDelta.brand_id == brand_id)
        .returning(*_columns(LikeDelta, _DELTA_COLUMNS))
    ).all()
    totals: Counter[str] = Counter()
    changes: Counter[tuple[str, str, datetime]] = Counter()
    for row in waiting:
        totals[row.outfit_id] += row.delta
        changes[row.store_id, row.stylist_id, row.counted_at] += row.delta
    for outfit_id, delta in sorted(totals.items()):
        both = (max(delta, 0), LikeTotal.likes + delta)
        upsert(session, LikeTotal, {"outfit_id": outfit_id}, likes=both)
    for outfit_id in sorted({row.outfit_id for row in waiting if not row.is_announced}):
        emit(session, LikesFolded(outfit_id), topics=[f"outfit:{outfit_id}"])
    return [ScoreChange(*key, delta) for key, delta in changes.items()]


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
        .returning(*_columns(OutfitLike, (*_DELTA_COLUMNS[:5], "is_public")))
    ).all()
    rows = [dict(row._mapping) for row in taken]
    among_friends.uncount(session, [row["outfit_id"] for row in rows if not row["is_public"]])
    public = [row for row in rows if row.pop("is_public")]
    noted = [{**row, "delta": -1, "is_announced": False} for row in public]
    insert_many(session, LikeDelta, noted)


def _columns(source: Any, names: Iterable[str]) -> list[ColumnElement[Any]]:
    return [getattr(source, name) for name in names]


def _unchanged(session: Session, outfit_id: str, member: MemberView) -> LikeCount:
    """The answer where no row changed: say why, or how things stand."""
    outfit = outfits.get_visible(session, outfit_id, viewer_id=member.id)
    is_apart = friends.is_apart(session, outfit.member_id, member.id)
    if outfit.brand_id != member.brand_id or is_apart:
        raise outfits.outfit_not_found()
    rules.check_not_own(outfit.member_id, member.id)
    return queries.like_count(session, outfit_id, member_id=member.id)


def _target(
    closed_end_after: Callable[[Any, Any], ColumnElement[datetime]],
) -> Select[*tuple[Any, ...]]:
    """The row that a like would be: none for one's own and for what not everyone may see."""
    outfit = visibility.LIKEABLE_BY_ALL.subquery()
    member_id = bindparam("member_id", type_=String)
    now = bindparam("now", type_=UtcDateTime())
    first = select(SpentLike.counted_at).where(
        SpentLike.outfit_id == outfit.c.id, SpentLike.member_id == member_id
    )
    closed = closed_end_after(outfit.c.brand_id, now)
    return select(
        outfit.c.id.label("outfit_id"),
        member_id.label("member_id"),
        outfit.c.brand_id,
        outfit.c.store_id,
        outfit.c.member_id.label("stylist_id"),
        func.coalesce(first.scalar_subquery(), closed, now, type_=UtcDateTime()).label(
            "counted_at"
        ),
    ).where(outfit.c.member_id != member_id, outfit.c.brand_id == bindparam("brand_id"))


_IS_WAITING = select(exists().where(LikeDelta.outfit_id == bindparam("outfit_id")))
_INSERT_STEP_BY_STEP = (
    sqlite_insert(_LIKES)
    .from_select(_LIKE_COLUMNS, _target(leaderboards.closed_end_after))
    .on_conflict_do_nothing()
    .returning(*_columns(_LIKES.c, _LIKE_COLUMNS))
)


def _record_at_once_statement() -> Select[*tuple[Any, ...]]:
    """Gate, like, difference and count in one statement of PostgreSQL."""
    behind_gate = partial(closed_end_behind_gate, bindparam("gate", type_=BigInteger))
    liked = (
        postgresql_insert(_LIKES)
        .from_select(_LIKE_COLUMNS, _target(behind_gate))
        .on_conflict_do_nothing()
        .returning(*_columns(_LIKES.c, _LIKE_COLUMNS))
        .cte("liked")
    )
    is_first = ~exists().where(LikeDelta.outfit_id == bindparam("outfit_id"))
    noted = (
        insert(_DELTAS)
        .from_select(
            _DELTA_COLUMNS,
            select(*_columns(liked.c, _DELTA_COLUMNS[:5]), literal(1), is_first),
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
    row = {name: getattr(liked, name) for name in _DELTA_COLUMNS[:5]}
    is_first = not session.execute(_IS_WAITING, {"outfit_id": liked.outfit_id}).scalar_one()
    insert_many(session, LikeDelta, [{**row, "delta": 1, "is_announced": is_first}])
    return _Change(is_first, queries.count_of(session, liked.outfit_id))
