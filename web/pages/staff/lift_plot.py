"""The drawing of a difference with its interval on a line through nought. Pure geometry."""

from dataclasses import dataclass

from retail.journeys.campaigns.measure_experiment import Compared

WIDTH, HEIGHT, MARGIN = 640, 108, 64


@dataclass(frozen=True)
class LiftPlot:
    """Where nought, the difference and the ends of its interval are, from the left."""

    nought: int
    low: int
    middle: int
    high: int
    width: int = WIDTH
    height: int = HEIGHT
    line: int = HEIGHT // 2


def draw_lift(found: Compared) -> LiftPlot:
    """The interval and nought, both always in sight."""
    left, right = min(found.low, 0.0), max(found.high, 0.0)
    span = right - left

    def place(value: float) -> int:
        if span == 0:
            return WIDTH // 2
        return round(MARGIN + (value - left) / span * (WIDTH - 2 * MARGIN))

    return LiftPlot(place(0), place(found.low), place(found.difference), place(found.high))
