"""The chart that sets places by likes beside places by likes that went further. Pure geometry."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from web.pages.staff.engagement_rows import Row

MOST_NAMES = 8
WIDTH, STEP, TOP = 340, 44, 24
_LEFT, _RIGHT = 118, 222
_LONGEST_NAME = 13


@dataclass(frozen=True)
class Thread:
    """A stylist's way from one place to the other.

    `by_engaged` is the place by what is set beside likes. `kind` is up or down for who moved
    farthest that way, and level for everybody else.
    """

    name: str
    by_likes: int
    by_engaged: int
    kind: str
    from_y: int
    to_y: int
    path: str


@dataclass(frozen=True)
class Shift:
    """The drawing; `loud` leads by likes and `strong` by what followed, None if one does both."""

    threads: Sequence[Thread]
    height: int
    loud: str | None
    strong: str | None
    width: int = WIDTH
    left: int = _LEFT
    right: int = _RIGHT


@dataclass(frozen=True)
class Entry:
    """A stylist by name, with her likes and what is set beside them."""

    name: str
    likes: int
    beside: int


def draw_shift(rows: Sequence[Row]) -> Shift | None:
    """The most liked stylists of whom both numbers are told; None where there are not two."""
    return shift_of(
        Entry(row.name, row.told.likes or 0, row.told.engaged)
        for row in rows
        if row.told.engaged is not None
    )


def shift_of(entries: Iterable[Entry]) -> Shift | None:
    """The most liked stylists, by likes and by the other number; None for fewer than two."""
    most = sorted(entries, key=lambda one: (-one.likes, -one.beside, one.name))[:MOST_NAMES]
    if len(most) < 2:
        return None
    # Two stylists may have the same name, so places are told by where they stood before.
    order = sorted(
        range(len(most)), key=lambda at: (-most[at].beside, -most[at].likes, most[at].name)
    )
    places = [order.index(at) + 1 for at in range(len(most))]
    moves = [at + 1 - place for at, place in enumerate(places)]
    threads = [
        _thread(one, at + 1, places[at], _kind(moves[at], moves)) for at, one in enumerate(most)
    ]
    first = next(thread for thread in threads if thread.by_engaged == 1)
    crossed = first.by_likes != 1
    return Shift(
        threads,
        TOP + STEP * (len(most) - 1) + TOP,
        most[0].name if crossed else None,
        most[first.by_likes - 1].name if crossed else None,
    )


def _kind(moved: int, moves: Sequence[int]) -> str:
    if moved == 0 or moved not in (max(moves), min(moves)):
        return "level"
    return "up" if moved > 0 else "down"


def _thread(one: Entry, rank: int, place: int, kind: str) -> Thread:
    from_y, to_y = (TOP + STEP * (at - 1) for at in (rank, place))
    bend = (_LEFT + _RIGHT) // 2
    return Thread(
        _short(one.name),
        rank,
        place,
        kind,
        from_y,
        to_y,
        f"M{_LEFT} {from_y}C{bend} {from_y} {bend} {to_y} {_RIGHT} {to_y}",
    )


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
