"""Reads of likes. Every count is one statement, so that folding never shows through."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    bindparam,
    exists,
    func,
    literal,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.glance import Glance
from core.model import UtcDateTime
from recommender import trending as ranking
from retail.brands import queries as brands
from retail.outfits import queries as outfits
from retail.outfits.queries import OutfitView
from retail.social.models import LikeDelta, LikeTotal, OutfitLike, SpentLike
from retail.social.rules import (
    SCORING,
    LikeCount,
    OwnerScore,
    Tally,
)

_TRENDING_LIKES = 5_000
_TRENDING_SPAN = timedelta(days=14)


def counted(outfit_id: Any) -> ColumnElement[int]:
    """The likes of an outfit at any moment: the folded ones and those since."""
    folded = select(LikeTotal.likes).where(LikeTotal.outfit_id == outfit_id).scalar_subquery()
    since = select(func.sum(LikeDelta.delta)).where(LikeDelta.outfit_id == outfit_id)
    return func.coalesce(folded, 0) + func.coalesce(since.scalar_subquery(), 0)


# Every like with what became of it; for other rooms to build on.
LIKES = select(
    OutfitLike.brand_id,
    OutfitLike.outfit_id,
    OutfitLike.member_id,
    OutfitLike.stylist_id,
    OutfitLike.counted_at,
    OutfitLike.verdict,
    OutfitLike.case_id,
)
_COUNT = select(counted(bindparam("outfit_id")))
_HAS_LIKED = select(literal(1)).where(
    OutfitLike.outfit_id == bindparam("outfit_id"), OutfitLike.member_id == bindparam("member_id")
)


def count_of(session: Session, outfit_id: str) -> int:
    """How many like the outfit now."""
    return session.execute(_COUNT, {"outfit_id": outfit_id}).scalar_one()


def like_count(session: Session, outfit_id: str, *, member_id: str | None = None) -> LikeCount:
    """How many like the outfit now, and whether this member is one of them."""
    likes = count_of(session, outfit_id)
    is_liked = member_id is not None and has_liked(session, outfit_id, member_id)
    return LikeCount(outfit_id, likes, is_liked)


def like_counts(session: Session, outfit_ids: Iterable[str]) -> dict[str, int]:
    """How many like each of the outfits now, by outfit."""
    ids = list(outfit_ids)
    folded = select(LikeTotal.outfit_id, LikeTotal.likes).where(LikeTotal.outfit_id.in_(ids))
    since = select(LikeDelta.outfit_id, LikeDelta.delta).where(LikeDelta.outfit_id.in_(ids))
    both = folded.union_all(since).subquery()
    sums = select(both.c.outfit_id, func.sum(both.c.likes)).group_by(both.c.outfit_id)
    found = {outfit_id: int(likes) for outfit_id, likes in session.execute(sums)}
    return {outfit_id: found.get(outfit_id, 0) for outfit_id in ids}


def has_liked(session: Session, outfit_id: str, member_id: str) -> bool:
    """Whether the member likes the outfit."""
    keys = {"outfit_id": outfit_id, "member_id": member_id}
    return session.execute(_HAS_LIKED, keys).first() is not None


def liked_among(session: Session, outfit_ids: Iterable[str], member_id: str) -> set[str]:
    """Those of the outfits that the member likes."""
    return set(
        session.scalars(
            select(OutfitLike.outfit_id).where(
                OutfitLike.member_id == member_id, OutfitLike.outfit_id.in_(list(outfit_ids))
            )
        )
    )


_public = outfits.PUBLIC_OUTFIT.subquery()
# What the page of a public outfit depends on, stock and names apart: none for any other outfit.
PAGE_STAMP = Glance(
    select(
        _public.c.id,
        _public.c.version,
        counted(_public.c.id).label("likes"),
        brands.epoch_of(_public.c.brand_id).label("epoch"),
    )
)


def scores(session: Session, tally: Tally) -> list[OwnerScore]:
    """What scores for every owner, from the rows."""
    owner = _owner(tally)
    statement = (
        select(owner, func.count(), func.max(OutfitLike.counted_at))
        .where(*_scoring(tally))
        .group_by(owner)
    )
    return [OwnerScore(*row) for row in session.execute(statement)]


def folded_score(session: Session, tally: Tally, owner_id: str) -> int:
    """What scores for an owner without what still waits to be folded."""
    rows = select(func.count()).where(_owner(tally) == owner_id, *_scoring(tally))
    waiting = select(func.coalesce(func.sum(LikeDelta.score), 0)).where(
        (LikeDelta.outfit_id if tally.by == "outfit" else LikeDelta.stylist_id) == owner_id,
        LikeDelta.brand_id == tally.brand_id,
        LikeDelta.counted_at >= tally.starts_at,
        LikeDelta.counted_at < tally.ends_at,
        *([LikeDelta.store_id == tally.store_id] if tally.store_id else []),
    )
    difference = rows.scalar_subquery() - waiting.scalar_subquery()
    return int(session.execute(select(difference)).scalar_one())


def stores_with_likes(
    session: Session, brand_id: str, stylist_id: str, *, since: datetime | None
) -> set[str]:
    """The stores in which a stylist's looks were liked since then, or ever for None."""
    where = [OutfitLike.brand_id == brand_id, OutfitLike.stylist_id == stylist_id]
    if since is not None:
        where.append(OutfitLike.counted_at >= since)
    return set(session.scalars(select(OutfitLike.store_id).where(*where).distinct()))


