"""Reads of the page of one look: a few statements, each compiled once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select

from core.glance import Ask, Glance, instant
from retail.accounts import queries as accounts
from retail.accounts import rules as people
from retail.brands import queries as brands
from retail.brands.queries import BrandView, StoreView
from retail.catalogue import queries as catalogue
from retail.catalogue.queries import SizeHere, VariantView
from retail.consent import queries as consent
from retail.consent.rules import LIKES_TO_FRIENDS
from retail.crowds import queries as crowds
from retail.friends import queries as friends
from retail.friends.queries import SHOWN_FRIENDS, FriendsWhoLike
from retail.outfits import queries as outfits
from retail.outfits.queries import OutfitView, PiecePlace
from retail.social import queries as social

# Up to here each like is asked whether a friend gave it, beyond it each friend whether they like.
_HOT = 1_000
_MOST_KEPT = 256
_kept_stores: dict[tuple[str, int], tuple[StoreView, ...]] = {}


@dataclass(frozen=True)
class LookPage:
    """A look, its likes, its brand with all stores, and what one of these has of its pieces.

    `sizes` has the sizes that `store` ever counted, by the variant of a piece, `crowds` how many
    bought its style, by style and rounded down; `stamp` is what `social.PAGE_STAMP` saw when
    reading began.
    """

    outfit: OutfitView
    likes: int
    stamp: tuple[Any, ...]
    brand: BrandView
    stores: Sequence[StoreView]
    store: StoreView | None
    sizes: Mapping[str, Sequence[SizeHere]]
    crowds: Mapping[str, int]


_outfit = outfits.VISIBLE_OUTFIT.subquery("look")
_name = accounts.NAMES.subquery("stylist")
_brand = brands.BRANDS.subquery("house")
_store = brands.STORES.subquery("bought_at")
# What the page of a look asks first: the look with its likes, if its viewer may see it.
LOOK = (
    select(
        social.counted(_outfit.c.id),
        brands.epoch_of(_outfit.c.brand_id),
        *_brand.c,
        _store.c.name,
        _name.c.display_name,
        *_outfit.c,
    )
    .select_from(_outfit)
    .join(_name, _name.c.id == _outfit.c.member_id)
    .join(_brand, _brand.c.id == _outfit.c.brand_id)
    .join(_store, _store.c.id == _outfit.c.store_id)
)
_LOOK = Glance(LOOK)
_BRAND_COLUMNS = len(_brand.c)
_OUTFIT_NAMES = tuple(_outfit.c.keys())

_piece = outfits.SHOWN_PIECES.subquery("laid")
_goods = catalogue.GOODS.where(catalogue.GOODS.selected_columns.brand_id == bindparam("brand_id"))
_variant = _goods.subquery("goods")
_crowd = crowds.COUNTED.subquery("crowd")
_PIECES = Glance(
    select(
        _crowd.c.people,
        _crowd.c.counted_at,
        *_piece.c,
        *[column for column in _variant.c if column.key != "brand_id"],
    )
    .join(_variant, _variant.c.id == _piece.c.variant_id)
    .outerjoin(_crowd, _crowd.c.style_id == _variant.c.style_id)
    .order_by(_piece.c.depth, _piece.c.id)
)
_PLACE_COLUMNS = len(_piece.c)

_all_stores = brands.STORES.subquery("stores")
_STORES = Glance(
    select(_all_stores)
    .where(_all_stores.c.brand_id == bindparam("brand_id"))
    .order_by(_all_stores.c.name, _all_stores.c.id)
)
_ARE_APART = Glance(select(friends.are_apart(bindparam("owner"), bindparam("viewer"))))
_liker = social.LIKERS.subquery("liker")
_friend = accounts.NAMES.subquery("friend")


def _friends_who_like(is_friend: ColumnElement[bool]) -> Glance:
    return Glance(
        select(_friend.c.id, _friend.c.display_name, func.count().over())
        .join(_liker, _liker.c.member_id == _friend.c.id)
        .where(is_friend, consent.agrees(_liker.c.member_id, LIKES_TO_FRIENDS))
        .order_by(_liker.c.counted_at.desc(), _liker.c.member_id)
        .limit(SHOWN_FRIENDS)
    )


_BY_LIKE = _friends_who_like(friends.are_friends(bindparam("viewer"), _liker.c.member_id))
_BY_FRIEND = _friends_who_like(_liker.c.member_id.in_(friends.FRIENDS_OF_VIEWER))
_SIZES = Glance(catalogue.sizes_of(select(_piece.c.variant_id)))


def get_look_page(
    ask: Ask, outfit_id: str, *, viewer_id: str | None, store_slug: str | None, now: datetime
) -> LookPage:
    """All that the page of a look shows to a viewer; None is a stranger.

    The stock is that of the store asked for, else of the first by name: never of the one where
    the look was bought, which is nobody's business. Raises NotFound as `outfits.get_visible`.
    """
    found = ask(_LOOK, outfit_id=outfit_id, viewer=viewer_id or "")
    if not found:
        raise outfits.outfit_not_found()
    likes, epoch, *row = found[0]
    brand = BrandView(*row[:_BRAND_COLUMNS])
    pieces = ask(_PIECES, outfit_id=outfit_id, brand_id=brand.id)
    outfit = _outfit_view(row[_BRAND_COLUMNS:], [piece[2:] for piece in pieces], viewer_id)
    bought = {
        laid.style_id: crowds.told(piece[0], piece[1], now)
        for laid, piece in zip(outfit.pieces, pieces, strict=True)
    }
    stamp = (outfit.id, outfit.version, likes, epoch)
    stores = _stores(ask, brand.id, epoch)
    store = next((store for store in stores if store.slug == store_slug), next(iter(stores), None))
    here = {"outfit_id": outfit_id, "now": instant(now)}
    rows = ask(_SIZES, store_id=store.id, **here) if store else []
    sizes = catalogue.sizes_here(rows, now=now)
    return LookPage(outfit, int(likes), stamp, brand, stores, store, sizes, bought)


def are_apart(ask: Ask, outfit: OutfitView, viewer_id: str) -> bool:
    """Whether owner or viewer blocked the other, so that the viewer sees what a stranger sees."""
    return bool(ask(_ARE_APART, owner=outfit.member_id, viewer=viewer_id)[0][0])


def friends_who_like(ask: Ask, outfit_id: str, likes: int, viewer_id: str) -> FriendsWhoLike:
    """Which friends of the viewer like a look with so many likes, in one statement.

    It takes as long with ten friends as with thousands, and as long with a thousand likes as with
    a million.
    """
    by = _BY_FRIEND if likes > _HOT else _BY_LIKE
    rows = ask(by, outfit_id=outfit_id, viewer=viewer_id)
    return friends.friends_who_like(rows)


def _stores(ask: Ask, brand_id: str, epoch: int) -> tuple[StoreView, ...]:
    """A brand's stores, read once for each of its epochs: they hardly ever change."""
    stores = _kept_stores.get((brand_id, epoch))
    if stores is None:
        if len(_kept_stores) >= _MOST_KEPT:
            _kept_stores.clear()
        stores = tuple(StoreView(*row) for row in ask(_STORES, brand_id=brand_id))
        _kept_stores[brand_id, epoch] = stores
    return stores


def _outfit_view(
    row: Sequence[Any], pieces: Sequence[Sequence[Any]], viewer_id: str | None
) -> OutfitView:
    store_name, display_name, *values = row
    outfit = dict(zip(_OUTFIT_NAMES, values, strict=True))
    return OutfitView(
        store_name=store_name,
        stylist_name=people.public_name(display_name),
        stylist_initials=people.initials(display_name),
        avatar=people.avatar(outfit["member_id"]),
        pieces=tuple(
            outfits.piece_view(
                PiecePlace(*piece[:_PLACE_COLUMNS]),
                VariantView(*piece[_PLACE_COLUMNS:]),
                is_own=outfit["member_id"] == viewer_id,
            )
            for piece in pieces
        ),
        **outfit,
    )
