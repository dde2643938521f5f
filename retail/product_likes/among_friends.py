"""Which friends like a product, as far as each agreed to be told of in that place.

A room's screen tells of friends who like the product or a look with it; a phone's page of the
product tells of those who like the product, since that is what they agreed to there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, exists, func, literal, select, union_all
from sqlalchemy.orm import Session

from retail.accounts import queries as accounts
from retail.accounts import rules as people
from retail.catalogue import queries as catalogue
from retail.consent import queries as consent
from retail.consent.rules import LIKES_ON_SCREEN, LIKES_TO_FRIENDS, PRODUCT_LIKES_TO_FRIENDS
from retail.friends import queries as friends
from retail.friends.queries import SHOWN_FRIENDS, FriendsWhoLike
from retail.outfits.queries import VISIBLE_PIECES
from retail.product_likes.models import ProductLike
from retail.social.queries import LIKED

# Of fewer friends than these who are not named, nothing is said: one would be somebody.
LEAST_UNNAMED = 2

_friend = accounts.NAMES.subquery("friend")
_ON_PAGE: Select[*tuple[Any, ...]] = (
    select(_friend.c.id, _friend.c.display_name, func.count().over())
    .join(ProductLike, ProductLike.member_id == _friend.c.id)
    .where(
        ProductLike.style_id == bindparam("style_id"),
        friends.are_friends(bindparam("viewer"), ProductLike.member_id),
        consent.agrees(ProductLike.member_id, PRODUCT_LIKES_TO_FRIENDS),
    )
    .order_by(ProductLike.liked_at.desc(), ProductLike.member_id)
    .limit(SHOWN_FRIENDS)
)
_like = LIKED.subquery("given")
_piece = VISIBLE_PIECES.subquery("seen")
_goods = catalogue.GOODS.subquery("liked")
_OF_STYLE = (_goods.c.style_id == bindparam("style_id"), _goods.c.is_never_shareable.is_(False))
_is_named = consent.agrees(_friend.c.id, LIKES_ON_SCREEN, "friends", "screen")
# Friends who agreed to nothing are left out before any like is read. What they agreed to on
# screens is of looks alone, so a like of the product itself gives them no name there.
_ON_SCREEN = union_all(
    select(_friend.c.id, _friend.c.display_name, _is_named.label("is_named"))
    .join(_like, _like.c.member_id == _friend.c.id)
    .join(_piece, _piece.c.outfit_id == _like.c.outfit_id)
    .join(_goods, _goods.c.id == _piece.c.variant_id)
    .where(
        _friend.c.id.in_(friends.FRIENDS_OF_VIEWER),
        _is_named | consent.agrees(_friend.c.id, LIKES_TO_FRIENDS),
        *_OF_STYLE,
    ),
    select(_friend.c.id, _friend.c.display_name, literal(False).label("is_named"))
    .join(ProductLike, ProductLike.member_id == _friend.c.id)
    .where(
        ProductLike.style_id == bindparam("style_id"),
        _friend.c.id.in_(friends.FRIENDS_OF_VIEWER),
        consent.agrees(_friend.c.id, PRODUCT_LIKES_TO_FRIENDS),
        exists().where(*_OF_STYLE),
    ),
)


@dataclass(frozen=True)
class NamedFriend:
    """A friend who agreed to be named on such a screen, by first name."""

    first_name: str
    initials: str
    avatar: int


@dataclass(frozen=True)
class FriendsHere:
    """Friends who like a product: those who agreed to a name here, and how many more agreed to be
    seen by friends elsewhere. Whoever agreed to neither is in neither."""

    named: tuple[NamedFriend, ...] = ()
    others: int = 0

    @property
    def total(self) -> int:
        """Those named and those not."""
        return len(self.named) + self.others


def on_page(session: Session, style_id: str, viewer_id: str) -> FriendsWhoLike:
    """Which friends of the viewer like a style and agreed that friends may know it."""
    rows = session.execute(_ON_PAGE, {"style_id": style_id, "viewer": viewer_id})
    return friends.friends_who_like(list(rows))


def on_screen(session: Session, style_id: str, *, viewer_id: str) -> FriendsHere:
    """Which friends of a viewer like a style, or a look with it that both can see."""
    rows = session.execute(_ON_SCREEN, {"style_id": style_id, "viewer": viewer_id})
    found: dict[str, tuple[str, bool]] = {}
    for member_id, name, is_named in rows:
        found[member_id] = (name, is_named or found.get(member_id, (name, False))[1])
    by_name = sorted(found.items(), key=lambda one: (one[1][0], one[0]))
    return named_or_counted((member_id, *told) for member_id, told in by_name)


def named_or_counted(friends: Iterable[tuple[str, str, bool]]) -> FriendsHere:
    """Friends as a screen tells of them, by their ids and names, and whether they may be named."""
    named, others = [], 0
    for member_id, display_name, is_named in friends:
        if is_named:
            first = people.public_name(display_name).split(" ")[0]
            told = (first, people.initials(display_name), people.avatar(member_id))
            named.append(NamedFriend(*told))
        else:
            others += 1
    return FriendsHere(tuple(named), others if others >= LEAST_UNNAMED else 0)
