"""Reads of what a fitting room shows: a few statements, each compiled once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, bindparam, select, union

from core.glance import Ask, Glance, instant
from retail.catalogue import queries as catalogue
from retail.catalogue import shelf
from retail.catalogue.queries import StyleView, VariantView
from retail.crowds import queries as crowds
from retail.fitting_rooms import links
from retail.fitting_rooms import queries as rooms
from retail.fitting_rooms.queries import RequestView
from retail.fitting_rooms.rules import RoomState, Spot
from retail.product_likes import queries as product_likes


@dataclass(frozen=True)
class RoomHere:
    """Who uses a room, and whose phone is linked to it.

    `inside` has what is in it in the order in which it came, None for what we don't know; `goods`
    has the pieces of its brand among that, what it shows and what it asked for, by id.
    """

    state: RoomState
    link_id: str | None
    member_id: str | None
    inside: Sequence[str | None]
    requests: Sequence[RequestView]
    goods: Mapping[str, VariantView]


@dataclass(frozen=True)
class StyleHere:
    """A style, how many bought and like it, as told, and its goods with what is free of each here.

    None stands for what was not counted within five minutes; at `fresh_until` the first of the
    counts has become that old.
    """

    style: StyleView
    crowd: int
    likers: int
    goods: Sequence[tuple[VariantView, int | None]]
    fresh_until: datetime | None


_open = rooms.OPEN_ROOM.subquery("used")
_link = links.LINKS.subquery("linked")
_garment = rooms.GARMENTS.subquery("garment")
_asked = rooms.ASKED.subquery("asked")
_ROOM = Glance(
    select(_link.c.id, _link.c.member_id, _garment.c.tag, _garment.c.variant_id, *_open.c)
    .select_from(_open)
    .outerjoin(_link, _link.c.zone_id == _open.c.zone_id)
    .outerjoin(_garment, _garment.c.session_id == _open.c.id)
    .order_by(_garment.c.entered_at, _garment.c.tag)
)
_REQUESTS = Glance(
    select(_asked)
    .where(_asked.c.session_id == bindparam("session_id"))
    .order_by(_asked.c.asked_at, _asked.c.id)
)
_piece = catalogue.GOODS.subquery("piece")
_GOODS = Glance(
    select(_piece).where(
        _piece.c.id.in_(
            union(
                select(_garment.c.variant_id).where(
                    _garment.c.session_id == bindparam("session_id")
                ),
                select(_asked.c.variant_id).where(_asked.c.session_id == bindparam("session_id")),
                select(bindparam("shown_id", type_=String)),
            )
        )
    )
)
_style = catalogue.STYLES.subquery("style")
_crowd = crowds.COUNTED.subquery("crowd")
_likes = product_likes.COUNTS.subquery("likes")
_STYLE = Glance(
    select(_crowd.c.people, _crowd.c.counted_at, _likes.c.likes, _likes.c.counted_at, *_style.c)
    .select_from(_style)
    .outerjoin(_crowd, _crowd.c.style_id == _style.c.id)
    .outerjoin(_likes, _likes.c.style_id == _style.c.id)
    .where(_style.c.id == bindparam("style_id"))
)
_STYLE_GOODS = Glance(shelf.GOODS_HERE)


def find_room_here(ask: Ask, spot: Spot) -> RoomHere | None:
    """What is in a room and what it asked for; None where nobody uses it."""
    rows = ask(_ROOM, zone_id=spot.zone_id)
    if not rows:
        return None
    state = rooms.room_state(rows[0][4:])
    told = {"session_id": state.id, "shown_id": state.shown_variant_id or ""}
    inside = [row[3] for row in rows if row[2] is not None]
    requests = [RequestView(*row) for row in ask(_REQUESTS, session_id=state.id)]
    pieces = ask(_GOODS, **told) if inside or requests else []
    goods = {row[0]: VariantView(*row[:-1]) for row in pieces if row[-1] == spot.brand_id}
    return RoomHere(state, rows[0][0], rows[0][1], inside, requests, goods)


def get_style_here(ask: Ask, spot: Spot, style_id: str, *, now: datetime) -> StyleHere:
    """A style that the brand of a room sells, as its store has it."""
    ((people, counted_at, likes, likes_counted_at, *style),) = ask(_STYLE, style_id=style_id)
    here = {"brand_id": spot.brand_id, "store_id": spot.store_id, "now": instant(now)}
    rows = ask(_STYLE_GOODS, style_id=style_id, **here)
    ends = [shelf.fresh_until(row[-1], now=now) for row in rows]
    goods = [
        (VariantView(*row[:-3]), None if end is None else row[-2])
        for row, end in zip(rows, ends, strict=True)
    ]
    return StyleHere(
        catalogue.style_view(style),
        crowds.told(people, counted_at, now),
        crowds.told(likes, likes_counted_at, now),
        goods,
        min((end for end in ends if end is not None), default=None),
    )
