"""What the dictionary of vouchers knows, and its own arithmetic, in fractions."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

PIECES = Decimal(2)
HALF = Fraction(1, 2)


@dataclass
class Issued:
    """What the oracle knows of a voucher; a higher number comes first."""

    code: str
    kind: str
    value: int
    uses: int | None
    per_owner: int | None
    until: datetime
    is_void: bool = False


@dataclass
class Put:
    """What the oracle knows of a sale."""

    id: str
    asked: Any
    state: str
    owner: str | None
    until: datetime
    takes: dict[int, dict[str, int]]
    totals: dict[str, int]
    back: dict[str, Decimal] = field(default_factory=dict)
    returns: dict[str, tuple[str, str]] = field(default_factory=dict)

    def holds(self, number: int, now: datetime) -> bool:
        """Whether it has a use of a voucher."""
        if number not in self.takes or self.state in ("released", "lapsed"):
            return False
        if self.state == "reserved":
            return now < self.until
        lines = self.takes[number] or self.totals
        return any(self.back.get(name, 0) < PIECES for name in lines)


def taken(counting: dict[int, Issued], totals: dict[str, int]) -> dict[int, dict[str, int]]:
    """What vouchers that count take off each line, the highest number first."""
    left, found = dict(totals), {}
    for number, one in sorted(counting.items(), reverse=True):
        whole = sum(left.values())
        share = floor(Fraction(whole * one.value, 100) + HALF)
        wanted = min(one.value, whole) if one.kind == "amount" else share
        exact = {name: Fraction(wanted * left[name], whole or 1) for name in left}
        parts = {name: floor(part) for name, part in exact.items()}
        by_rest = sorted(left, key=lambda name: (parts[name] - exact[name], name))
        for name in by_rest[: wanted - sum(parts.values())]:
            parts[name] += 1
        if wanted:
            found[number] = {name: part for name, part in parts.items() if part}
            left = {name: left[name] - parts[name] for name in left}
    return found


def came_back(put: Put, wanted: dict[str, Decimal], answer: Any) -> None:
    """Expect what an answer says of goods that came back, and note them."""
    for one in answer.lines:
        was = put.back.get(one.line, Decimal(0))
        put.back[one.line] = was + wanted[one.line]
        amounts = [takes.get(one.line, 0) for takes in put.takes.values()]
        first, last = (Fraction(quantity) / 2 for quantity in (was, put.back[one.line]))
        backs = [floor(each * last + HALF) - floor(each * first + HALF) for each in amounts]
        pays = put.totals[one.line] - sum(amounts)
        assert one.discount_minor == sum(backs)
        assert one.paid_minor == floor(pays * last + HALF) - floor(pays * first + HALF)
    assert {one.line for one in answer.lines} == set(wanted)
