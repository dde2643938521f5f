"""The shop floor: from a read of a tag to the screen, what a screen holds, and its fragment."""

import itertools
import os
import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import redis
from sqlalchemy.orm import Session

from bench.measure import Figure, Round, interleave, ratio
from bench.pages import QUICK, SLOW, asking, bare, same
from bench.place import SECRET, application
from bench.streams import own_kib
from core import clock
from core.outbox import emit
from core.transaction import Database
from recommender.bundle import Shelf, fit
from recommender.interactions import Event
from retail.catalogue.service import StockCounted
from retail.devices.queries import find_device
from retail.fitting_rooms import service
from retail.fitting_rooms.queries import find_room
from retail.training.serving import folder_of
from tests.builders.catalogue import new_stock, new_style, new_variant
from tests.builders.floor_load import (
    LoadedRoom,
    Readers,
    delays,
    new_rooms,
    screens_of,
)
from tests.builders.floor_service import Served, served
from tests.builders.tastes import SMALL

REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/15")
PATIENCE_SECONDS = 60
# Batches a second; each brings a piece into a room, and no room has more than four.
PACE = 10
TRIES, ROUNDS = 100, 7
# What lies in the room whose fragment is measured, and how much goes with it.
PIECES, TIPS = 4, 80
# Of screens that hung up, a thread learns with the next heartbeat.
MANY, SPARE = 1_000, 200


def figures() -> Iterator[Figure]:
    """Delay with 1, 100 and 1,000 screens, memory of a screen, and the price of its fragment."""
    yield from _through_sockets()
    yield from _fragment()


def _through_sockets() -> Iterator[Figure]:
    with application("postgresql") as (_, database), tempfile.TemporaryDirectory() as folder:
        with database.write() as session:
            rooms = new_rooms(session, MANY, key=SECRET.encode())
            few = new_rooms(session, 125, key=SECRET.encode())
        url = database.engine.url.render_as_string(hide_password=False)
        told: dict[str, Any] = {
            "screens": MANY + SPARE,
            "redis_url": _redis_url(),
            "secret": SECRET,
        }
        with served(url, Path(folder), **told) as floor:
            singles = [one for room in few[:25] for one in _delays(floor, [room], batches=4)]
            yield from _delay_figures(1, singles)
            yield from _delay_figures(100, _delays(floor, few[25:], batches=2 * TRIES))
            before = own_kib(floor.streams)
            with _screens(floor, rooms) as screens:
                held = (own_kib(floor.streams) - before) / MANY
                readers = _readers(floor, rooms)
                readers.send(4 * TRIES, rate=PACE)
                assert screens.settled(readers.held, within=PATIENCE_SECONDS) is not None
                yield from _delay_figures(MANY, delays(readers, screens))
            yield Figure("memory of a connected screen", held, 64, 32, "lower", "KiB")


def _delays(floor: Served, rooms: Sequence[LoadedRoom], *, batches: int) -> list[float]:
    numbered = [replace(room, number=at) for at, room in enumerate(rooms)]
    with _screens(floor, numbered) as screens:
        readers = _readers(floor, numbered)
        readers.send(batches, rate=PACE)
        assert screens.settled(readers.held, within=PATIENCE_SECONDS) is not None
        return delays(readers, screens)


def _screens(floor: Served, rooms: Sequence[LoadedRoom]) -> Any:
    ways = {"listen": floor.push, "fetch": floor.web}
    return screens_of(rooms, patience=PATIENCE_SECONDS, **ways)


def _readers(floor: Served, rooms: Sequence[LoadedRoom]) -> Readers:
    return Readers(rooms, floor.web, PATIENCE_SECONDS, every=1)


def _delay_figures(screens: int, seconds: Sequence[float]) -> Iterator[Figure]:
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    plural = "screens" if screens > 1 else "screen"
    note = f"{len(seconds)} batches, {PACE} a second; p50 {cuts[49]:.3f} s"
    name = f"tag read to changed screen, p99, {screens:,} {plural}"
    yield Figure(name, cuts[98], 2, 0.5, "lower", "s", note=note)


def _redis_url() -> str:
    """Where a Redis answers; nothing where none does, and screens then poll."""
    try:
        with redis.Redis.from_url(REDIS, socket_connect_timeout=2) as client:
            client.ping()
    except redis.RedisError:
        return ""
    return REDIS


