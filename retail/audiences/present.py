"""Which looks a store's screen shows by what the members who checked in there like.

What comes out is an order of looks that everyone may see anyway, and nothing of anybody. It is
asked at each look: nothing of who was there is kept.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, select, union
from sqlalchemy.orm import Session

from retail.audiences.queries import counted_to
from retail.audiences.rules import Taste, lean, settled_at, whole_crowds
from retail.brands.queries import StoreView
from retail.catalogue import queries as catalogue
from retail.consent import queries as consent
from retail.consent.in_stores import SCREENS_CHOOSE
from retail.crowds.rules import LEAST_CROWD, round_down
from retail.outfits.queries import PUBLIC_PIECES, OutfitView
from retail.product_likes.queries import LIKED_STYLES
from retail.social import queries as social
from retail.social.queries import LIKES
from retail.social.rules import ARRANGED
from retail.visits.queries import CHECK_INS
from retail.visits.rules import day_of

# Among so many times as many looks as fit, those that move most, a screen chooses.
AMONG = 3

_came = CHECK_INS.subquery("came")
# Whoever did not agree is not read. Agreeing while one is there would move everybody who came
# after into another ten; it counts from the next check-in on.
_AGREED_AND_CAME: Select[*tuple[Any, ...]] = (
    select(_came.c.member_id, _came.c.checked_in_at)
    .where(
        _came.c.store_id == bindparam("store_id"),
        _came.c.visited_on == bindparam("day"),
        consent.agrees(
            _came.c.member_id, SCREENS_CHOOSE, "everyone", "screen", by=_came.c.checked_in_at
        ),
    )
    .order_by(_came.c.checked_in_at, _came.c.id)
)
_goods = catalogue.GOODS.subquery("goods")
_product = LIKED_STYLES.subquery("product_like")
_look = LIKES.subquery("look_like")
_hung = PUBLIC_PIECES.subquery("hung")
_ids: Any = bindparam("member_ids", expanding=True)
# Who of them likes a style, or a look with it that everyone sees, each once.
_liked = union(
    select(_product.c.member_id, _product.c.style_id).where(
        _product.c.member_id.in_(_ids), _product.c.liked_at < bindparam("until")
    ),
    select(_look.c.member_id, _goods.c.style_id)
    .join(_hung, _hung.c.outfit_id == _look.c.outfit_id)
    .join(_goods, _goods.c.id == _hung.c.variant_id)
    .where(
        _look.c.member_id.in_(_ids),
        _look.c.counted_at < bindparam("until"),
        _look.c.verdict.not_in(ARRANGED),
    ),
).subquery("liked")
_style = catalogue.STYLES.subquery("style_liked")
_people = func.count(_liked.c.member_id.distinct())


def _by(what: Any) -> Select[*tuple[Any, ...]]:
    """How many of them like each of something of styles; few, and what is private, left out."""
    return (
        select(what, _people)
        .join(_liked, _liked.c.style_id == _style.c.id)
        .where(_style.c.is_never_shareable.is_(False))
        .group_by(what)
        .having(_people >= LEAST_CROWD)
    )


_BY_STYLE, _BY_KIND = _by(_style.c.id), _by(_style.c.category_code)


def choose_looks(
    session: Session, store: StoreView, *, now: datetime, limit: int
) -> list[OutfitView] | None:
    """The looks of a store that move most, those first that a crowd there likes.

    None where no crowd is there, or it likes none of them: a screen then shows what it always does.
    """
    taste = _taste_here(session, store, now)
    if taste is None:
        return None
    looks = social.trending(
        session, store.brand_id, store_id=store.id, now=now, limit=limit * AMONG
    )
    shown = [(look, [piece for piece in look.pieces if piece.is_shown]) for look in looks]
    ids = {piece.variant_id for _, pieces in shown for piece in pieces}
    known = catalogue.get_variants(session, store.brand_id, ids).values()
    kinds = {variant.style_id: variant.category_code for variant in known}
    chosen = lean(
        [(look, [piece.style_id for piece in pieces]) for look, pieces in shown], kinds, taste
    )
    return None if chosen is None else chosen[:limit]


def _taste_here(session: Session, store: StoreView, now: datetime) -> Taste | None:
    """What who is there likes, by likes to the last midnight; None where no crowd is there.

    A like that they give on the way, or that they take up in front of the screen, moves nothing.
    """
    day = {"store_id": store.id, "day": day_of(now, store.zone)}
    came = [(who, at) for who, at in session.execute(_AGREED_AND_CAME, day)]
    crowd = whole_crowds(came, settled_at(now))
    if not crowd:
        return None
    given = {"member_ids": crowd, "until": counted_to(store, now)}
    styles, kinds = (
        {what: round_down(people) for what, people in session.execute(by, given)}
        for by in (_BY_STYLE, _BY_KIND)
    )
    return Taste(styles, kinds)
