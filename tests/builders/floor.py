"""A fitting room with a reader, a screen and tagged goods, ready made."""

import contextlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from connectors.readers.batch import Read
from core import clock
from core.errors import Invalid
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.catalogue.epc import made_of
from retail.catalogue.queries import VariantView
from retail.devices import queries as devices
from retail.devices import renewal, rules, service
from retail.fitting_rooms import links, queries, requests
from retail.fitting_rooms.rules import RoomState
from retail.journeys.floor.see_tags import see_tags
from tests.builders.accounts import new_member
from tests.builders.catalogue import new_stock, new_style, new_variant
from tests.conftest import KEY


@dataclass(frozen=True)
class Floor:
    """A store with a trench coat in two sizes and two colours, three of each here."""

    store: StoreView
    trench_10: VariantView
    trench_12: VariantView
    navy_12: VariantView


def new_floor(session: Session, store: StoreView) -> Floor:
    """Coats with a story, in stock."""
    told = {"story": "A coat you can cycle in.", "designer": "Ines Marlow", "origin": "Leeds"}
    style = new_style(session, brand_id=store.brand_id, **told)
    navy = {"a": "#2F4C7A", "t": "#102030", "l": "#D11F5E"}
    made = [
        new_variant(session, brand_id=store.brand_id, style=style, **about)
        for about in (
            {"size": "10"},
            {"size": "12"},
            {"size": "12", "colour_name": "Navy", "colours": navy},
        )
    ]
    for one in made:
        new_stock(session, brand_id=store.brand_id, store_id=store.id, variant_id=one.id)
    return Floor(store, *made)


def new_device(
    session: Session,
    store: StoreView,
    role: str,
    *,
    zone: str = "Fitting room 4",
    antennas: str = "",
    key: bytes = KEY,
) -> str:
    """The token of a device that was let in."""
    now = clock.now()
    code = service.ask(session, role, public_url="http://localhost", now=now, key=key)
    place = rules.check_place(store.id, zone, "", antennas)
    told: dict[str, Any] = {"brand_id": store.brand_id, "now": now, "key": key}
    service.let_in(session, code.user_code, place, **told)
    return service.collect(session, code.device_code, now=now, key=key).access_token


def a_renewal(session: Session, store: StoreView, key: bytes) -> tuple[str, str]:
    """The token of a device that was let in, and the one to come."""
    token = new_device(session, store, "screen", key=key)
    return token, _next_token(session, token, key) or ""


def is_renewed_by(session: Session, _: StoreView, key: bytes, made: tuple[str, str]) -> bool:
    """Whether who comes with a device's token is handed the one to come."""
    return _next_token(session, made[0], key) == made[1]


def _next_token(session: Session, token: str, key: bytes) -> str | None:
    device = devices.find_device(session, token, key=key)
    told: dict[str, Any] = {"now": clock.now(), "key": key}
    return device and renewal.next_token(session, device, token, **told)


def epc_of(piece: VariantView, serial: int = 1) -> str:
    """What the chip in a piece's label says."""
    assert piece.gtin is not None
    return made_of(piece.gtin, str(serial)).hex_96()


def batch(*reads: tuple[str, datetime, float], antenna: int = 1) -> dict[str, Any]:
    """A batch of ours: EPC, instant and dBm of each read."""
    return {
        "reads": [
            {"epc": epc, "at": at.isoformat(), "rssi": rssi, "antenna": antenna}
            for epc, at, rssi in reads
        ]
    }


def a_room(
    session: Session, store: StoreView, *, zone: str = "Fitting room 4"
) -> tuple[Floor, RoomState]:
    """A room with a garment in it."""
    floor, now = new_floor(session, store), clock.now()
    token = new_device(session, store, "reader", zone=zone)
    reader = devices.find_device(session, token, key=KEY)
    assert reader is not None
    read = Read(epc_of(floor.trench_10), signal=-4_500)
    see_tags(session, reader, [read], now=now, quiet=timedelta(seconds=20), key=KEY)
    room = queries.find_room(session, reader.zone_id)
    assert room is not None
    return floor, room


def asked_from_a_room(session: Session, store: StoreView) -> str:
    """The id of a request from a room with a garment in it."""
    floor, room = a_room(session, store)
    requests.ask(session, room, floor.trench_12.id, now=clock.now())
    (asked,) = queries.requests_of(session, room.id)
    return asked.id


def a_code(
    session: Session, store: StoreView, *, zone: str = "Fitting room 4", key: bytes = KEY
) -> str:
    """The code that a room's screen shows, to link a phone."""
    _, room = a_room(session, store, zone=zone)
    links.show_code(session, room, now=clock.now(), key=key)
    shown = queries.find_session(session, room.id)
    assert shown is not None
    code = links.code_shown(shown, now=clock.now(), key=key)
    assert code is not None
    return code


def linked(session: Session, store: StoreView, member: MemberView) -> RoomState:
    """A room of their own that a member's phone is linked to."""
    code = a_code(session, store, zone=f"Room of {member.id[-8:]}")
    found = links.link(session, code, member=member, now=clock.now(), key=KEY)
    room = queries.find_session(session, found.session_id)
    assert room is not None
    return room


def opens_a_room(session: Session, store: StoreView, key: bytes, code: str) -> bool:
    """Whether a room shows a code, as somebody's phone asks."""
    member = new_member(session, store.brand_id)
    with contextlib.suppress(Invalid):
        links.is_shown(session, code, member=member, now=clock.now(), key=key)
        return True
    return False
