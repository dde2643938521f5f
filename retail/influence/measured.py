"""What it sells that stylists are spoken of, measured on those who were kept from it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from loyalty.experiments.lift import grouped
from loyalty.experiments.once import OneReading, read_once
from retail.influence.rules import FEWEST_PEOPLE

Why = Literal["told", "early", "no_holdout", "few", "not_a_month"]


class Placed(Protocol):
    """Somebody for whom it was decided, with their circle and since when."""

    @property
    def member_id(self) -> str: ...
    @property
    def cluster_id(self) -> str: ...
    @property
    def arm(self) -> str: ...
    @property
    def first_at(self) -> datetime: ...


@dataclass(frozen=True)
class Lifted:
    """What members spent more, who could hear of a stylist, than those kept from it.

    `relative` and its 95% interval are shares of what the latter spent, None where that is next to
    nothing; `extra_minor` is the difference of all who could hear of her, in minor units.
    """

    relative: float | None
    relative_low: float | None
    relative_high: float | None
    extra_minor: int
    extra_low_minor: int
    extra_high_minor: int
    is_clear: bool


def first_of_each(placed: Iterable[Placed]) -> list[Placed]:
    """Everybody once, as they were first asked about."""
    found: dict[str, Placed] = {}
    for one in sorted(placed, key=lambda one: (one.first_at, one.member_id)):
        found.setdefault(one.member_id, one)
    return list(found.values())


def in_tens(placed: Sequence[Placed]) -> list[Placed]:
    """The first of each arm, in whole tens: two readings differ by ten people there, or by none."""
    found: list[Placed] = []
    for arm in ("treatment", "holdout"):
        mine = [one for one in first_of_each(placed) if one.arm == arm]
        found += mine[: len(mine) // FEWEST_PEOPLE * FEWEST_PEOPLE]
    return found


def lifted(placed: Sequence[Placed], spent: Mapping[str, int]) -> Lifted | None:
    """The lift among some people, in tens; None where too few circles were drawn to tell."""
    arms = grouped(
        (one.arm, one.cluster_id, spent.get(one.member_id, 0)) for one in in_tens(placed)
    )
    found = read_once(arms["treatment"], arms["holdout"])
    return None if found is None else _told(found)


def lifts(
    audiences: Mapping[str, Sequence[Placed]], spent: Mapping[str, int]
) -> tuple[Lifted | None, dict[str, Lifted]]:
    """The lift of everybody together, and that of each stylist, where they may be told.

    Each is of whole tens on either side. So where one audience is part of another, what the two
    figures differ by is of ten people or of none.
    """
    whole = lifted([one for audience in audiences.values() for one in audience], spent)
    each = {key: lifted(audience, spent) for key, audience in audiences.items()}
    return whole, {key: one for key, one in each.items() if one is not None}


def _told(found: OneReading) -> Lifted:
    people = found.treated.people
    return Lifted(
        found.relative,
        found.relative_low,
        found.relative_high,
        round(found.difference * people),
        round(found.low * people),
        round(found.high * people),
        found.is_clear,
    )
