"""Lift with its interval, one line for each stylist on a common scale. Pure geometry."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from retail.influence.measured import Lifted

WIDTH, HEIGHT = 124, 30
_EDGE = 8
_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
_FEWEST_TICKS, _MOST_TICKS = 2, 5


@dataclass(frozen=True)
class Tick:
    """A number under the lines, as a share, and where it stands."""

    share: float
    x: float


@dataclass(frozen=True)
class Mark:
    """Where a stylist's interval begins, lies and ends."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class Scale:
    """What all lines have in common: from where to where, and where nought is."""

    lowest: float
    highest: float
    ticks: Sequence[Tick]
    width: int = WIDTH
    height: int = HEIGHT
    line: int = HEIGHT // 2

    @property
    def nought(self) -> float:
        """Where nothing is changed."""
        return self.place(0)

    def place(self, share: float) -> float:
        """How far from the left a share stands; beyond the scale, at its end."""
        held = min(max(share, self.lowest), self.highest)
        span = self.highest - self.lowest
        return round(_EDGE + (held - self.lowest) / span * (WIDTH - 2 * _EDGE), 1)

    def mark(self, lift: Lifted) -> Mark | None:
        """Where a lift stands; None where it is no share of anything."""
        if lift.relative is None or lift.relative_low is None or lift.relative_high is None:
            return None
        low, high = self.place(lift.relative_low), self.place(lift.relative_high)
        return Mark(low, self.place(lift.relative), high)


def scale_of(lifts: Iterable[Lifted | None]) -> Scale | None:
    """A scale with every interval on it, and nought; None where there is none."""
    ends = [
        end
        for one in lifts
        if one is not None
        for end in (one.relative_low, one.relative_high)
        if end is not None
    ]
    if not ends:
        return None
    low, high = min(0.0, *ends), max(0.0, *ends)
    step = next((one for one in _STEPS if (high - low) / one <= _MOST_TICKS), _STEPS[-1])
    lowest, highest = step * (low // step), step * -(-high // step)
    highest = max(highest, lowest + _FEWEST_TICKS * step)
    plain = Scale(lowest, highest, ())
    number = round((highest - lowest) / step)
    shares = [lowest + step * at for at in range(number + 1)]
    return Scale(lowest, highest, [Tick(round(one, 4), plain.place(one)) for one in shares])
