"""Interleaved measuring: what is compared takes turns, so that a busy machine slows all alike."""

import statistics
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

Round = Callable[[], float]


@dataclass(frozen=True)
class Figure:
    """One promise and what was seen. `better` says on which side of the floor it must lie."""

    name: str
    value: float
    floor: float
    aim: float
    better: Literal["higher", "lower"]
    unit: str = "×"
    note: str = ""

    @property
    def verdict(self) -> str:
        """`aim`, `floor` or `below`: how far the figure came."""
        sign = 1 if self.better == "higher" else -1
        if sign * self.value >= sign * self.aim:
            return "aim"
        return "floor" if sign * self.value >= sign * self.floor else "below"

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return asdict(self) | {"verdict": self.verdict, "value": round(self.value, 4)}


def interleave(rounds: Mapping[str, Round], *, times: int) -> dict[str, list[float]]:
    """The cost of each, round after round in alternating order, after one round to warm up."""
    names = list(rounds)
    for name in names:
        rounds[name]()
    costs: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(times):
        for name in names if turn % 2 else reversed(names):
            costs[name].append(rounds[name]())
    return costs


def ratio(costs: Mapping[str, list[float]], upper: str, lower: str) -> float:
    """The median over rounds of the cost of `upper` over that of `lower` in the same round."""
    pairs = zip(costs[upper], costs[lower], strict=True)
    return statistics.median(a / b for a, b in pairs)


def table(figures: list[Figure]) -> str:
    """For people."""
    lines = [f"{'figure':<58}{'seen':>10}{'floor':>9}{'aim':>9}  verdict"]
    for figure in figures:
        seen = f"{figure.value:.3g} {figure.unit}"
        lines.append(
            f"{figure.name:<58}{seen:>10}{figure.floor:>9g}{figure.aim:>9g}  {figure.verdict}"
        )
        if figure.note:
            lines.append(f"    {figure.note}")
    return "\n".join(lines)
