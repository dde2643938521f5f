"""A basket without a shop behind it: lines with labels, which scopes choose from. Pure.

A label is a kind and a value, such as `sku:ALD-12`, `style:mallory`, `category:dresses`,
`store:oxford`. What they mean is the caller's business; here they are only compared.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core.errors import Invalid

MOST_LINES = 500
MOST_MINOR = 10**12
# ISO 4217, list one: currencies whose minor unit is not a hundredth.
_WHOLE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THOUSANDTHS = "BHD IQD JOD KWD LYD OMR TND"


@dataclass(frozen=True)
class Line:
    """So much of one thing; `total_minor` is for all of it, before anything is taken off.

    `id` is the caller's name for it, unique in its basket.
    """

    id: str
    labels: frozenset[str]
    quantity: Decimal
    total_minor: int


@dataclass(frozen=True)
class Basket:
    """Lines bought together in a store, `at` an instant; `zone` is the store's own.

    `labels` are those of the whole, such as its store. `owner_id` is whose it is, if known.
    """

    currency: str
    zone: str
    at: datetime
    lines: tuple[Line, ...]
    labels: frozenset[str] = frozenset()
    owner_id: str | None = None

    @property
    def total_minor(self) -> int:
        """The sum of its lines, in minor units of its currency."""
        return sum(line.total_minor for line in self.lines)


@dataclass(frozen=True)
class Scope:
    """Which lines something is for: those with one of `includes` (empty: all), none of `excludes`.

    `places` limits it to baskets with one of these labels; empty means everywhere.
    """

    includes: frozenset[str] = frozenset()
    excludes: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()

    def lines_of(self, basket: Basket) -> tuple[Line, ...]:
        """The lines of a basket that it is for, in their order."""
        if self.places and not self.places & basket.labels:
            return ()
        return tuple(
            line
            for line in basket.lines
            if (not self.includes or self.includes & line.labels)
            and not self.excludes & line.labels
        )


def check_basket(basket: Basket) -> None:
    """Raise Invalid, with every field that is wrong, for a basket that makes no sense."""
    fields: dict[str, list[str]] = {}
    if not 1 <= len(basket.lines) <= MOST_LINES:
        fields["lines"] = [f"A basket has 1 to {MOST_LINES} lines."]
    if len({line.id for line in basket.lines}) != len(basket.lines):
        fields["lines"] = ["Two lines have the same id."]
    if basket.at.tzinfo is None:
        fields["at"] = ["Add the offset from UTC, such as Z or +01:00."]
    for index, line in enumerate(basket.lines):
        if type(line.total_minor) is not int or not 0 <= line.total_minor <= MOST_MINOR:
            problem = f"An amount is a whole number from 0 to {MOST_MINOR} minor units."
            fields[f"lines.{index}.total_minor"] = [problem]
        if not line.quantity.is_finite() or line.quantity < 0:
            fields[f"lines.{index}.quantity"] = ["A quantity is a number from 0."]
    if fields:
        raise Invalid("basket_unclear", "This basket makes no sense.", fields=fields)


def said_amount(minor: int, currency: str) -> str:
    """An amount for a sentence, such as GBP 12.50, with the currency's own decimals (ISO 4217)."""
    digits = 0 if currency in _WHOLE.split() else 3 if currency in _THOUSANDTHS.split() else 2
    return f"{currency} {Decimal(minor).scaleb(-digits):.{digits}f}"


def shared_out(amount: int, weights: Sequence[int]) -> list[int]:
    """An amount in whole parts that sum to it, in proportion to weights from 0.

    Largest remainder (Hare quota); equal remainders go to the earlier part. No part is more than
    its weight as long as the amount is no more than their sum. All weights 0: all parts 0, which
    only an amount of 0 sums to. Raises ValueError for anything below zero.
    https://en.wikipedia.org/wiki/Quota_method
    """
    if amount < 0 or any(weight < 0 for weight in weights):
        raise ValueError("Only amounts and weights from 0 can be shared out.")
    total = sum(weights)
    if total == 0:
        if amount:
            raise ValueError("There is nothing to share this amount out to.")
        return [0] * len(weights)
    parts = [amount * weight // total for weight in weights]
    by_remainder = sorted(
        range(len(weights)), key=lambda place: (-(amount * weights[place] % total), place)
    )
    for place in by_remainder[: amount - sum(parts)]:
        parts[place] += 1
    return parts
