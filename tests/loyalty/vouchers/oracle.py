"""What the dictionary of vouchers knows, and its own arithmetic, in fractions."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any, NamedTuple

PIECES = Decimal(2)
HALF = Fraction(1, 2)


@dataclass
class Issued:
    """What the oracle knows of a voucher; those of the same `terms` differ in owner and time.

    Higher terms come first, then the lower id.
    """

    id: str
    code: str
    hash: str
    terms: int
    kind: str
    value: int
    uses: int | None
    per_owner: int | None
    owner: str | None
    is_of_campaign: bool
    until: datetime
    is_void: bool = False


@dataclass(frozen=True)
class Ask:
    """Who puts which vouchers to lines of so much: a till, or their owner's phone."""

    numbers: frozenset[int]
    owner: str | None
    totals: tuple[int, ...]
    is_phone: bool = False


@dataclass
class Put:
    """What the oracle knows of a sale, or of what a phone holds."""

    id: str
    asked: Any
    state: str
    owner: str | None
    until: datetime
    takes: dict[int, dict[str, int]]
    totals: dict[str, int]
    began: datetime
    back: dict[str, Decimal] = field(default_factory=dict)
    returns: dict[str, tuple[str, str]] = field(default_factory=dict)
    # Of a phone's: which of its vouchers gave way, or went to others when its time was over.
    gone: set[int] = field(default_factory=set)

    def holds(self, number: int, now: datetime) -> bool:
        """Whether it has a use of a voucher."""
        if not self.keeps(number):
            return False
        if self.state == "reserved":
            return now < self.until
        lines = self.takes[number] or self.totals
        return any(self.back.get(name, 0) < PIECES for name in lines)

    def keeps(self, number: int) -> bool:
        """Whether it has a use of a voucher, or has one still though its time is over."""
        is_over = self.state in ("released", "lapsed")
        return number in self.takes and number not in self.gone and not is_over

    def gave(self, number: int) -> int:
        """What a voucher took off, without what came back."""
        lines = self.takes[number].items()
        return sum(amount - share(amount, self.back.get(name, 0)) for name, amount in lines)


class Account(NamedTuple):
    """On whose account uses of some terms go."""

    owner: str | None
    terms: int


def account_of(owner: str | None, one: Issued) -> Account:
    """Whose basket it is, or else whose voucher."""
    return Account(owner or one.owner, one.terms)


