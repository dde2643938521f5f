"""Reads of likes. Every count is one statement, so that folding never shows through."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Select, String, bindparam, exists, func, literal, select
from sqlalchemy.orm import Session

from core.glance import Glance
from core.model import UtcDateTime
from recommender import trending as ranking
from retail.brands import queries as brands
from retail.outfits import queries as outfits
from retail.outfits.queries import OutfitView
from retail.outfits.visibility import LIKEABLE_BY_ALL, PUBLIC_OUTFIT
from retail.social import scores
from retail.social.models import LikeDelta, LikeTotal, OutfitLike, SpentLike
from retail.social.rules import ARRANGED, FreshLike, LikeCount

_TRENDING_LIKES = 5_000
_TRENDING_SPAN = timedelta(days=14)


def counted(outfit_id: Any) -> ColumnElement[int]:
    """The likes of an outfit at any moment: the folded ones and those since."""
    folded = select(LikeTotal.likes).where(LikeTotal.outfit_id == outfit_id).scalar_subquery()
    since = select(func.sum(LikeDelta.delta)).where(LikeDelta.outfit_id == outfit_id)
    return func.coalesce(folded, 0) + func.coalesce(since.scalar_subquery(), 0)


# The likes of what everyone could see, with what became of each; for other rooms to build on.
LIKES = select(
    OutfitLike.outfit_id,
    OutfitLike.member_id,
    OutfitLike.brand_id,
    OutfitLike.stylist_id,
    OutfitLike.counted_at,
    OutfitLike.verdict,
    OutfitLike.case_id,
    OutfitLike.store_id,
).where(OutfitLike.is_public.is_(True))
# Who likes which outfit, whoever may see it; for other rooms to build on.
LIKED = select(OutfitLike.member_id, OutfitLike.outfit_id)
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


def miscounted(session: Session, *, newest: int) -> tuple[list[str], int]:
    """The looks whose count of likes is not that of the rows, and how many were looked at.

    Looks at as many as `newest`, those first that were laid out last.
    """
    looked = select(LikeTotal.outfit_id).order_by(LikeTotal.outfit_id.desc()).limit(newest)
    some = looked.subquery()
    rows = select(func.count()).where(OutfitLike.outfit_id == some.c.outfit_id)
    wrong = select(some.c.outfit_id).where(
        counted(some.c.outfit_id) != rows.select_from(OutfitLike).scalar_subquery()
    )
    size = session.scalar(select(func.count()).select_from(some)) or 0
    return list(session.scalars(wrong)), size


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


def is_standing(outfit_id: Any, member_id: Any) -> ColumnElement[bool]:
    """`has_liked` as a condition on other rooms' columns, for their selects."""
    return exists().where(OutfitLike.outfit_id == outfit_id, OutfitLike.member_id == member_id)


def liked_among(session: Session, outfit_ids: Iterable[str], member_id: str) -> set[str]:
    """Those of the outfits that the member likes."""
    return set(
        session.scalars(
            select(OutfitLike.outfit_id).where(
                OutfitLike.member_id == member_id, OutfitLike.outfit_id.in_(list(outfit_ids))
            )
        )
    )


# Who likes an outfit and since when; for other rooms to build on.
LIKERS = select(OutfitLike.member_id, OutfitLike.counted_at).where(
    OutfitLike.outfit_id == bindparam("outfit_id")
)


def likers(session: Session, outfit_id: str, *, since: datetime, until: datetime) -> list[str]:
    """The members whose likes of an outfit stand and counted in [since, until), newest first."""
    statement = (
        select(OutfitLike.member_id)
        .where(
            OutfitLike.outfit_id == outfit_id,
            OutfitLike.counted_at >= since,
            OutfitLike.counted_at < until,
        )
        .order_by(OutfitLike.counted_at.desc(), OutfitLike.member_id)
    )
    return list(session.scalars(statement))


def waiting_likes(session: Session, brand_id: str) -> list[FreshLike]:
    """The looks with likes that wait to be folded, by when these counted."""
    rows = session.execute(
        select(LikeDelta.outfit_id, LikeDelta.stylist_id, LikeDelta.counted_at)
        .where(LikeDelta.brand_id == brand_id, LikeDelta.delta > 0)
        .distinct()
    )
    return [FreshLike(*row) for row in rows]


_public = PUBLIC_OUTFIT.subquery()
# What the page of a public outfit depends on, stock and names apart: none for any other outfit.
PAGE_STAMP = Glance(
    select(
        _public.c.id,
        _public.c.version,
        counted(_public.c.id).label("likes"),
        brands.epoch_of(_public.c.brand_id).label("epoch"),
    )
)


def export(session: Session, member_id: str) -> dict[str, Any]:
    """The likes that a member gave, and how many each of their looks got, for themselves."""
    given, spent = (
        session.execute(
            select(model.outfit_id, model.counted_at)
            .where(model.member_id == member_id)
            .order_by(model.counted_at, model.outfit_id)
        )
        for model in (OutfitLike, SpentLike)
    )
    received = session.execute(
        select(OutfitLike.outfit_id, func.count())
        .where(OutfitLike.stylist_id == member_id)
        .group_by(OutfitLike.outfit_id)
        .order_by(OutfitLike.outfit_id)
    )
    return {
        "given": [dict(row._mapping) for row in given],
        "taken_back": [dict(row._mapping) for row in spent],
        "received": [{"outfit_id": outfit_id, "likes": likes} for outfit_id, likes in received],
    }


def likes_around(session: Session, member_id: str, *, at_most: int) -> int:
    """How many likes a member gave and got, counted no further than asked."""
    around = (OutfitLike.member_id == member_id, OutfitLike.stylist_id == member_id)
    return sum(
        session.scalar(select(func.count()).select_from(rows.subquery())) or 0
        for rows in (select(OutfitLike.outfit_id).where(side).limit(at_most) for side in around)
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
            *scores.within(brand_id, store_id, now - _TRENDING_SPAN, now + _TRENDING_SPAN),
            # What is held back gives a look no place on a wall either.
            OutfitLike.verdict.not_in(ARRANGED),
        )
        .order_by(OutfitLike.counted_at.desc())
        .limit(_TRENDING_LIKES)
    )
    return [(outfit_id, at) for outfit_id, at in session.execute(statement)]


def new_like(
    closed_end_after: Callable[[Any, Any], ColumnElement[datetime]],
) -> Select[*tuple[Any, ...]]:
    """The row that a like would be: none for one's own and for what not everyone may see."""
    outfit = LIKEABLE_BY_ALL.subquery()
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
