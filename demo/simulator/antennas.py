"""What two readers hear of what is around them, and how it reaches the service: pure, from a seed.

Tags flicker, the room next door is heard as well, lines send things twice and late.
"""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from demo.simulator.visits import Piece

FLICKERS, STRAYS = 0.18, 0.08
# Hundredths of dBm: in the room itself, and through its wall.
NEAR, FAR = (-5_300, -3_900), (-7_400, -6_600)
TWICE, LATE = 0.08, 0.06
LATE_BY_SECONDS = 12


@dataclass(frozen=True)
class Heard:
    """One read: which chip, when, and how strongly in hundredths of dBm."""

    epc: str
    at: datetime
    signal: int


def listen(
    seed: str, second: int, room: int, inside: Mapping[int, Sequence[Piece]], at: datetime
) -> list[Heard]:
    """What the reader of a room hears in a second that begins at `at`, given what is in each."""
    chance = random.Random(f"{seed} {room} {second}")
    heard: list[Heard] = []
    for place, pieces in sorted(inside.items()):
        weakest, strongest = NEAR if place == room else FAR
        for piece in pieces:
            is_silent = chance.random() < (FLICKERS if place == room else 1 - STRAYS)
            reads = 0 if is_silent else chance.randint(1, 2)
            heard += [
                Heard(
                    piece.epc,
                    at + timedelta(milliseconds=chance.randrange(1_000)),
                    chance.randint(weakest, strongest),
                )
                for _ in range(reads)
            ]
    return heard


def in_our_words(heard: Iterable[Heard]) -> dict[str, Any]:
    """A batch as `POST /api/v1/tag-reads` documents it."""
    return {
        "reads": [
            {"epc": one.epc, "antenna": 1, "rssi": one.signal / 100, "at": one.at.isoformat()}
            for one in heard
        ]
    }


def in_impinjs_words(heard: Iterable[Heard]) -> list[dict[str, Any]]:
    """The same as an Impinj reader posts it. https://platform.impinj.com/site/docs/reader_api/"""
    return [
        {
            "timestamp": one.at.isoformat(),
            "eventType": "tagInventory",
            "tagInventoryEvent": {
                "epcHex": one.epc,
                "antennaPort": 1,
                "peakRssiCdbm": one.signal,
                "lastSeenTime": one.at.isoformat(),
            },
        }
        for one in heard
    ]


Words = Callable[[Iterable[Heard]], Any]


@dataclass
class Line:
    """A bad line between a reader and the service: some batches go out twice, some late."""

    seed: str
    _late: list[tuple[int, list[Heard]]] = field(default_factory=list)

    def carry(self, second: int, heard: list[Heard]) -> list[list[Heard]]:
        """What arrives in this second, batch by batch, when this was sent."""
        chance = random.Random(f"{self.seed} line {second}")
        arrived = [batch for due, batch in self._late if due <= second]
        self._late = [(due, batch) for due, batch in self._late if due > second]
        luck = chance.random()
        if not heard:
            return arrived
        if luck < LATE:
            self._late.append((second + LATE_BY_SECONDS, heard))
            return arrived
        return [heard, *([heard] if luck < LATE + TWICE else []), *arrived]
