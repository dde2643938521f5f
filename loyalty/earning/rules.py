"""What a basket or a deed earns under the terms of a programme. Pure, and whole numbers only.

Terms have versions that never change, so that the same basket earns the same again (L7).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Literal
from zoneinfo import ZoneInfo

from loyalty.baskets.rules import Basket, Line, Scope, shared_out

Kind = Literal["spend", "pieces", "multiplier", "first_purchase", "action"]
Rounding = Literal["down", "half_up", "up"]
ExpiryKind = Literal["none", "rolling", "calendar", "sliding"]

KINDS: tuple[Kind, ...] = ("spend", "pieces", "multiplier", "first_purchase", "action")
ROUNDINGS: tuple[Rounding, ...] = ("down", "half_up", "up")
# Deeds that may earn. Sharing as such is none of them, and never will be.
ACTIONS = ("outfit_laid_out", "season_won", "friend_purchase")
# Where a part belongs to no line of a basket.
NO_LINE = ""


@dataclass(frozen=True)
class Window:
    """When a rule holds, on the clocks of the store: days (included), weekdays from Monday = 0,

    and hours from `from_time`, included, to `until_time`, excluded. What is left out always fits.
    """

    first_day: date | None = None
    last_day: date | None = None
    weekdays: frozenset[int] = frozenset()
    from_time: time | None = None
    until_time: time | None = None

    def holds(self, basket: Basket) -> bool:
        """Whether a basket was bought within it."""
        local = basket.at.astimezone(ZoneInfo(basket.zone))
        day, clock = local.date(), local.time()
        return (
            (self.first_day is None or day >= self.first_day)
            and (self.last_day is None or day <= self.last_day)
            and (not self.weekdays or day.weekday() in self.weekdays)
            and (self.from_time is None or clock >= self.from_time)
            and (self.until_time is None or clock < self.until_time)
        )


@dataclass(frozen=True)
class Caps:
    """The most points that a rule gives; None is no limit. `per_period` counts `period_days`."""

    per_receipt: int | None = None
    per_day: int | None = None
    per_period: int | None = None
    period_days: int = 30


@dataclass(frozen=True)
class Rule:
    """One way to earn. Which of the numbers count depends on its kind:

    `spend` gives `points` for every `per_minor` of money, `pieces` for every whole piece,
    `multiplier` makes `percent` of what spend and pieces give its lines, `first_purchase` and
    `action` give `points` once for each first purchase or deed.
    """

    id: str
    kind: Kind
    points: int = 0
    per_minor: int = 100
    percent: int = 100
    rounding: Rounding = "down"
    action: str = ""
    wallet: str = "points"
    scope: Scope = field(default_factory=Scope)
    window: Window = field(default_factory=Window)
    caps: Caps = field(default_factory=Caps)


@dataclass(frozen=True)
class Expiry:
    """When available points end: never, `days` after they were earned, at the end of the year

    and `days` of grace, or after `days` without earning or spending.
    """

    kind: ExpiryKind = "none"
    days: int = 0


@dataclass(frozen=True)
class Terms:
    """A version of what a programme gives for what; points wait `pending_days` from the sale."""

    version: int
    currency: str
    rules: tuple[Rule, ...]
    pending_days: int = 30
    expiry: Expiry = field(default_factory=Expiry)
    warn_days: int = 14


@dataclass(frozen=True)
class Facts:
    """What an award depended on besides its basket, kept with it: all else is recomputed.

    `today` and `in_period` are points that a rule with such a cap had given already.
    """

    is_first: bool = False
    today: Mapping[str, int] = field(default_factory=dict)
    in_period: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """Points that one rule gives for one line; for none where `line_id` is empty."""

    rule_id: str
    line_id: str
    wallet: str
    points: int


def award_basket(terms: Terms, basket: Basket, facts: Facts) -> tuple[Part, ...]:
    """What a basket earns, rule by rule and line by line; nothing in another currency."""
    if basket.currency != terms.currency:
        return ()
    holding = [rule for rule in terms.rules if rule.window.holds(basket)]
    parts = [
        part
        for rule in holding
        if rule.kind in ("spend", "pieces")
        for part in _shared(rule, _base(rule, basket), facts)
    ]
    base = list(parts)
    for rule in holding:
        if rule.kind == "multiplier":
            parts += _shared(rule, _multiplied(rule, basket, base), facts)
        if rule.kind == "first_purchase" and facts.is_first:
            lines = rule.scope.lines_of(basket)
            if lines:
                parts += _shared(rule, (rule.points, _by_money(lines)), facts)
    return tuple(parts)


def award_action(terms: Terms, action: str, facts: Facts) -> tuple[Part, ...]:
    """What a deed earns."""
    return tuple(
        part
        for rule in terms.rules
        if rule.kind == "action" and rule.action == action
        for part in _shared(rule, (rule.points, {NO_LINE: 1}), facts)
    )


def points_in(parts: Iterable[Part], wallet: str) -> int:
    """What the parts sum to in a wallet."""
    return sum(part.points for part in parts if part.wallet == wallet)


def points_by_line(parts: Iterable[Part], wallet: str) -> dict[str, int]:
    """What each line earned in a wallet."""
    found: dict[str, int] = {}
    for part in parts:
        if part.wallet == wallet:
            found[part.line_id] = found.get(part.line_id, 0) + part.points
    return found


def taken_back(points: int, *, total_minor: int, returned_minor: int, is_returned: bool) -> int:
    """How many of a line's points have gone once so much of its money was paid back.

    Never more than it earned, and all of them with its last piece, however many parts it came in.
    """
    if is_returned or returned_minor >= total_minor:
        return points if is_returned or total_minor > 0 else 0
    return points * returned_minor // total_minor


_Weighed = tuple[int, dict[str, int]]


def _base(rule: Rule, basket: Basket) -> _Weighed:
    lines = rule.scope.lines_of(basket)
    if rule.kind == "pieces":
        by_line = {line.id: rule.points * int(line.quantity) for line in lines}
        return sum(by_line.values()), by_line
    money = sum(line.total_minor for line in lines)
    return _rounded(money * rule.points, rule.per_minor, rule.rounding), _by_money(lines)


def _multiplied(rule: Rule, basket: Basket, base: list[Part]) -> _Weighed:
    lines = {line.id for line in rule.scope.lines_of(basket)}
    mine = [part for part in base if part.line_id in lines and part.wallet == rule.wallet]
    by_line = points_by_line(mine, rule.wallet)
    more = _rounded(sum(by_line.values()) * (rule.percent - 100), 100, rule.rounding)
    return more, by_line


def _by_money(lines: Iterable[Line]) -> dict[str, int]:
    by_line = {line.id: line.total_minor for line in lines}
    # What cost nothing may still be a first purchase.
    return by_line if any(by_line.values()) else dict.fromkeys(by_line, 1)


def _shared(rule: Rule, weighed: _Weighed, facts: Facts) -> list[Part]:
    points, by_line = weighed
    caps = rule.caps
    for cap, given in (
        (caps.per_receipt, 0),
        (caps.per_day, facts.today.get(rule.id, 0)),
        (caps.per_period, facts.in_period.get(rule.id, 0)),
    ):
        if cap is not None:
            points = min(points, max(0, cap - given))
    if points <= 0 or not by_line:
        return []
    shares = shared_out(points, list(by_line.values()))
    return [
        Part(rule.id, line_id, rule.wallet, share)
        for line_id, share in zip(by_line, shares, strict=True)
        if share
    ]


def _rounded(numerator: int, denominator: int, rounding: Rounding) -> int:
    if rounding == "up":
        return -(-numerator // denominator)
    if rounding == "half_up":
        return (2 * numerator + denominator) // (2 * denominator)
    return numerator // denominator
