"""A shop floor under load: screens with streams that stay open, and readers that keep sending.

Everything goes over real sockets of the loopback interface to real processes. A screen does what
a screen's script does: it listens, and fetches its fragment again when it is told of a change.
"""

import json
import re
import selectors
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from queue import SimpleQueue

from sqlalchemy.orm import Session

from core import clock
from retail.catalogue.queries import VariantView
from retail.devices import queries as devices
from tests.builders.brands import new_brand, new_store
from tests.builders.catalogue import new_stock, new_style, new_variant
from tests.builders.floor import epc_of, new_device
from tests.builders.floor_service import Line

ROOMS_OF_A_STORE, MOST_PIECES = 50, 5
_serials = count(1)
_LISTED = re.compile(rb'name="variant_id" value="([0-9A-Z]{26})"')


@dataclass(frozen=True)
class LoadedRoom:
    """A room: its pieces' serial number, tokens of its screen and of its store's reader, its
    antenna there, and what it may hold.
    """

    number: int
    zone_id: str
    serial: int
    screen: str
    reader: str
    antenna: int
    goods: tuple[VariantView, ...]

    def batch(self, pieces: int) -> bytes:
        """What the reader sends of the first so many pieces, read just now."""
        at = clock.SystemClock().now().isoformat()
        reads = [
            {"epc": epc_of(one, self.serial), "antenna": self.antenna, "rssi": -45, "at": at}
            for one in self.goods[:pieces]
        ]
        return json.dumps({"reads": reads}).encode()


def new_rooms(session: Session, number: int, *, key: bytes) -> list[LoadedRoom]:
    """So many rooms in stores of fifty, each store with one reader that has an antenna in each."""
    brand, rooms = new_brand(session), list[LoadedRoom]()
    goods = tuple(
        new_variant(
            session,
            brand_id=brand.id,
            style=new_style(session, brand_id=brand.id, name=f"Harbour coat {at}"),
        )
        for at in range(MOST_PIECES)
    )
    while len(rooms) < number:
        store = new_store(session, brand=brand)
        for one in goods:
            new_stock(session, brand_id=brand.id, store_id=store.id, variant_id=one.id)
        here = min(ROOMS_OF_A_STORE, number - len(rooms))
        ports = range(1, here + 1)
        antennas = ", ".join(f"{port} = Room {port}" for port in ports)
        told = {"zone": "Door", "antennas": antennas}
        reader = new_device(session, store, "reader", key=key, **told)
        for port in ports:
            screen = new_device(session, store, "screen", zone=f"Room {port}", key=key)
            zone_id = zone_of(session, screen, key=key)
            rooms.append(
                LoadedRoom(len(rooms), zone_id, next(_serials), screen, reader, port, goods)
            )
    return rooms


def zone_of(session: Session, token: str, *, key: bytes) -> str:
    """Where a device stands."""
    found = devices.find_device(session, token, key=key)
    assert found is not None
    return found.zone_id


class Screens:
    """The screens of some rooms: they listen at one port and fetch from another.

    `shown` has what each shows, by number of its room, with the instants at which it came.
    """

    def __init__(
        self, rooms: Sequence[LoadedRoom], *, listen: int, fetch: int, patience: float, lines: int
    ) -> None:
        self._rooms, self._patience = rooms, patience
        self.shown: list[list[tuple[float, frozenset[str]]]] = [[] for _ in rooms]
        self._news: SimpleQueue[int | None] = SimpleQueue()
        self._waiting, self._deaf = set[int](), set[int]()
        self._lock = threading.Lock()
        self._stopped = False
        self._selector = selectors.DefaultSelector()
        for room in rooms:
            self._selector.register(self._listening(room, listen), selectors.EVENT_READ, room)
        work = [threading.Thread(target=self._hear, daemon=True)]
        work += [threading.Thread(target=self._fetch, args=(fetch,)) for _ in range(lines)]
        self._threads = work
        for one in work:
            one.start()
        for room in rooms:
            self._ask_for(room.number)

    def _listening(self, room: LoadedRoom, port: int) -> socket.socket:
        stream = socket.create_connection(("127.0.0.1", port), timeout=self._patience)
        asked = f"GET /live?topic=room:{room.zone_id} HTTP/1.1\r\nHost: localhost\r\n"
        stream.sendall(f"{asked}Cookie: device={room.screen}\r\n\r\n".encode())
        heard = b""
        while b"event: hello" not in heard:
            heard += (more := stream.recv(4096))
            assert more, heard
        stream.setblocking(False)
        return stream

    def _hear(self) -> None:
        while not self._stopped:
            for key, _ in self._selector.select(timeout=0.1):
                stream: socket.socket = key.fileobj  # type: ignore[assignment]
                heard = stream.recv(65_536)
                if not heard:
                    self._selector.unregister(stream)
                elif b"event: changed" in heard and key.data.number not in self._deaf:
                    self._ask_for(key.data.number)

    def _ask_for(self, number: int) -> None:
        with self._lock:
            if number in self._waiting:
                return
            self._waiting.add(number)
        self._news.put(number)

    def _fetch(self, port: int) -> None:
        line = Line(port, patience=self._patience)
        while (number := self._news.get()) is not None:
            # What changes from now on is news again.
            with self._lock:
                self._waiting.discard(number)
            found = inside(line, self._rooms[number])
            self.shown[number].append((time.monotonic(), found))
        line.close()

    def deafen(self, room: LoadedRoom) -> None:
        """Have a room's screen hear of nothing any more."""
        self._deaf.add(room.number)

    def behind(self, held: Sequence[int]) -> list[int]:
        """The rooms whose screens do not show just the pieces that they hold."""
        return [
            room.number
            for room in self._rooms
            if not self.shown[room.number]
            or self.shown[room.number][-1][1] != expected(room, held[room.number])
        ]

    def settled(self, held: Sequence[int], *, within: float) -> float | None:
        """Seconds until no screen is behind any more; None where that takes too long."""
        began = time.monotonic()
        while time.monotonic() - began < within:
            if not self.behind(held):
                return time.monotonic() - began
            time.sleep(0.01)
        return None

    def close(self) -> None:
        """Switch every screen off."""
        self._stopped = True
        for _ in self._threads[1:]:
            self._news.put(None)
        for one in self._threads:
            one.join()
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]
        self._selector.close()


