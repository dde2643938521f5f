"""What friends like and put together, as far as offers to others may follow from it.

A like counts for offers only where who gave it agreed to that beside standing on offers, and only
of looks that everyone may see: what somebody sees among friends stays there. Likes that look
arranged say nothing.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from retail.catalogue import queries as catalogue
from retail.consent import queries as consent
from retail.consent.rules import LIKE_OFFERS
from retail.offers.rules import CHANNELS, Channel, Had
from retail.outfits import queries as outfits
from retail.social import queries as social

_SET_ASIDE = ("held", "removed")

_like = social.LIKES.subquery("given_like")
_shown = outfits.PUBLIC_PIECES.subquery("on_look")
_goods = catalogue.GOODS.subquery("liked_goods")
_LIKED: Select[*tuple[Any, ...]] = (
    select(_like.c.member_id, _goods.c.style_id, _like.c.counted_at)
    .join(_shown, _shown.c.outfit_id == _like.c.outfit_id)
    .join(_goods, _goods.c.id == _shown.c.variant_id)
    .where(_like.c.verdict.not_in(_SET_ASIDE), _goods.c.is_never_shareable.is_(False))
    .order_by(_like.c.counted_at, _goods.c.style_id)
)


def likes_of(
    session: Session, brand_id: str, member_ids: Iterable[str]
) -> dict[str, tuple[Had, ...]]:
    """The styles on looks that each of these likes, of those who agreed on any channel."""
    found = defaultdict(list)
    for member_id, style_id, at in session.execute(
        _liked_by(brand_id, agreed(session, member_ids))
    ):
        found[member_id].append(Had(member_id, style_id, at, "like"))
    return {member_id: tuple(likes) for member_id, likes in found.items()}


def likes(session: Session, brand_id: str, member_id: str, style_id: str) -> bool:
    """Whether somebody who agreed on any channel likes a look with this style now."""
    mine = _liked_by(brand_id, agreed(session, [member_id]))
    return session.execute(mine.where(_goods.c.style_id == style_id).limit(1)).first() is not None


def put_together(session: Session, brand_id: str, member_id: str, styles: tuple[str, str]) -> bool:
    """Whether a look of somebody, which everyone may see now, shows both styles."""
    pieces = outfits.PUBLIC_PIECES_OF.subquery("own_look")
    rows = session.execute(
        select(pieces.c.outfit_id, _goods.c.style_id)
        .join(_goods, _goods.c.id == pieces.c.variant_id)
        .where(
            pieces.c.member_id == member_id,
            pieces.c.brand_id == brand_id,
            _goods.c.style_id.in_(styles),
            _goods.c.is_never_shareable.is_(False),
        )
    )
    looks = defaultdict(set)
    for outfit_id, style_id in rows:
        looks[outfit_id].add(style_id)
    return set(styles) in looks.values()


def agreed(session: Session, member_ids: Iterable[str], *on: Channel) -> set[str]:
    """Who of these agreed that their likes stand on offers: on one of these channels, or on any."""
    return consent.consenting_on_any(session, member_ids, LIKE_OFFERS, on or CHANNELS)


def _liked_by(brand_id: str, member_ids: Iterable[str]) -> Select[*tuple[Any, ...]]:
    return _LIKED.where(
        _like.c.brand_id == brand_id,
        _shown.c.brand_id == brand_id,
        _like.c.member_id.in_(sorted(member_ids)),
    )
