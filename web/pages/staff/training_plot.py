"""The drawing of what each run's model was worth beside the bestsellers. Pure geometry."""

from collections.abc import Sequence
from dataclasses import dataclass

from retail.training.queries import RunView

WIDTH, HEIGHT, LEFT, RIGHT, TOP, FOOT = 880, 240, 44, 132, 18, 34
MOST = 30


@dataclass(frozen=True)
class Dot:
    """One run's model; `is_filled` where it came to serve."""

    x: int
    y: int
    run: RunView
    is_filled: bool


@dataclass(frozen=True)
class FiguresPlot:
    """Two lines over the runs, oldest first, on a scale from 0 to `most`."""

    dots: Sequence[Dot]
    model: str
    popular: str
    model_y: int
    popular_y: int
    most: float
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    base: int = HEIGHT - FOOT


def draw_figures(runs: Sequence[RunView]) -> FiguresPlot | None:
    """The newest runs in which something was tried; None where there are fewer than two."""
    tried = [(run, run.trial) for run in reversed(runs) if run.trial is not None][-MOST:]
    if len(tried) < 2:
        return None
    figures = [one.mean for _, trial in tried for one in (trial.candidate, trial.popular)]
    most = max(*figures, 0.01)
    step = (WIDTH - LEFT - RIGHT) / (len(tried) - 1)

    def height(value: float) -> int:
        return round(HEIGHT - FOOT - value / most * (HEIGHT - FOOT - TOP))

    across = [round(LEFT + place * step) for place in range(len(tried))]
    model = [height(trial.candidate.mean) for _, trial in tried]
    popular = [height(trial.popular.mean) for _, trial in tried]
    dots = [
        Dot(x, y, run, run.state == "promoted")
        for x, y, (run, _) in zip(across, model, tried, strict=True)
    ]
    lines = [_line(across, model), _line(across, popular)]
    return FiguresPlot(dots, *lines, *_apart(model[-1], popular[-1]), most)


def _line(across: Sequence[int], down: Sequence[int]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in zip(across, down, strict=True))


def _apart(one: int, other: int, least: int = 20) -> tuple[int, int]:
    """Where two names stand at the ends of their lines, so that neither covers the other."""
    if abs(one - other) >= least:
        return one, other
    middle, is_above = (one + other) // 2, one <= other
    shift = least // 2
    return (middle - shift, middle + shift) if is_above else (middle + shift, middle - shift)
