"""A store's floor, second by second: rooms used, tags read, pieces brought."""

import itertools
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from demo.simulator.antennas import Heard, Line, Words, listen
from demo.simulator.browser import Browser, Refused
from demo.simulator.desk import UNAUTHENTICATED, post
from demo.simulator.phone import NoMail
from demo.simulator.screen import Screen
from demo.simulator.tablet import Assistant, Handed
from demo.simulator.visits import (
    Ask,
    Bring,
    End,
    Leave,
    Motion,
    Piece,
    PutBack,
    ThinkAgain,
    Visit,
)

SENDS_EVERY = 3
LOOKS_EVERY = 3
LOOKS_AGAIN_SECONDS = 3
SHOWS_WITHIN_SECONDS, PATIENCE_SECONDS = 15, 90
SETBACK_SECONDS = 5
AS_LONG_AS_IT_IS_ALIKE = 40
# After everybody joined, and before anybody thinks that it is off.
KIOSK_FROM, OPENS_EVERY = 45, 300
# Both rooms brought something in by then, and something was asked for.
SETTLED_AFTER = 6


@dataclass
class Room:
    """A fitting room with its screen, and who uses it just now. `inside` is what has a chip."""

    zone: str
    screen: Screen
    visits: Iterator[Visit]
    mark_sold: Callable[[Piece], None]
    rests_for: int = 0
    inside: list[Piece] = field(default_factory=list)
    _due: deque[Motion] = field(default_factory=deque)
    _second: int = 0
    _waited: int = 0
    _rest_after: int = 0

    def pass_second(self) -> None:
        """Do what is due in this second of the visit, or have the next customer come."""
        if not self._due and self.rests_for > 0:
            self.rests_for -= 1
            return
        if not self._due:
            self._receive(next(self.visits))
        while self._due and self._due[0].at <= self._second:
            motion = self._due.popleft()
            try:
                self._do(motion)
            except Refused as error:
                # Whoever sees the demo may have cleared the room meanwhile.
                if not error.is_bygone:
                    raise
        self._second += 1

    def _receive(self, visit: Visit) -> None:
        self._due, self._second, self._waited = deque(visit.motions), 0, 0
        self._rest_after = visit.rest_seconds
        if visit.worn is not None:
            self.mark_sold(visit.worn)
            self.inside.append(visit.worn)

    def _do(self, motion: Motion) -> None:
        match motion:
            case Bring(_, piece):
                self.inside.append(piece)
            case PutBack(_, piece):
                self.inside.remove(piece)
            case Ask(_, choice):
                # Until a reader told of what was brought, there is nothing to touch.
                if not self.screen.ask_for_another(choice):
                    self._put_off(motion, SHOWS_WITHIN_SECONDS)
            case ThinkAgain():
                self.screen.call_off()
            case End() | Leave():
                self._go(motion)

    def _go(self, motion: End | Leave) -> None:
        """Nobody goes while something is on its way to them, within reason."""
        if self._waited < PATIENCE_SECONDS and self.screen.is_waiting():
            self._put_off(motion, PATIENCE_SECONDS)
            return
        if isinstance(motion, End):
            self.screen.end()
        self.inside.clear()
        self._due.clear()
        self.rests_for = self._rest_after

    def _put_off(self, motion: Ask | End | Leave, patience_seconds: int) -> None:
        """Come back to it in a while, as long as nobody lost patience."""
        if self._waited < patience_seconds:
            self._waited += LOOKS_AGAIN_SECONDS
            again = replace(motion, at=self._second + LOOKS_AGAIN_SECONDS)
            self._due = deque(sorted([*self._due, again], key=lambda one: one.at))


@dataclass
class Reader:
    """A reader of tags: hears, collects, and posts in its maker's words with its own token."""

    browser: Browser
    token: str
    words: Words
    line: Line
    _heard: list[Heard] = field(default_factory=list)

    def pass_second(self, second: int, heard: list[Heard]) -> None:
        """Hear this, and send what was collected when it is time to. Raises Refused."""
        self._heard += heard
        if second % SENDS_EVERY:
            return
        collected, self._heard = self._heard, []
        for batch in self.line.carry(second, collected):
            post(self.browser, "/api/v1/tag-reads", self.words(batch), self.token)


@dataclass(frozen=True)
class Kiosk:
    """A kiosk: nobody touches it here, but it is on, and heard of."""

    browser: Browser
    path: str

    def pass_second(self, second: int) -> None:
        """Open the page anew now and then. Raises Refused."""
        if second % OPENS_EVERY == KIOSK_FROM:
            self.browser.open(self.path)


@dataclass
class Floor:
    """The rooms of a store, each with the reader that hears it best, and who looks after them.

    `gtins` are by SKU; `sign_in` gives the cookies of a tablet that opens again, None while that
    takes its time.
    """

    rooms: Sequence[Room]
    readers: Sequence[Reader]
    assistant: Assistant
    kiosk: Kiosk
    sign_in: Callable[[], dict[str, str] | None]
    gtins: Mapping[str, str]
    seed: str
    now: Callable[[], datetime]
    _handed: int = 0

    def live(self, stop: threading.Event, is_settled: threading.Event) -> None:
        """One second after another until told to stop; what fails is said, and life goes on.

        Says when the first few are over, in which something came to move everywhere.
        """
        due, said = time.monotonic(), ""
        for second in itertools.count():
            try:
                self.pass_second(second)
            except (Refused, NoMail, LookupError, OSError) as error:
                # Such as a device that somebody revoked: once is enough.
                if said != (said := str(error)[:AS_LONG_AS_IT_IS_ALIKE]):
                    print(f"  on the shop floor: {error}", flush=True)
                stop.wait(SETBACK_SECONDS)
            if second == SETTLED_AFTER:
                is_settled.set()
            # A slow service is not caught up with.
            due = max(due + 1, time.monotonic())
            if stop.wait(due - time.monotonic()):
                return

    def pass_second(self, second: int) -> None:
        """A second in the rooms, in the air, and at the tablet. Raises Refused, NoMail."""
        for room in self.rooms:
            room.pass_second()
        inside = {number: room.inside for number, room in enumerate(self.rooms)}
        at = self.now()
        for number, reader in enumerate(self.readers):
            reader.pass_second(second, listen(self.seed, second, number, inside, at))
        if second % LOOKS_EVERY == 0:
            self._look_at_tablet(second)
        self.kiosk.pass_second(second)

    def _look_at_tablet(self, second: int) -> None:
        try:
            for handed in self.assistant.work(second):
                self._hand_over(handed)
        except Refused as error:
            if error.status != UNAUTHENTICATED:
                raise
            # Nobody signed in at the tablet yet, or somebody out, or it locked.
            self.assistant.browser.cookies |= self.sign_in() or {}

    def _hand_over(self, handed: Handed) -> None:
        """What was asked for comes into the room, and its chip with it."""
        gtin = self.gtins.get(handed.sku or "")
        for room in self.rooms:
            if gtin is not None and room.zone == handed.room:
                self._handed += 1
                room.inside.append(Piece(gtin, self._handed))

    def close(self) -> None:
        """Hang up every line."""
        screens = [room.screen for room in self.rooms]
        for owner in (*screens, *self.readers, self.assistant, self.kiosk):
            owner.browser.close()
