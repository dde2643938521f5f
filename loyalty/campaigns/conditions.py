"""What a campaign may ask of a basket and its buyer, one class each. Pure."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar, Protocol
from zoneinfo import ZoneInfo

from loyalty.baskets.rules import MOST_MINOR, Scope, said_amount
from loyalty.campaigns.parts import Part, Registry
from loyalty.campaigns.rules import Facts

MINUTES_OF_DAY = 24 * 60
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Condition(Part, Protocol):
    """Something that holds or does not, and a sentence that says what was looked at."""

    def holds(self, facts: Facts) -> bool:
        """Whether it holds."""
        ...

    def says(self, facts: Facts) -> str:
        """What it looked for and what it saw, for whoever asks why."""
        ...


CONDITIONS: Registry[Condition] = Registry("condition")


@CONDITIONS.known
@dataclass(frozen=True)
class BasketTotal:
    """What the lines of a scope come to, in minor units, is at least so much."""

    kind: ClassVar[str] = "basket_total"
    at_least_minor: int
    scope: Scope = field(default_factory=Scope)

    def problems(self) -> dict[str, str]:
        return _within("at_least_minor", self.at_least_minor, 1, MOST_MINOR)

    def holds(self, facts: Facts) -> bool:
        return self._total(facts) >= self.at_least_minor

    def says(self, facts: Facts) -> str:
        currency = facts.basket.currency
        seen, needed = (
            said_amount(minor, currency) for minor in (self._total(facts), self.at_least_minor)
        )
        return f"The basket comes to {seen}; it needs {needed}."

    def _total(self, facts: Facts) -> int:
        return sum(line.total_minor for line in self.scope.lines_of(facts.basket))


@CONDITIONS.known
@dataclass(frozen=True)
class Contains:
    """There are at least so many pieces of what a scope is for."""

    kind: ClassVar[str] = "contains"
    scope: Scope
    at_least: Decimal = Decimal(1)

    def problems(self) -> dict[str, str]:
        wrong = {} if self.scope.includes else {"scope": "Say which goods it has to contain."}
        return wrong | ({} if self.at_least > 0 else {"at_least": "This is above nought."})

    def holds(self, facts: Facts) -> bool:
        return self._pieces(facts) >= self.at_least

    def says(self, facts: Facts) -> str:
        return f"It has {self._pieces(facts)} of such goods; it needs {self.at_least}."

    def _pieces(self, facts: Facts) -> Decimal:
        return sum((line.quantity for line in self.scope.lines_of(facts.basket)), Decimal(0))


@CONDITIONS.known
@dataclass(frozen=True)
class Place:
    """The basket is in one of some places, such as `store:soho`."""

    kind: ClassVar[str] = "place"
    labels: frozenset[str]

    def problems(self) -> dict[str, str]:
        return {} if self.labels else {"labels": "Name a place."}

    def holds(self, facts: Facts) -> bool:
        return bool(self.labels & facts.basket.labels)

    def says(self, facts: Facts) -> str:
        seen = ", ".join(sorted(facts.basket.labels)) or "nowhere that is known"
        return f"It has to be at {' or '.join(sorted(self.labels))}; it is at {seen}."


@CONDITIONS.known
@dataclass(frozen=True)
class HoursOfDay:
    """By the clock on the store's wall it is in [from_minute, until_minute) of the day.

    Minutes from midnight; where `until` is not after `from`, it goes past midnight.
    """

    kind: ClassVar[str] = "hours"
    from_minute: int
    until_minute: int

    def problems(self) -> dict[str, str]:
        return _within("from_minute", self.from_minute, 0, MINUTES_OF_DAY - 1) | _within(
            "until_minute", self.until_minute, 0, MINUTES_OF_DAY
        )

    def holds(self, facts: Facts) -> bool:
        return self.covers(self._minute(facts))

    def covers(self, minute: int) -> bool:
        """Whether a minute of the day is in it."""
        if self.from_minute < self.until_minute:
            return self.from_minute <= minute < self.until_minute
        return minute >= self.from_minute or minute < self.until_minute

    def says(self, facts: Facts) -> str:
        wanted = f"{_clock(self.from_minute)} to {_clock(self.until_minute)}"
        return f"It is {_clock(self._minute(facts))} in the store; it has to be {wanted}."

    def _minute(self, facts: Facts) -> int:
        wall = facts.basket.at.astimezone(ZoneInfo(facts.basket.zone))
        return wall.hour * 60 + wall.minute


@CONDITIONS.known
@dataclass(frozen=True)
class Weekdays:
    """In the store it is one of some days, 1 for Monday to 7 for Sunday (ISO 8601)."""

    kind: ClassVar[str] = "weekdays"
    days: frozenset[int]

    def problems(self) -> dict[str, str]:
        fine = self.days and all(1 <= day <= 7 for day in self.days)
        return {} if fine else {"days": "Name days from 1 for Monday to 7 for Sunday."}

    def holds(self, facts: Facts) -> bool:
        return self._day(facts) in self.days

    def says(self, facts: Facts) -> str:
        wanted = " or ".join(_DAYS[day - 1] for day in sorted(self.days))
        return f"It is {_DAYS[self._day(facts) - 1]} in the store; it has to be {wanted}."

    def _day(self, facts: Facts) -> int:
        return facts.basket.at.astimezone(ZoneInfo(facts.basket.zone)).isoweekday()


@CONDITIONS.known
@dataclass(frozen=True)
class Buyer:
    """Whoever buys is known, and has one of some labels, such as `tier:gold`; none: all do."""

    kind: ClassVar[str] = "buyer"
    labels: frozenset[str] = frozenset()

    def problems(self) -> dict[str, str]:
        return {}

    def holds(self, facts: Facts) -> bool:
        is_one = not self.labels or bool(self.labels & facts.owner_labels)
        return facts.basket.owner_id is not None and is_one

    def says(self, facts: Facts) -> str:
        if facts.basket.owner_id is None:
            return "It is for members; nobody is known here."
        if not self.labels:
            return "It is for members."
        seen = ", ".join(sorted(facts.owner_labels)) or "nothing"
        return f"It is for {' or '.join(sorted(self.labels))}; the member is {seen}."


@CONDITIONS.known
@dataclass(frozen=True)
class PurchaseNumber:
    """It is a member's purchase of a number in [at_least, at_most]; 1 is the first."""

    kind: ClassVar[str] = "purchase_number"
    at_least: int
    at_most: int

    def problems(self) -> dict[str, str]:
        wrong = _within("at_least", self.at_least, 1, 10**6)
        return wrong | _within("at_most", self.at_most, self.at_least, 10**6)

    def holds(self, facts: Facts) -> bool:
        if facts.purchases is None:
            return False
        return self.at_least <= facts.purchases + 1 <= self.at_most

    def says(self, facts: Facts) -> str:
        if facts.purchases is None:
            return "It counts a member’s purchases; nobody is known here."
        wanted = f"{self.at_least} to {self.at_most}"
        return f"It is purchase number {facts.purchases + 1}; it has to be {wanted}."


def _within(name: str, value: int, least: int, most: int) -> dict[str, str]:
    if least <= value <= most:
        return {}
    return {name: f"This is a whole number from {least} to {most}."}


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
