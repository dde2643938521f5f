"""Reads of what scores: of the likes of what everyone could see, those that met the rules."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from retail.social.models import LikeDelta, OutfitLike
from retail.social.rules import SCORING, OwnerScore, Tally


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
    where = [
        OutfitLike.brand_id == brand_id,
        OutfitLike.stylist_id == stylist_id,
        OutfitLike.is_public.is_(True),
    ]
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


def _owner(tally: Tally) -> InstrumentedAttribute[str]:
    return OutfitLike.outfit_id if tally.by == "outfit" else OutfitLike.stylist_id


def _scoring(tally: Tally) -> list[ColumnElement[bool]]:
    span = within(tally.brand_id, tally.store_id, tally.starts_at, tally.ends_at)
    return [*span, OutfitLike.verdict.in_(SCORING)]


def within(
    brand_id: str, store_id: str | None, starts_at: datetime, ends_at: datetime
) -> list[ColumnElement[bool]]:
    """The likes in [starts_at, ends_at) of what everyone could see, in a store or all."""
    where = [
        OutfitLike.brand_id == brand_id,
        OutfitLike.counted_at >= starts_at,
        OutfitLike.counted_at < ends_at,
        OutfitLike.is_public.is_(True),
    ]
    return [*where, OutfitLike.store_id == store_id] if store_id else where
