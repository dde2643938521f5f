"""People in batches of ten or more: what may be told of any span of days. Pure.

The deeds of a month are cut into batches once, in the order of time, wherever somebody looks from.
Of a span is told the sum of the batches that lie in it, so whatever two spans differ by is made of
whole batches too: never of one person, however close together their ends are.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from retail.engagement.rules import FEWEST_PEOPLE


class Deed(Protocol):
    """What somebody did at an instant; ids tell deeds of one instant apart."""

    @property
    def id(self) -> str: ...
    @property
    def member_id(self) -> str: ...
    @property
    def at(self) -> datetime: ...


T = TypeVar("T", bound=Deed)
# The key that every deed has.
_ALL = ""


class _Batch(Generic[T]):
    def __init__(self, needed: Collection[str]) -> None:
        self.deeds: list[T] = []
        self.people: dict[str, set[str]] = defaultdict(set)
        for key in (_ALL, *needed):
            self.people[key] = set()

    def add(self, deed: T, keys: Iterable[str]) -> None:
        self.deeds.append(deed)
        for key in (_ALL, *keys):
            self.people[key].add(deed.member_id)

    def take_in(self, other: "_Batch[T]") -> None:
        self.deeds += other.deeds
        for key, people in other.people.items():
            self.people[key] |= people

    @property
    def is_enough(self) -> bool:
        return min(map(len, self.people.values())) >= FEWEST_PEOPLE


def batches(
    deeds: Iterable[T],
    *,
    keys: Callable[[T], Collection[str]] = lambda _: (),
    needed: Collection[str] = (),
    is_over: bool,
) -> list[list[T]]:
    """What was done in a month, cut as soon as ten people stand behind everything in a batch.

    `keys` names the other figures of the month in which a deed is counted: of each a batch has ten
    people or nobody, and ten of those `needed`. Whatever they are, batches are made of the same
    tens. What is left at the end joins the last batch; as long as the month is not over that may
    happen yet, so the last one is held back.
    """
    ordered = sorted(deeds, key=lambda one: (one.at, one.id))
    tens, rest = _closed(([deed] for deed in ordered), lambda _: (), ())
    if is_over and tens:
        tens[-1].take_in(rest)
    found, rest = _closed((one.deeds for one in tens), keys, needed)
    if not is_over:
        return [one.deeds for one in found[:-1]]
    while found and rest.deeds:
        found[-1].take_in(rest)
        rest = _Batch(()) if found[-1].is_enough else found.pop()
    return [one.deeds for one in found]


def _closed(
    parts: Iterable[list[T]], keys: Callable[[T], Collection[str]], needed: Collection[str]
) -> tuple[list[_Batch[T]], _Batch[T]]:
    """The parts in batches that are enough, and what is left over."""
    found: list[_Batch[T]] = []
    batch: _Batch[T] = _Batch(needed)
    for part in parts:
        for deed in part:
            batch.add(deed, keys(deed))
        if batch.is_enough:
            found.append(batch)
            batch = _Batch(needed)
    return found, batch


def within(cut: Iterable[list[T]], starts_at: datetime, ends_at: datetime) -> list[list[T]]:
    """The batches of which everything was done in [starts_at, ends_at)."""
    return [one for one in cut if one[0].at >= starts_at and one[-1].at < ends_at]