def last_counted_at(session: Session, tally: Tally, owner_id: str) -> datetime | None:
    """When the last like that scores for an owner counted; None for none."""
    return session.scalar(
        select(OutfitLike.counted_at)
        .where(_owner(tally) == owner_id, *_scoring(tally))
        .order_by(OutfitLike.counted_at.desc())
        .limit(1)
    )


def brands_to_fold(session: Session) -> list[str]:
    """The brands with likes that wait to be folded."""
    # One short probe for each brand instead of a walk over everything that waits.
    first = select(func.min(LikeDelta.brand_id))
    found = []
    brand_id = session.scalar(first)
    while brand_id is not None:
        found.append(brand_id)
        brand_id = session.scalar(first.where(LikeDelta.brand_id > brand_id))
    return found


def trending(
    session: Session, brand_id: str, *, store_id: str | None = None, now: datetime, limit: int = 12
) -> list[OutfitView]:
    """The public outfits that are liked most just now, of a store or of the brand."""
    published = outfits.newest_public(session, brand_id, store_id=store_id)
    likes = _recent_likes(session, brand_id, store_id, now)
    ids = list(dict.fromkeys([*published, *(outfit_id for outfit_id, _ in likes)]))
    index = {outfit_id: position for position, outfit_id in enumerate(ids)}
    order = ranking.rank(
        np.array([index[outfit_id] for outfit_id, _ in likes], dtype=np.intp),
        np.array([(now - at).total_seconds() for _, at in likes], dtype=np.float64),
        np.array([_age(published.get(outfit_id), now) for outfit_id in ids], dtype=np.float64),
    )
    # Some of the liked ones may not be public any more, so a few more are asked for.
    best = [ids[position] for position in order[: limit * 3]]
    visible = outfits.public_outfits(session, brand_id, best)
    return visible[:limit]


def _age(published_at: datetime | None, now: datetime) -> float:
    span = now - published_at if published_at else _TRENDING_SPAN
    return span.total_seconds()


def _recent_likes(
    session: Session, brand_id: str, store_id: str | None, now: datetime
) -> list[tuple[str, datetime]]:
    statement = (
        select(OutfitLike.outfit_id, OutfitLike.counted_at)
        .where(
            *_within(brand_id, store_id, now - _TRENDING_SPAN, now + _TRENDING_SPAN),
            # What is held back gives a look no place on a wall either.
            OutfitLike.verdict.not_in(("held", "removed")),
        )
        .order_by(OutfitLike.counted_at.desc())
        .limit(_TRENDING_LIKES)
    )
    return [(outfit_id, at) for outfit_id, at in session.execute(statement)]


def new_like(
    closed_end_after: Callable[[Any, Any], ColumnElement[datetime]],
) -> Select[*tuple[Any, ...]]:
    """The row that a like would be: none for one's own and for what not everyone may see."""
    outfit = outfits.PUBLIC_OUTFIT.subquery()
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


# Whether anything of an outfit waits to be folded.
IS_WAITING = select(exists().where(LikeDelta.outfit_id == bindparam("outfit_id")))


def _owner(tally: Tally) -> InstrumentedAttribute[str]:
    return OutfitLike.outfit_id if tally.by == "outfit" else OutfitLike.stylist_id


def _scoring(tally: Tally) -> list[ColumnElement[bool]]:
    span = _within(tally.brand_id, tally.store_id, tally.starts_at, tally.ends_at)
    return [*span, OutfitLike.verdict.in_(SCORING)]


def _within(
    brand_id: str, store_id: str | None, starts_at: datetime, ends_at: datetime
) -> list[ColumnElement[bool]]:
    where = [
        OutfitLike.brand_id == brand_id,
        OutfitLike.counted_at >= starts_at,
        OutfitLike.counted_at < ends_at,
    ]
    return [*where, OutfitLike.store_id == store_id] if store_id else where
