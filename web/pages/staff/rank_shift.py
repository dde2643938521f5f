"""The chart that sets places by likes beside places by likes that went further. Pure geometry."""

from collections.abc import Sequence
from dataclasses import dataclass

from web.pages.staff.engagement_rows import Row, ranked

MOST_NAMES = 8
WIDTH, STEP, TOP = 340, 44, 24
_LEFT, _RIGHT = 118, 222
_LONGEST_NAME = 13


@dataclass(frozen=True)
class Thread:
    """A stylist's way from one place to the other.

    `kind` is up or down for who moved farthest that way, and level for everybody else.
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


def draw_shift(rows: Sequence[Row]) -> Shift | None:
    """The most liked stylists of whom both numbers are told; None where there are not two."""
    told = [row for row in rows if row.told.engaged is not None]
    most = ranked(told, "likes")[:MOST_NAMES]
    if len(most) < 2:
        return None
    after = ranked(most, "engaged")
    # A row is told by what it says: two stylists may have the same name.
    places = [_place(row, after) for row in most]
    moves = [row.rank - place for row, place in zip(most, places, strict=True)]
    threads = [
        _thread(row, place, _kind(moved, moves))
        for row, place, moved in zip(most, places, moves, strict=True)
    ]
    first = next(thread for thread in threads if thread.by_engaged == 1)
    crossed = first.by_likes != 1
    return Shift(
        threads,
        TOP + STEP * (len(most) - 1) + TOP,
        most[0].name if crossed else None,
        first.name if crossed else None,
    )


def _place(row: Row, after: Sequence[Row]) -> int:
    return next(each.rank for each in after if each.told is row.told)


def _kind(moved: int, moves: Sequence[int]) -> str:
    if moved == 0 or moved not in (max(moves), min(moves)):
        return "level"
    return "up" if moved > 0 else "down"


def _thread(row: Row, place: int, kind: str) -> Thread:
    from_y, to_y = (TOP + STEP * (rank - 1) for rank in (row.rank, place))
    bend = (_LEFT + _RIGHT) // 2
    return Thread(
        _short(row.name),
        row.rank,
        place,
        kind,
        from_y,
        to_y,
        f"M{_LEFT} {from_y}C{bend} {from_y} {bend} {to_y} {_RIGHT} {to_y}",
    )


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
