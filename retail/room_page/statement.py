"""The one statement that reads a room: what changes while somebody uses it, and nothing else.

Rows of several kinds under the same columns, because a database is asked once: the room itself,
what is inside, what it asked for, and of the style that it shows what the store has and how many
bought and like it. What goods are is known by the edition of the catalogue that comes along.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    JSON,
    BigInteger,
    ColumnElement,
    CompoundSelect,
    FromClause,
    Select,
    String,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    select,
    union_all,
)

from core.glance import Glance
from core.model import UtcDateTime
from core.outbox import NEWS_COLUMNS
from retail.catalogue import known, shelf
from retail.crowds import queries as crowds
from retail.devices import queries as devices
from retail.fitting_rooms import links
from retail.fitting_rooms import queries as rooms
from retail.product_likes import queries as product_likes

KINDS = ("device", "room", "inside", "asked", "stock", "told")
DEVICE, ROOM, INSIDE, ASKED, STOCK, TOLD = KINDS
# The columns that all kinds share, after what a row is: texts, instants, numbers, an object.
_TEXTS, _INSTANTS, _NUMBERS = [String()] * 9, [UtcDateTime()] * 6, [BigInteger()] * 2
_OBJECTS = [JSON()]
Columns = Sequence[ColumnElement[Any]]
_OF_ROOM = (
    *("id", "shown_variant_id", "language", "began_at", "touched_at", "emptied_at", "wipes_at"),
    *("link_until", "link_used_at"),
)
_OF_DEVICE = len(devices.LET_IN.selected_columns)
# Without a name: what is read by place needs none, and there are many.
_NULL: ColumnElement[Any] = literal_column("NULL")


def _row(
    what: str,
    texts: Columns,
    instants: Columns = (),
    numbers: Columns = (),
    objects: Columns = (),
    *,
    is_first: bool = False,
) -> list[ColumnElement[Any]]:
    """The columns of one kind; those of the first say what each column holds."""
    kinds = ((texts, _TEXTS), (instants, _INSTANTS), (numbers, _NUMBERS), (objects, _OBJECTS))
    filled: list[ColumnElement[Any]] = [literal_column(f"'{what}'", String())]
    for given, types in kinds:
        nulls = [cast(_NULL, each) if is_first else _NULL for each in types[len(given) :]]
        filled += [*given, *nulls]
    return filled


def _reading(place: Select[*tuple[Any, ...]], news: Columns | None = None) -> CompoundSelect[Any]:
    """Everything of the room in a `place`, which has `brand_id`, `store_id` and `zone_id`.

    With `news` the place is a row of `LET_IN`, and stands before the room.
    """
    here = _with_its_room(place)
    inside = _inside(here)
    shown = _shown(here, inside)
    rest = _of_inside(inside), _of_requests(here), _of_stock(here, shown), _of_style(shown)
    room = _of_room(here, is_first=news is None)
    first = [] if news is None else [_of_device(here, news)]
    return union_all(*first, room, *rest)


def _with_its_room(place: Select[*tuple[Any, ...]]) -> CTE:
    """A place, who uses it, whose phone is linked, and of which style is what they chose."""
    at, used = place.subquery("place"), rooms.OPEN.subquery("used")
    linked, chosen = links.LINKS.subquery("linked"), known.OF_STYLES.subquery("chosen")
    return (
        select(
            *at.c,
            *(used.c[name].label(f"room_{name}") for name in _OF_ROOM),
            linked.c.id.label("link_id"),
            linked.c.member_id,
            _style_of(chosen, at.c.brand_id).label("chosen_style_id"),
            known.edition_of(at.c.brand_id).label("edition"),
        )
        .select_from(at)
        .outerjoin(used, used.c.zone_id == at.c.zone_id)
        .outerjoin(linked, linked.c.zone_id == at.c.zone_id)
        .outerjoin(chosen, chosen.c.id == used.c.shown_variant_id)
        .cte("here")
    )


def _style_of(piece: FromClause, brand_id: Any) -> ColumnElement[Any]:
    """The style of a piece of the brand; by its id a piece is found faster than by both."""
    return case((piece.c.brand_id == brand_id, piece.c.style_id))


def _inside(here: CTE) -> CTE:
    """What is in the room, with styles of what its brand sells."""
    garment, piece = rooms.GARMENTS.subquery("garment"), known.OF_STYLES.subquery("piece")
    return (
        select(
            *(garment.c.variant_id, garment.c.entered_at, garment.c.tag),
            _style_of(piece, here.c.brand_id).label("style_id"),
        )
        .select_from(here)
        .join(garment, garment.c.session_id == here.c.room_id)
        .outerjoin(piece, piece.c.id == garment.c.variant_id)
        .cte("inside")
    )


def _shown(here: CTE, inside: CTE) -> CTE:
    """The style that is shown: what somebody chose, if it is inside; else what came first."""
    chosen = select(here.c.chosen_style_id).where(
        here.c.chosen_style_id.in_(select(inside.c.style_id))
    )
    first = (
        select(inside.c.style_id)
        .where(inside.c.style_id.is_not(None))
        .order_by(inside.c.entered_at, inside.c.tag)
        .limit(literal_column("1"))
    )
    either = func.coalesce(chosen.scalar_subquery(), first.scalar_subquery())
    return select(either.label("style_id")).cte("shown")


def _of_device(here: CTE, news: Columns) -> Select[*tuple[Any, ...]]:
    # In the order of `LET_IN`: seven texts, antennas, two instants, the vocabulary.
    *texts, antennas, seen_at, revoked_at, words = list(here.c)[:_OF_DEVICE]
    newest, *running = news
    instants = seen_at, revoked_at
    kind = _row(DEVICE, [*texts, words, *running], instants, [newest], [antennas], is_first=True)
    return select(*kind)


def _of_room(here: CTE, *, is_first: bool) -> Select[*tuple[Any, ...]]:
    row = here.c
    texts = row.room_id, row.room_shown_variant_id, row.chosen_style_id, row.room_language
    instants = row.room_began_at, row.room_touched_at, row.room_emptied_at, row.room_wipes_at
    codes = row.room_link_until, row.room_link_used_at
    linked = row.link_id, row.member_id
    return select(
        *_row(ROOM, [*texts, *linked], [*instants, *codes], [row.edition], is_first=is_first)
    )


def _of_inside(inside: CTE) -> Select[*tuple[Any, ...]]:
    row = inside.c
    return select(*_row(INSIDE, [row.variant_id, row.style_id, row.tag], [row.entered_at]))


def _of_requests(here: CTE) -> Select[*tuple[Any, ...]]:
    asked, piece = rooms.ASKED.subquery("asked"), known.OF_STYLES.subquery("wanted")
    row = asked.c
    style_id = _style_of(piece, here.c.brand_id)
    texts = row.variant_id, style_id, row.id, row.state, row.staff_id, row.staff_name
    instants = row.asked_at, row.late_at, row.accepted_at, row.on_way_at, row.at_door_at
    kind = _row(ASKED, [*texts, row.ended_how, row.wants], [*instants, row.ended_at])
    return (
        select(*kind)
        .select_from(here)
        .join(asked, row.session_id == here.c.room_id)
        .outerjoin(piece, piece.c.id == row.variant_id)
    )


def _of_stock(here: CTE, shown: CTE) -> Select[*tuple[Any, ...]]:
    piece, stock = known.OF_STYLES.subquery("of_shown"), shelf.STOCK.subquery("stock")
    store_id = select(here.c.store_id).scalar_subquery()
    # Outer, so that no database begins with all that the store has; there may be no count.
    return (
        select(*_row(STOCK, [piece.c.id], [stock.c.counted_at], [stock.c.free]))
        .select_from(shown)
        .join(piece, piece.c.style_id == shown.c.style_id)
        .outerjoin(stock, (stock.c.variant_id == piece.c.id) & (stock.c.store_id == store_id))
    )


def _of_style(shown: CTE) -> Select[*tuple[Any, ...]]:
    crowd, likes = crowds.COUNTED.subquery("crowd"), product_likes.COUNTS.subquery("likes")
    counted = [crowd.c.counted_at, likes.c.counted_at]
    return (
        select(*_row(TOLD, [shown.c.style_id], counted, [crowd.c.people, likes.c.likes]))
        .select_from(shown)
        .outerjoin(crowd, crowd.c.style_id == shown.c.style_id)
        .outerjoin(likes, likes.c.style_id == shown.c.style_id)
        .where(shown.c.style_id.is_not(None))
    )


# Of the room at a spot.
AT_SPOT = Glance(
    _reading(
        select(
            *(
                bindparam(name, type_=String).label(name)
                for name in ("brand_id", "store_id", "zone_id")
            )
        )
    )
)
# Of the room in which a device stands, with its row of `LET_IN`, and what `NEWS` sees.
AT_DEVICE = Glance({name: _reading(devices.LET_IN, news) for name, news in NEWS_COLUMNS.items()})
