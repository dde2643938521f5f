"""Bars of what ends when. Pure geometry."""

from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT, STEP, BAR, TOP, FOOT, FEWEST_STEPS = 220, 84, 56, 26, 34, 6


@dataclass(frozen=True)
class Bar:
    """A bar from `y` down to the base, the word under it and the number over it."""

    word: str
    said: str
    x: int
    y: int
    height: int


@dataclass(frozen=True)
class Plot:
    """The drawing; as wide as a few bars at least, so that one alone is no wall."""

    bars: Sequence[Bar]
    width: int
    height: int = HEIGHT
    bar: int = BAR
    base: int = HEIGHT - FOOT


def draw_bars(values: Sequence[tuple[str, str, int]]) -> Plot:
    """A bar for each word, what is said of it, and its number from 0."""
    most = max((value for _word, _said, value in values), default=0)
    room = HEIGHT - FOOT - TOP
    bars = []
    for place, (word, said, value) in enumerate(values):
        height = room * value // most if most else 0
        x = place * STEP + (STEP - BAR) // 2
        bars.append(Bar(word, said, x, HEIGHT - FOOT - height, height))
    return Plot(bars, STEP * max(len(bars), FEWEST_STEPS))
