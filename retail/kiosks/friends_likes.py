"""What friends of somebody at a kiosk like: looks that everyone can see, and goods.

Others read along, so a friend is named who agreed to that at kiosks; who agreed to be seen by
friends elsewhere is counted with others, and of who agreed to neither no like is read.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from retail.accounts import queries as accounts
from retail.catalogue import queries as catalogue
from retail.catalogue.queries import VariantView
from retail.consent import queries as consent
from retail.consent.at_kiosks import KIOSK_LIKES
from retail.consent.rules import LIKES_TO_FRIENDS, PRODUCT_LIKES_TO_FRIENDS
from retail.friends.queries import FRIENDS_OF_VIEWER
from retail.outfits import queries as outfits
from retail.outfits.queries import OutfitView
from retail.outfits.visibility import everyone_sees
from retail.product_likes.among_friends import FriendsHere, named_or_counted
from retail.product_likes.queries import LIKED_STYLES
from retail.social.queries import LIKED

# So many likes are looked at, those of the newest looks and the last of goods.
_LOOKED_AT = 200

_friend = accounts.NAMES.subquery("friend")
_is_named = consent.agrees(_friend.c.id, KIOSK_LIKES, "everyone", "screen")
_who = (_friend.c.id, _friend.c.display_name, _is_named)
_look_like = LIKED.subquery("look_like")
_LOOKS = (
    select(_look_like.c.outfit_id, *_who)
    .join(_look_like, _look_like.c.member_id == _friend.c.id)
    .where(
        _friend.c.id.in_(FRIENDS_OF_VIEWER),
        _is_named | consent.agrees(_friend.c.id, LIKES_TO_FRIENDS),
        everyone_sees(_look_like.c.outfit_id),
    )
    .order_by(_look_like.c.outfit_id.desc(), _friend.c.display_name, _friend.c.id)
    .limit(_LOOKED_AT)
)
_goods_like = LIKED_STYLES.subquery("goods_like")
_goods = catalogue.GOODS.subquery("goods")
_STYLES = (
    select(_goods_like.c.style_id, *_who)
    .join(_goods_like, _goods_like.c.member_id == _friend.c.id)
    .where(
        _friend.c.id.in_(FRIENDS_OF_VIEWER),
        _is_named | consent.agrees(_friend.c.id, PRODUCT_LIKES_TO_FRIENDS),
        exists().where(
            _goods.c.style_id == _goods_like.c.style_id, _goods.c.is_never_shareable.is_(False)
        ),
    )
    .order_by(_goods_like.c.liked_at.desc(), _friend.c.display_name, _friend.c.id)
    .limit(_LOOKED_AT)
)


@dataclass(frozen=True)
class LookLiked:
    """A look that everyone can see, and the friends who like it."""

    look: OutfitView
    friends: FriendsHere


@dataclass(frozen=True)
class GoodsLiked:
    """Goods in one of their colours, and the friends who like them."""

    variant: VariantView
    friends: FriendsHere


def looks_liked(session: Session, viewer_id: str, *, limit: int) -> list[LookLiked]:
    """Looks that most friends of a viewer like, the newest first among those."""
    found = _most_liked(session.execute(_LOOKS, {"viewer": viewer_id}).all(), limit)
    # Asked as a stranger: whoever passes by sees it, too.
    looks = outfits.visible_outfits(session, list(found))
    return [LookLiked(looks[one], friends) for one, friends in found.items() if one in looks]


def goods_liked(session: Session, viewer_id: str, *, brand_id: str, limit: int) -> list[GoodsLiked]:
    """Goods of a brand that most friends of a viewer like, the last liked first among those."""
    found = _most_liked(session.execute(_STYLES, {"viewer": viewer_id}).all(), limit)
    every = {style: catalogue.variants_of(session, brand_id, style) for style in found}
    return [GoodsLiked(every[one][0], friends) for one, friends in found.items() if every[one]]


def _most_liked(rows: Iterable[Sequence[Any]], limit: int) -> dict[str, FriendsHere]:
    by_thing: dict[str, list[tuple[str, str, bool]]] = defaultdict(list)
    for thing, member_id, name, is_named in rows:
        by_thing[thing].append((member_id, name, is_named))
    told = {thing: named_or_counted(people) for thing, people in by_thing.items()}
    best = sorted(told, key=lambda one: -told[one].total)[:limit]
    return {one: told[one] for one in best if told[one].total}
