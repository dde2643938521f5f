"""Writes of likes of goods, and their counting for a whole brand at once."""

import random
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from sqlalchemy import Select, bindparam, delete, exists, func, insert, select, union
from sqlalchemy.orm import Session

from core.sql import close_gate, insert_ignore
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.catalogue import queries as catalogue
from retail.catalogue import shelf
from retail.catalogue.digital_link import gtin_in, piece_not_found
from retail.catalogue.queries import VariantView
from retail.crowds.rules import LEAST_CROWD, round_down
from retail.outfits.queries import PUBLIC_PIECES
from retail.product_likes import rules
from retail.product_likes.models import ProductLike, ProductLikeCount
from retail.product_likes.rules import LikedState
from retail.social.queries import LIKES
from retail.social.rules import ARRANGED

EVERY = timedelta(minutes=15)
_draw = random.SystemRandom().random

_goods = catalogue.GOODS.subquery("liked_goods")
_hung = PUBLIC_PIECES.subquery("hung")
_given = LIKES.subquery("given")
# Those who like a product and those who like a look with it, each person once. What looks
# arranged is no person who likes it.
_LIKED = union(
    select(ProductLike.style_id, ProductLike.member_id).where(
        ProductLike.brand_id == bindparam("brand_id"), ProductLike.counts_from <= bindparam("now")
    ),
    select(_goods.c.style_id, _given.c.member_id)
    .join(_hung, _hung.c.variant_id == _goods.c.id)
    .join(_given, _given.c.outfit_id == _hung.c.outfit_id)
    .where(_goods.c.brand_id == bindparam("brand_id"), _given.c.verdict.not_in(ARRANGED)),
).subquery("people")
_people = func.count()
_COUNTS: Select[*tuple[Any, ...]] = (
    select(_LIKED.c.style_id, _people)
    .where(
        exists().where(
            _goods.c.style_id == _LIKED.c.style_id, _goods.c.is_never_shareable.is_(False)
        )
    )
    .group_by(_LIKED.c.style_id)
    .having(_people >= LEAST_CROWD)
)


def like(session: Session, gtin: str, *, member: MemberView, now: datetime) -> LikedState:
    """Like a product once, by the number on a label; the first time is kept.

    Raises NotFound for what the member's brand does not sell, Invalid for what is never shared.
    """
    piece = _piece(session, gtin, member)
    rules.check_shareable(is_never_shareable=piece.is_never_shareable)
    insert_ignore(
        session,
        ProductLike,
        style_id=piece.style_id,
        member_id=member.id,
        brand_id=member.brand_id,
        liked_at=now,
        counts_from=rules.joins_at(now, _draw()),
    )
    return LikedState(gtin_in(gtin), is_liked=True)


def unlike(session: Session, gtin: str, *, member: MemberView) -> LikedState:
    """Take a like back; without one nothing changes. Raises NotFound as `like`."""
    piece = _piece(session, gtin, member)
    mine = (ProductLike.style_id == piece.style_id, ProductLike.member_id == member.id)
    session.execute(delete(ProductLike).where(*mine))
    return LikedState(gtin_in(gtin), is_liked=False)


def count_all(session: Session, now: datetime) -> None:
    """Count the likes of every brand whose last count is `EVERY` ago; one worker does it."""
    for brand in brands.list_brands(session):
        close_gate(session, crc32(f"product_likes:{brand.id}".encode()))
        newest = select(func.max(ProductLikeCount.counted_at))
        counted_at = session.scalar(newest.where(ProductLikeCount.brand_id == brand.id))
        if counted_at is None or counted_at <= now - EVERY:
            count(session, brand.id, now=now)


def count(session: Session, brand_id: str, *, now: datetime) -> None:
    """Count anew who likes what of a brand, by likes that joined by now; no older count is left."""
    found = session.execute(_COUNTS, {"brand_id": brand_id, "now": now}).all()
    session.execute(delete(ProductLikeCount).where(ProductLikeCount.brand_id == brand_id))
    told = {"brand_id": brand_id, "counted_at": now}
    rows = [{"style_id": style, "likes": round_down(likes), **told} for style, likes in found]
    if rows:
        session.execute(insert(ProductLikeCount), rows)


def erase(session: Session, member_id: str) -> None:
    """Delete a member's likes of goods; the counts follow with the next."""
    session.execute(delete(ProductLike).where(ProductLike.member_id == member_id))


def _piece(session: Session, gtin: str, member: MemberView) -> VariantView:
    piece = shelf.sold_as(session, gtin_in(gtin), [member.brand_id]).get(member.brand_id)
    if piece is None:
        raise piece_not_found()
    return piece