def _fragment() -> Iterator[Figure]:
    seen = {}
    for kind in ("sqlite", "postgresql"):
        with application(kind) as (app, database):
            room = _filled(app, database)
            screen = {"cookie": f"device={room.screen}"}
            here = partial(_after, app, database, "/room/now", screen["cookie"])
            rounds = {
                "bare": asking(bare(), same("/"), QUICK),
                "room": asking(app, same("/room/now"), QUICK, **screen),
                # What was asked for by another name of ours is kept for that name.
                "anew": asking(app, same("/room/now"), SLOW, **screen, hosts=_new_hosts()),
                # What is asked for in other words is left to Flask.
                "flask": asking(app, same("/room/now?anew=1"), SLOW, **screen),
                "bare alone": _after(bare(), database, "/", "", _elsewhere()),
                "alone": here(_elsewhere()),
                "touched": here(_touches(database, room)),
            }
            costs = interleave(rounds, times=ROUNDS)
            seen[kind] = {name: ratio(costs, "bare", name) for name in ("room", "anew", "flask")}
            after = ("alone", "touched")
            seen[kind] |= {name: ratio(costs, "bare alone", name) for name in after}
            _teach(app, database, room)
            rounds = {name: rounds[name] for name in ("bare", "anew", "bare alone", "touched")}
            costs = interleave(rounds, times=ROUNDS)
            seen[kind]["goes"] = ratio(costs, "bare", "anew")
            seen[kind]["goes touched"] = ratio(costs, "bare alone", "touched")
    names = {
        "room": ("fragment of a fitting room, of bare Flask", 0.12, 0.20),
        "anew": ("the same, read each time", 0.12, 0.20),
        "goes": ("the same with what completes the look", 0.025, 0.12),
        "alone": ("the same, alone after a change elsewhere, of bare Flask so", 0.12, 0.20),
        "touched": ("the same, alone after a touch in the room", 0.12, 0.20),
        "goes touched": ("the same with what completes the look", 0.025, 0.12),
        "flask": ("the same through Flask", 0.025, 0.05),
    }
    for name, (words, floor, aim) in names.items():
        note = f"PostgreSQL: {seen['postgresql'][name]:.3f}"
        yield Figure(words, seen["sqlite"][name], floor, aim, "higher", note=note)


def _new_hosts() -> Iterator[str]:
    return (f"screens-{number}.localhost" for number in itertools.count())


Change = Callable[[Session], object]


def _after(
    app: Any, database: Database, path: str, cookie: str, changes: Iterator[Change]
) -> Round:
    """Each answer the first after something happened, which is not counted itself.

    Whatever answers then finds its data and code out of the processor's caches.
    """
    ask = asking(app, same(path), 1, cookie=cookie)

    def change_and_ask() -> float:
        with database.write() as session:
            next(changes)(session)
        return ask()

    return lambda: sum(change_and_ask() for _ in range(SLOW)) / SLOW


def _elsewhere() -> Iterator[Change]:
    return itertools.repeat(lambda session: emit(session, StockCounted("elsewhere"), topics=[]))


def _touches(database: Database, room: LoadedRoom) -> Iterator[Change]:
    """Another piece of the room is shown each time."""
    with database.read() as session:
        used = find_room(session, room.zone_id)
    assert used is not None
    return (
        partial(service.show, room=used, variant_id=one.id, now=used.touched_at)
        for one in itertools.cycle(room.goods[:PIECES])
    )


def _teach(app: Any, database: Database, room: LoadedRoom) -> None:
    """Have a model of the room's brand know what goes with its pieces, of which there is stock."""
    with database.write() as session:
        device = find_device(session, room.screen, key=SECRET.encode())
        assert device is not None
        brand_id = device.brand_id
        styles = [new_style(session, brand_id=brand_id, name=f"Hat {at}") for at in range(TIPS)]
        for style in styles:
            for size in ("10", "12", "14"):
                piece = new_variant(session, brand_id=brand_id, style=style, size=size)
                told = {"brand_id": brand_id, "store_id": device.store_id}
                new_stock(session, variant_id=piece.id, **told)
    now = clock.now().timestamp()
    mine = [one.style_id for one in room.goods]
    had = [(f"s{at}", (mine[at % len(mine)], one.id)) for at, one in enumerate(styles)] * 3
    events = [Event(who, style, "purchase", now - 9) for who, both in had for style in both]
    bundle = fit(events, [both for _, both in had], settings=SMALL, now=now)
    Shelf(folder_of(brand_id, app.config["SETTINGS"].data_dir)).publish(bundle)


def _filled(app: Any, database: Database) -> LoadedRoom:
    """A room with pieces in it."""
    with database.write() as session:
        (room,) = new_rooms(session, 1, key=SECRET.encode())
    says = {"Authorization": f"Bearer {room.reader}"}
    answer = app.test_client().post("/api/v1/tag-reads", data=room.batch(PIECES), headers=says)
    assert answer.status_code == 200, answer.text
    return room