@contextmanager
def screens_of(
    rooms: Sequence[LoadedRoom], *, listen: int, fetch: int, patience: float, lines: int = 4
) -> Iterator[Screens]:
    """Screens for the length of a block."""
    ways = {"listen": listen, "fetch": fetch, "lines": lines}
    screens = Screens(rooms, patience=patience, **ways)
    try:
        assert screens.settled([0] * len(rooms), within=patience) is not None, "rooms are empty"
        yield screens
    finally:
        screens.close()


def expected(room: LoadedRoom, pieces: int) -> frozenset[str]:
    """What a room with so many pieces in it has to show."""
    return frozenset(one.id for one in room.goods[:pieces])


def inside(line: Line, room: LoadedRoom) -> frozenset[str]:
    """The variants that a room's fragment shows as being in it."""
    status, page = line.ask("GET", "/room/now", f"Cookie: device={room.screen}\r\n")
    assert status == 200, page
    picked = page.partition(b'class="pick"')[2].partition(b'class="choose"')[0]
    return frozenset(found.decode() for found in _LISTED.findall(picked))


@dataclass
class Readers:
    """Readers that send batches at a pace: each store in turn, there the next room, and one more
    piece now and then. Stores take turns, since a reader sends one batch after another.

    `held` says how many pieces each room holds by what was answered, `sent` when each batch that
    brought a piece was sent: room, pieces, instant. `answered` counts.
    """

    rooms: Sequence[LoadedRoom]
    port: int
    patience: float
    every: int = 4
    lines: int = 8
    held: list[int] = field(default_factory=list)
    sent: list[tuple[int, int, float]] = field(default_factory=list)
    answered: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def send(self, batches: int, *, rate: float) -> float:
        """Send so many batches, so many a second where the server is as fast; gives the seconds."""
        self.held = self.held or [0] * len(self.rooms)
        in_turn = sorted(self.rooms, key=lambda room: room.antenna)
        turns = iter(range(batches))
        began = time.monotonic()

        def work(_: int) -> None:
            line = Line(self.port, patience=self.patience)
            while True:
                with self._lock:
                    turn = next(turns, None)
                if turn is None:
                    break
                time.sleep(max(0.0, began + turn / rate - time.monotonic()))
                room = in_turn[turn % len(self.rooms)]
                times = turn // len(self.rooms) + room.number % self.every
                self._send_one(line, room, min(MOST_PIECES - 1, 1 + times // self.every))
            line.close()

        with ThreadPoolExecutor(self.lines) as pool:
            list(pool.map(work, range(self.lines)))
        return time.monotonic() - began

    def send_to(self, room: LoadedRoom, *, pieces: int) -> None:
        """Send one batch of a room that has so many pieces."""
        line = Line(self.port, patience=self.patience)
        self._send_one(line, room, pieces)
        line.close()

    def _send_one(self, line: Line, room: LoadedRoom, pieces: int) -> None:
        says = f"Authorization: Bearer {room.reader}\r\nContent-Type: application/json\r\n"
        at = time.monotonic()
        status, answer = line.ask("POST", "/api/v1/tag-reads", says, room.batch(pieces))
        assert status == 200, answer
        with self._lock:
            self.answered += 1
            if pieces > self.held[room.number]:
                self.held[room.number] = pieces
                self.sent.append((room.number, pieces, at))


def delays(readers: Readers, screens: Screens) -> list[float]:
    """Seconds from each batch that brought a piece to the screen that shows it."""
    found = []
    for number, pieces, sent in readers.sent:
        room = readers.rooms[number]
        need = expected(room, pieces)
        came = next((at for at, shown in screens.shown[number] if at >= sent and need <= shown))
        found.append(came - sent)
    return found
