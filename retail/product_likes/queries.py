"""Reads of likes of goods: one's own, and how many people like each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from retail.catalogue import queries as catalogue
from retail.crowds.queries import told
from retail.product_likes.models import ProductLike, ProductLikeCount
from retail.product_likes.rules import MOST_LISTED


@dataclass(frozen=True)
class ProductLikes:
    """How many people like the product with a GTIN, in all its colours and sizes, or a look with
    it that everyone sees: at least so many.

    0 stands for fewer than ten, and for goods that are never shared. `counted_at` is null where
    there is no number to tell.
    """

    gtin: str
    likes: int
    counted_at: datetime | None


# Who likes which style; for other rooms to build on.
LIKED_STYLES = select(ProductLike.member_id, ProductLike.style_id, ProductLike.liked_at)
# How many like each style, to be told with `crowds.told`; likewise.
COUNTS: Select[*tuple[Any, ...]] = select(
    ProductLikeCount.style_id, ProductLikeCount.likes, ProductLikeCount.counted_at
)
_goods = catalogue.GOODS.subquery("told_goods")
_COUNTED = (
    select(_goods.c.gtin, ProductLikeCount.likes, ProductLikeCount.counted_at)
    .outerjoin(
        ProductLikeCount,
        (ProductLikeCount.style_id == _goods.c.style_id) & _goods.c.is_never_shareable.is_(False),
    )
    .where(
        _goods.c.brand_id == bindparam("brand_id"),
        _goods.c.gtin.in_(bindparam("gtins", expanding=True)),
    )
    .order_by(_goods.c.gtin)
)


def has_liked(session: Session, style_id: str, member_id: str) -> bool:
    """Whether the member likes the style."""
    return session.get(ProductLike, (style_id, member_id)) is not None


def likes_of(
    session: Session, brand_id: str, gtins: Iterable[str], *, now: datetime
) -> list[ProductLikes]:
    """How many like each of these products of a brand, by GTIN; what it does not sell is left out.

    Counts are of the last hour, or not told.
    """
    rows = session.execute(_COUNTED, {"brand_id": brand_id, "gtins": sorted(set(gtins))})
    found = []
    for gtin, likes, counted_at in rows:
        number = told(likes, counted_at, now)
        found.append(ProductLikes(gtin, number, counted_at if number else None))
    return found


def liked_by(session: Session, member_id: str, *, brand_id: str) -> list[str]:
    """The GTINs of what a member likes, one for each style, the last liked first."""
    first = func.min(_goods.c.gtin)
    rows = session.scalars(
        select(first)
        .join(ProductLike, ProductLike.style_id == _goods.c.style_id)
        .where(
            ProductLike.member_id == member_id,
            _goods.c.brand_id == brand_id,
            _goods.c.gtin.is_not(None),
        )
        .group_by(ProductLike.style_id, ProductLike.liked_at)
        .order_by(ProductLike.liked_at.desc(), ProductLike.style_id)
        .limit(MOST_LISTED)
    )
    return list(rows)


def export(session: Session, member_id: str) -> list[dict[str, Any]]:
    """Every style that a member likes, for themselves."""
    rows = session.execute(
        select(ProductLike.style_id, ProductLike.liked_at)
        .where(ProductLike.member_id == member_id)
        .order_by(ProductLike.liked_at, ProductLike.style_id)
    )
    return [dict(row._mapping) for row in rows]