class Known:
    """The oracle: vouchers by number, sales and taps of phones by source, a campaign's limit."""

    def __init__(self) -> None:
        self.vouchers: dict[int, Issued] = {}
        self.sales: dict[str, Put] = {}
        self.taps: dict[str, Put] = {}
        self.limit: int | None = None

    def held_by(self, owner: str | None, now: datetime) -> frozenset[int]:
        """Which vouchers somebody's phone holds."""
        taps = [tap for tap in self.taps.values() if owner is not None and tap.owner == owner]
        return frozenset(n for tap in taps for n in tap.takes if tap.holds(n, now))

    def used(self, number: int, now: datetime) -> int:
        """How many uses of a voucher are taken, by tills and phones."""
        every = (*self.sales.values(), *self.taps.values())
        return sum(put.holds(number, now) for put in every)

    def takes(self, ask: Ask, now: datetime) -> dict[int, dict[str, int]]:
        """What the vouchers that count take off each line, by number."""
        in_the_way = list(self._in_the_way(ask, now))
        counting = {
            number: one
            for number in ask.numbers
            if self._counts(number, one := self.vouchers[number], ask, in_the_way, now)
        }
        given = sum(put.gave(n) for put, n in in_the_way if self.vouchers[n].is_of_campaign)
        used = Counter(account_of(put.owner, self.vouchers[n]) for put, n in in_the_way)
        left = None if self.limit is None else self.limit - given
        named = {str(n): total for n, total in enumerate(ask.totals, start=1)}
        return taken(counting, ask.owner, named, left, used)

    def without_phones(self, ask: Ask, now: datetime) -> dict[int, dict[str, int]]:
        """What `takes` would be if no phone had ever held anything."""
        taps, self.taps = self.taps, {}
        try:
            return self.takes(ask, now)
        finally:
            self.taps = taps

    def give_way(self, ask: Ask, now: datetime) -> None:
        """Take from phones what is free for who asks, and what nobody holds any more beside it."""
        for tap, number in self._kept():
            is_over = now >= tap.until and self._is_beside(number, ask)
            if is_over or self._gives_way(tap, number, ask):
                self.let_go(tap, number, now)

    def clear(self, number: int, now: datetime) -> None:
        """Take a voucher from all phones."""
        for tap, held in self._kept():
            if held == number:
                self.let_go(tap, number, now)

    def let_go(self, tap: Put, number: int, now: datetime) -> None:
        """A phone has a voucher no more; with the last one its hold is over."""
        tap.gone.add(number)
        if tap.gone >= set(tap.takes):
            tap.state = "lapsed" if now >= tap.until else "released"

    def _kept(self) -> list[tuple[Put, int]]:
        return [(tap, n) for tap in self.taps.values() for n in tap.takes if tap.keeps(n)]

    def _in_the_way(self, ask: Ask, now: datetime) -> Iterator[tuple[Put, int]]:
        yield from ((put, n) for put in self.sales.values() for n in put.takes if put.holds(n, now))
        for tap, number in self._kept():
            if tap.holds(number, now) and not self._gives_way(tap, number, ask):
                yield tap, number

    def _gives_way(self, tap: Put, number: int, ask: Ask) -> bool:
        if tap.owner == ask.owner:
            return True
        owners = {self.vouchers[shown].owner for shown in ask.numbers}
        return not ask.is_phone and (number in ask.numbers or tap.owner in owners)

    def _is_beside(self, number: int, ask: Ask) -> bool:
        one, shown = self.vouchers[number], [self.vouchers[other] for other in ask.numbers]
        is_of_campaign = any(other.is_of_campaign for other in shown)
        return one.terms in {other.terms for other in shown} or (
            one.is_of_campaign and is_of_campaign
        )

    def _counts(
        self, number: int, one: Issued, ask: Ask, in_the_way: list[tuple[Put, int]], now: datetime
    ) -> bool:
        used = sum(other == number for _, other in in_the_way)
        return not (
            one.is_void
            or now >= one.until
            or (ask.is_phone and one.owner not in (None, ask.owner))
            or (one.uses is not None and used >= one.uses)
        )


def taken(
    counting: dict[int, Issued],
    owner: str | None,
    totals: dict[str, int],
    budget: int | None,
    used: Counter[Account],
) -> dict[int, dict[str, int]]:
    """What vouchers that count take off each line, as far as owners and the budget go."""
    left, found, used = dict(totals), {}, used.copy()
    for number, one in sorted(counting.items(), key=lambda item: (-item[1].terms, item[1].id)):
        account = account_of(owner, one)
        is_over = account.owner is None or used[account] >= (one.per_owner or 0)
        if one.per_owner and is_over:
            continue
        whole = sum(left.values())
        part_of_it = floor(Fraction(whole * one.value, 100) + HALF)
        wanted = min(one.value, whole) if one.kind == "amount" else part_of_it
        if one.is_of_campaign and budget is not None:
            if wanted > budget:
                continue
            budget -= wanted
        exact = {name: Fraction(wanted * left[name], whole or 1) for name in left}
        parts = {name: floor(part) for name, part in exact.items()}
        by_rest = sorted(left, key=lambda name: (parts[name] - exact[name], name))
        for name in by_rest[: wanted - sum(parts.values())]:
            parts[name] += 1
        if wanted:
            used[account] += 1
            found[number] = {name: part for name, part in parts.items() if part}
            left = {name: left[name] - parts[name] for name in left}
    return found


def share(amount: int, quantity: Decimal | int) -> int:
    """How much of an amount belongs to so much of a line, half a penny upwards."""
    return floor(amount * Fraction(quantity) / 2 + HALF)


def came_back(put: Put, wanted: dict[str, Decimal], answer: Any) -> None:
    """Expect what an answer says of goods that came back, and note them."""
    for one in answer.lines:
        was = put.back.get(one.line, Decimal(0))
        put.back[one.line] = now = was + wanted[one.line]
        amounts = [takes.get(one.line, 0) for takes in put.takes.values()]
        pays = put.totals[one.line] - sum(amounts)
        assert one.discount_minor == sum(share(each, now) - share(each, was) for each in amounts)
        assert one.paid_minor == share(pays, now) - share(pays, was)
    assert {one.line for one in answer.lines} == set(wanted)
