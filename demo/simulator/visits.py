"""Who uses a store's fitting rooms, with what, and what they do there: pure, from a seed."""

import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from demo.simulator.plan import Article

FITTED = ("outer", "top", "bottom", "dress", "shoes")
# So long a room takes to clear itself: its tags leave, it waits, it warns.
CLEARS_ITSELF_SECONDS = 100
SERIALS_A_ROOM, SERIALS_A_DAY = 10_000_000, 100_000


def sgtin_96(gtin: str, serial: int) -> str:
    """A label's chip in hexadecimal, for a company prefix of seven digits as the demo's goods have.

    GS1 EPC Tag Data Standard, section 14: https://ref.gs1.org/standards/tds/
    """
    company, item = int(gtin[1:8]), int(gtin[0] + gtin[8:13])
    bits = 0
    # Header, filter "point of sale", partition, company prefix, item reference, serial number.
    for value, width in ((0x30, 8), (1, 3), (5, 3), (company, 24), (item, 20), (serial, 38)):
        bits = bits << width | value
    return f"{bits:024X}"


@dataclass(frozen=True)
class Piece:
    """A single piece, as the chip in its label has it."""

    gtin: str
    serial: int

    @property
    def epc(self) -> str:
        """What a reader hears of it."""
        return sgtin_96(self.gtin, self.serial)


@dataclass(frozen=True)
class Bring:
    """So many seconds into the visit, a piece comes into the room."""

    at: int
    piece: Piece


@dataclass(frozen=True)
class PutBack:
    """A piece leaves the room again."""

    at: int
    piece: Piece


@dataclass(frozen=True)
class Ask:
    """Somebody touches another size or colour, the `choice`-th, and asks for it."""

    at: int
    choice: int


@dataclass(frozen=True)
class ThinkAgain:
    """And wants it no more."""

    at: int


@dataclass(frozen=True)
class End:
    """They press the button that clears the screen, and go."""

    at: int


@dataclass(frozen=True)
class Leave:
    """They go without a touch; the room has to find out by itself."""

    at: int


Motion = Bring | PutBack | Ask | ThinkAgain | End | Leave


@dataclass(frozen=True)
class Visit:
    """One customer's time in a room. `worn` was bought before and has its chip still.

    `rest_seconds` pass before the next one comes.
    """

    motions: tuple[Motion, ...]
    worn: Piece | None
    rest_seconds: int

    @property
    def brought(self) -> tuple[Piece, ...]:
        """What is taken in, in order."""
        return tuple(one.piece for one in self.motions if isinstance(one, Bring))


@dataclass(frozen=True)
class VisitPlanner:
    """Plans the visits of rooms; the same seed and day give the same ones, whatever else happens.

    Each day has chips of its own: a shop that was closed knows those of the day before.
    """

    seed: str
    day: int
    articles: dict[str, Sequence[Article]]

    @cached_property
    def _fitted(self) -> list[Article]:
        return [article for role in FITTED for article in self.articles.get(role, ())]

    def visits(self, room: int) -> Iterator[Visit]:
        """The visits of one room, without an end; the first one is in a hurry."""
        chance = random.Random(f"{self.seed} {self.day} room {room}")
        serials = itertools.count(SERIALS_A_ROOM * (room + 1) + SERIALS_A_DAY * self.day)
        for number in itertools.count():
            yield self._visit(chance, serials, is_first=number == 0)

    def _visit(self, chance: random.Random, serials: Iterator[int], *, is_first: bool) -> Visit:
        chosen = chance.sample(self._fitted, chance.randint(2, 4))
        pieces = [Piece(article.gtin, next(serials)) for article in chosen]
        at = 0
        motions: list[Motion] = []
        for piece in pieces:
            motions.append(Bring(at, piece))
            at += 1 if is_first else chance.randint(2, 7)
        at += chance.randint(1, 2) if is_first else chance.randint(5, 12)
        motions.append(Ask(at, chance.randrange(8)))
        if not is_first and chance.random() < 0.2:
            motions.append(ThinkAgain(at + chance.randint(3, 9)))
        if len(pieces) > 2:
            motions.append(PutBack(at + chance.randint(10, 15), pieces[-1]))
        over = at + chance.randint(45, 70)
        leaves = not is_first and chance.random() < 0.3
        motions.append(Leave(over) if leaves else End(over))
        worn = Piece(chance.choice(self._fitted).gtin, next(serials))
        return Visit(
            tuple(sorted(motions, key=lambda motion: motion.at)),
            worn if chance.random() < 0.3 else None,
            (CLEARS_ITSELF_SECONDS if leaves else 0) + chance.randint(8, 20),
        )
