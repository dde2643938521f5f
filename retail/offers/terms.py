"""What a brand offers: how much off, how often, of what not, and what it would have made. Pure."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.days import day_after
from core.errors import Invalid

# From what to what each may be set.
LIMITS: Mapping[str, tuple[int, int]] = {
    "percent": (1, 100),
    "thanks_percent": (1, 100),
    "print_lines": (0, 40),
    "budget_milliseconds": (1, 5_000),
    "a_day": (0, 20),
    "a_week": (0, 100),
}
_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class OfferTerms:
    """So many per cent off, so often at most, on so many lines of paper, within a time budget.

    Categories that are `quiet` bring no offer and are not offered. `most_off` are minor units by
    currency: what would take off more is not offered. A friend is thanked with `thanks_percent`.
    """

    percent: int
    a_day: int
    a_week: int
    thanks_percent: int = 10
    print_lines: int = 8
    budget_milliseconds: int = 200
    quiet: frozenset[str] = frozenset()
    most_off: Mapping[str, int] = field(default_factory=dict)

    def takes_off(self, price_minor: int) -> int:
        """What an offer of a piece takes off at most, in minor units."""
        return takes_off(price_minor, self.percent)

    @property
    def dearest(self) -> dict[str, int]:
        """By currency, the highest price at which an offer takes off no more than it may."""
        return {
            currency: ((most + 1) * 100 - 1) // self.percent
            for currency, most in self.most_off.items()
        }

    def allow(self, category_code: str, price_minor: int, currency: str) -> bool:
        """Whether a piece may be offered at all."""
        most = self.most_off.get(currency)
        is_cheap = most is None or self.takes_off(price_minor) <= most
        return is_cheap and category_code not in self.quiet


@dataclass(frozen=True)
class PastOffer:
    """An offer that was made: to whom, of what, and whether it was used."""

    member_id: str
    category_code: str
    price_minor: int
    currency: str
    percent: int
    is_used: bool
    offered_at: datetime


@dataclass(frozen=True)
class Foreseen:
    """How many of the offers that were made other terms would have made too.

    Of the rest, `barred` are goods that they keep from being offered, `too_many` beyond what
    anybody gets. `before` and `after` are what the used ones took off and would have taken off at
    most, in minor units by currency.
    """

    made: int
    barred: int
    too_many: int
    before: Mapping[str, int]
    after: Mapping[str, int]

    @property
    def kept(self) -> int:
        """How many would have been made too."""
        return self.made - self.barred - self.too_many


def takes_off(price_minor: int, percent: int) -> int:
    """What so many per cent off a piece come to at most, in minor units."""
    return max(1, price_minor * percent // 100)


def check_terms(
    terms: OfferTerms, *, categories: Collection[str], currencies: Collection[str]
) -> None:
    """Raises Invalid, with a sentence for each field that makes no sense."""
    wrong: dict[str, list[str]] = {}
    for name, (least, most) in LIMITS.items():
        if not least <= getattr(terms, name) <= most:
            wrong[name] = [f"This is a whole number from {least} to {most:,}."]
    if terms.a_week < terms.a_day and "a_week" not in wrong:
        wrong["a_week"] = ["In a week there are at least as many as on a day."]
    if unknown := sorted(terms.quiet - set(categories)):
        wrong["quiet"] = [f"We don’t know the category {unknown[0]}."]
    for currency, most in terms.most_off.items():
        if currency not in currencies:
            wrong[f"most_off.{currency}"] = ["No store of this brand takes this currency."]
        elif most < 1:
            wrong[f"most_off.{currency}"] = ["This is an amount above nought, or empty for none."]
    if wrong:
        raise Invalid("offer_terms_unclear", "Some fields need another look.", fields=wrong)


def foresee(made: Iterable[PastOffer], terms: OfferTerms, *, zone: str) -> Foreseen:
    """What of the offers that were made would have been made by other terms, in their order.

    What those would have offered instead is not worked out.
    """
    left_out: Counter[str] = Counter()
    before: Counter[str] = Counter()
    after: Counter[str] = Counter()
    had: dict[str, list[datetime]] = defaultdict(list)
    offers = sorted(made, key=lambda one: one.offered_at)
    for one in offers:
        if one.is_used:
            before[one.currency] += takes_off(one.price_minor, one.percent)
        rule = _left_out_by(one, terms, had[one.member_id], zone)
        left_out[rule] += 1
        if not rule:
            had[one.member_id].append(one.offered_at)
            after[one.currency] += terms.takes_off(one.price_minor) if one.is_used else 0
    return Foreseen(len(offers), left_out["barred"], left_out["too_many"], before, after)


def is_tired(days: int, weeks: int, terms: OfferTerms) -> bool:
    """Whether somebody had as many offers today, or within a week, as anybody gets."""
    return days >= terms.a_day or weeks >= terms.a_week


def _left_out_by(one: PastOffer, terms: OfferTerms, had: list[datetime], zone: str) -> str:
    if not terms.allow(one.category_code, one.price_minor, one.currency):
        return "barred"
    today = day_after(one.offered_at, zone, -1)
    days = sum(at >= today for at in had)
    weeks = sum(at >= one.offered_at - _WEEK for at in had)
    return "too_many" if is_tired(days, weeks, terms) else ""
