"""What a fitting room shows, read by one statement; of its goods only what is not known yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.glance import Ask, instant
from retail.catalogue import shelf
from retail.catalogue.known import KnownStyle, known_styles
from retail.catalogue.queries import StyleView, VariantView
from retail.crowds import queries as crowds
from retail.devices import queries as devices
from retail.devices.queries import DeviceView
from retail.fitting_rooms.queries import RequestView
from retail.fitting_rooms.rules import RoomState, Spot
from retail.room_page.statement import (
    ASKED,
    AT_DEVICE,
    AT_SPOT,
    DEVICE,
    INSIDE,
    KINDS,
    ROOM,
    STOCK,
    TOLD,
)

Row = Sequence[Any]


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


@dataclass(frozen=True)
class RoomHere:
    """Who uses a room, and whose phone is linked to it.

    `inside` has what is in it in the order in which it came, None for what we don't know; `goods`
    has the pieces of its brand among that, what it shows and what it asked for, by id. `shown` is
    the style that it shows, if any, and `edition` that of the catalogue.
    """

    state: RoomState
    edition: int | None
    link_id: str | None
    member_id: str | None
    inside: Sequence[str | None]
    requests: Sequence[RequestView]
    goods: Mapping[str, VariantView]
    shown: StyleHere | None


@dataclass(frozen=True)
class DeviceHere:
    """A device by the newest hash of its token, what `DEVICE_STAMP` sees, and its room."""

    device: DeviceView
    stamp: tuple[Any, ...]
    room: RoomHere | None


def find_room_here(ask: Ask, spot: Spot, *, now: datetime) -> RoomHere | None:
    """What is in a room and what it asked for; None where nobody uses it."""
    place = {"brand_id": spot.brand_id, "store_id": spot.store_id, "zone_id": spot.zone_id}
    return _room(ask, spot, _by_kind(ask(AT_SPOT, now=instant(now), **place)), now)


def find_device_here(ask: Ask, token_hash: str, *, now: datetime) -> DeviceHere | None:
    """Whose token this is and what is in the room where it stands; None where it is let in no
    more."""
    rows = ask(AT_DEVICE, token_hash=token_hash, now=instant(now))
    if not rows:
        return None
    kinds = _by_kind(rows)
    device, stamp = _device(kinds[DEVICE][0])
    spot = Spot(device.brand_id, device.store_id, device.zone_id)
    return DeviceHere(device, stamp, _room(ask, spot, kinds, now))


def _by_kind(rows: Sequence[Row]) -> dict[str, list[Row]]:
    kinds: dict[str, list[Row]] = {kind: [] for kind in KINDS}
    for row in rows:
        kinds[row[0]].append(row)
    return kinds


# What all kinds share stands in `statement`: after the kind nine texts from 1 on, six instants from
# 10 on, two numbers from 16 on, and an object.
def _device(row: Row) -> tuple[DeviceView, tuple[Any, ...]]:
    device = devices.let_in((*row[1:8], row[18], row[10], row[11], row[8]))
    running = row[9]
    return device, devices.stamp_of(device, row[16:17] if running is None else (row[16], running))


def _room(ask: Ask, spot: Spot, kinds: Mapping[str, list[Row]], now: datetime) -> RoomHere | None:
    (row,) = kinds[ROOM]
    _, room_id, chosen_id, chosen_style, language, link_id, member_id, *_ = row
    if room_id is None:
        return None
    began_at, touched_at, emptied_at, wipes_at, link_until, link_used_at, edition, *_ = row[10:]
    lives = began_at, touched_at, emptied_at, wipes_at, None
    state = RoomState(room_id, spot, chosen_id, *lives, language, link_until, link_used_at)
    if state.is_over(now):
        return None
    inside = sorted(kinds[INSIDE], key=_entered)
    asked = sorted(kinds[ASKED], key=_entered)
    of_styles = {each[1]: each[2] for each in (*inside, *asked)} | {chosen_id: chosen_style}
    wanted = {style_id for style_id in of_styles.values() if style_id is not None}
    styles = known_styles(ask, spot.brand_id, edition, wanted)
    return RoomHere(
        state,
        edition,
        link_id,
        member_id,
        [each[1] for each in inside],
        [_request(each, state) for each in asked],
        _goods(of_styles, styles),
        _style(kinds, styles, now),
    )


def _entered(row: Row) -> tuple[datetime, str]:
    """When something came in, and its tag; of a request when it was asked, and its id."""
    return row[10], row[3]


def _goods(
    of_styles: Mapping[str | None, str | None], styles: Mapping[str, KnownStyle]
) -> dict[str, VariantView]:
    found = {}
    for variant_id, style_id in of_styles.items():
        style = styles.get(style_id or "")
        if variant_id is not None and style is not None and variant_id in style.by_id:
            found[variant_id] = style.by_id[variant_id]
    return found


def _request(row: Row, room: RoomState) -> RequestView:
    _, variant_id, _, request_id, state, staff_id, staff_name, ended_how, wants, _, *rest = row
    asked_at, late_at, accepted_at, on_way_at, at_door_at, ended_at, *_ = rest
    return RequestView(
        request_id,
        *(room.spot.store_id, room.spot.zone_id, room.id),
        *(variant_id, state, asked_at, staff_id, staff_name),
        *(late_at, accepted_at, on_way_at, at_door_at, ended_at, ended_how, wants),
    )


def _style(
    kinds: Mapping[str, list[Row]], styles: Mapping[str, KnownStyle], now: datetime
) -> StyleHere | None:
    told = next((row for row in kinds[TOLD] if row[1] in styles), None)
    if told is None:
        return None
    known = styles[told[1]]
    free: dict[str, int] = {}
    ends = []
    for row in kinds[STOCK]:
        end = shelf.fresh_until(row[10], now=now)
        if end is not None:
            free[row[1]] = row[16]
            ends.append(end)
    return StyleHere(
        known.style,
        crowds.told(told[16], told[10], now),
        crowds.told(told[17], told[11], now),
        [(one, free.get(one.id)) for one in known.goods],
        min(ends, default=None),
    )
