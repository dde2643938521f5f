"""What a campaign may give, one class each, with its own way of working it out. Pure.

Discounts are taken from what is left of each line, in whole minor units, by largest remainder.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Decimal
from typing import ClassVar, Protocol

from loyalty.baskets.rules import MOST_MINOR, Scope, shared_out
from loyalty.campaigns.parts import Part, Registry
from loyalty.campaigns.rules import POINTS, WALLETS, Effect, Facts, Remaining

MOST_POINTS = 10**9
_SCOPED = "No line of the basket is what it is for."


class Benefit(Part, Protocol):
    """Something that is worked out of a basket and given, or nothing."""

    def given(self, facts: Facts, remaining: Remaining) -> Effect:
        """What it gives, of what is left."""
        ...


BENEFITS: Registry[Benefit] = Registry("benefit")


@BENEFITS.known
@dataclass(frozen=True)
class PercentOff:
    """A share of what is left of the lines of a scope, rounded down, at most so much."""

    kind: ClassVar[str] = "percent_off"
    per_cent: int
    scope: Scope = field(default_factory=Scope)
    at_most_minor: int = MOST_MINOR

    def problems(self) -> dict[str, str]:
        return _range("per_cent", self.per_cent, 100) | _range(
            "at_most_minor", self.at_most_minor, MOST_MINOR
        )

    def given(self, facts: Facts, remaining: Remaining) -> Effect:
        left = remaining.of(self.scope, facts.basket)
        amount = min(sum(left.values()) * self.per_cent // 100, self.at_most_minor)
        return Effect(self.kind, discounts=_off(amount, left))


@BENEFITS.known
@dataclass(frozen=True)
class AmountOff:
    """So many minor units off the lines of a scope together, never more than is left of them."""

    kind: ClassVar[str] = "amount_off"
    amount_minor: int
    scope: Scope = field(default_factory=Scope)

    def problems(self) -> dict[str, str]:
        return _range("amount_minor", self.amount_minor, MOST_MINOR)

    def given(self, facts: Facts, remaining: Remaining) -> Effect:
        left = remaining.of(self.scope, facts.basket)
        return Effect(self.kind, discounts=_off(min(self.amount_minor, sum(left.values())), left))


@BENEFITS.known
@dataclass(frozen=True)
class CheapestFree:
    """One piece of the cheapest line of a scope, when there are at least so many pieces of it."""

    kind: ClassVar[str] = "cheapest_free"
    scope: Scope
    of_pieces: int = 2

    def problems(self) -> dict[str, str]:
        return _range("of_pieces", self.of_pieces, 1000)

    def given(self, facts: Facts, remaining: Remaining) -> Effect:
        left = remaining.of(self.scope, facts.basket)
        lines = [line for line in self.scope.lines_of(facts.basket) if line.id in left]
        if sum((line.quantity for line in lines), Decimal(0)) < self.of_pieces:
            return Effect(self.kind)
        pieces = {line.id: int(left[line.id] / max(line.quantity, Decimal(1))) for line in lines}
        cheapest = min(pieces, key=lambda line_id: (pieces[line_id], line_id))
        return Effect(self.kind, discounts=_off(pieces[cheapest], {cheapest: left[cheapest]}))


@BENEFITS.known
@dataclass(frozen=True)
class Points:
    """So many points, to a wallet of a member."""

    kind: ClassVar[str] = "points"
    points: int
    wallet: str = POINTS

    def problems(self) -> dict[str, str]:
        return _range("points", self.points, MOST_POINTS) | _no_wallet(self.wallet)

    def given(self, facts: Facts, remaining: Remaining) -> Effect:
        if facts.basket.owner_id is None:
            return Effect(self.kind)
        return _points(self.kind, self.points, remaining.lines, self.wallet)


@BENEFITS.known
@dataclass(frozen=True)
class PointsPerUnit:
    """Points for each whole unit of money that is left of the lines of a scope, rounded down.

    `minor_per_unit` is what a unit has: 100 for pounds and euros, 1 for yen.
    """

    kind: ClassVar[str] = "points_per_unit"
    points: Decimal
    scope: Scope = field(default_factory=Scope)
    minor_per_unit: int = 100
    wallet: str = POINTS

    def problems(self) -> dict[str, str]:
        fine = 0 < self.points <= MOST_POINTS
        wrong = {} if fine else {"points": f"This is a number up to {MOST_POINTS}."}
        wrong |= _range("minor_per_unit", self.minor_per_unit, 1000)
        return wrong | _no_wallet(self.wallet)

    def given(self, facts: Facts, remaining: Remaining) -> Effect:
        if facts.basket.owner_id is None:
            return Effect(self.kind)
        left = remaining.of(self.scope, facts.basket)
        exact = self.points * sum(left.values()) / self.minor_per_unit
        points = int(exact.to_integral_value(ROUND_DOWN))
        return _points(self.kind, points, left, self.wallet)


@BENEFITS.known
@dataclass(frozen=True)
class Voucher:
    """A voucher of terms that are kept elsewhere under a name, to a member."""

    kind: ClassVar[str] = "voucher"
    terms: str

    def problems(self) -> dict[str, str]:
        return {} if 1 <= len(self.terms) <= 80 else {"terms": "Name the voucher’s terms."}

    def given(self, facts: Facts, remaining: Remaining) -> Effect:
        is_there = facts.vouchers is None or self.terms in facts.vouchers
        is_given = is_there and facts.basket.owner_id is not None
        return Effect(self.kind, voucher=self.terms if is_given else None)


def why_nothing(benefit: Benefit, facts: Facts) -> str:
    """The sentence that says why a benefit gives nothing."""
    if benefit.kind in TO_MEMBERS and facts.basket.owner_id is None:
        return f"Its {benefit.kind} needs a member; nobody is known here."
    if isinstance(benefit, Voucher) and facts.vouchers is not None:
        return f"There are no voucher terms of the name {benefit.terms}."
    return f"Its {benefit.kind} comes to nothing for this basket."


TO_MEMBERS = frozenset({Points.kind, PointsPerUnit.kind, Voucher.kind})


def _points(kind: str, points: int, left: Mapping[str, int], wallet: str) -> Effect:
    # What costs nothing any more still bought them.
    weights = left if any(left.values()) else dict.fromkeys(left, 1)
    parts = shared_out(points, list(weights.values())) if weights else []
    by_line = {line_id: part for line_id, part in zip(weights, parts, strict=True) if part}
    return Effect(kind, points=points, points_by_line=by_line, wallet=wallet)


def _off(amount: int, left: Mapping[str, int]) -> dict[str, int]:
    parts = shared_out(amount, list(left.values())) if amount else [0] * len(left)
    return {line_id: part for line_id, part in zip(left, parts, strict=True) if part}


def _no_wallet(name: str) -> dict[str, str]:
    return {} if name in WALLETS else {"wallet": f"This is one of {', '.join(WALLETS)}."}


def _range(name: str, value: int, most: int) -> dict[str, str]:
    return {} if 1 <= value <= most else {name: f"This is a whole number from 1 to {most}."}
