"""What past baskets would earn under terms, one after another, caps counted as they go. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from loyalty.baskets.rules import Basket
from loyalty.earning.rules import Facts, Part, Terms, award_basket

_Given = dict[str, list[tuple[date, int]]]


@dataclass(frozen=True)
class Foreseen:
    """How many baskets of owners were looked at, and what each rule would give for all of them."""

    baskets: int
    owners: int
    by_rule: dict[str, int]

    def points_in(self, terms: Terms, wallet: str) -> int:
        """What comes to a wallet."""
        rules = {rule.id for rule in terms.rules if rule.wallet == wallet}
        return sum(points for rule_id, points in self.by_rule.items() if rule_id in rules)


def foresee(terms: Terms, bought: Iterable[tuple[Basket, bool]]) -> Foreseen:
    """What baskets would earn in their order, each told with whether it is its owner's first.

    From nothing given before the first of them; baskets of nobody earn nothing. Deeds are no
    baskets, so rules for them give nothing here.
    """
    given: dict[str, _Given] = defaultdict(lambda: defaultdict(list))
    by_rule = dict.fromkeys((rule.id for rule in terms.rules), 0)
    baskets = 0
    for basket, is_first in bought:
        if basket.owner_id is None:
            continue
        baskets += 1
        before, today = given[basket.owner_id], basket.at.astimezone(ZoneInfo(basket.zone)).date()
        parts = award_basket(terms, basket, _facts(terms, before, today, is_first))
        for part in parts:
            by_rule[part.rule_id] += part.points
        _note(before, today, parts)
    return Foreseen(baskets, len(given), by_rule)


def _note(given: _Given, today: date, parts: Iterable[Part]) -> None:
    for part in parts:
        given[part.rule_id].append((today, part.points))


def _facts(terms: Terms, given: _Given, today: date, is_first: bool) -> Facts:
    daily, periodic = {}, {}
    for rule in terms.rules:
        had = given.get(rule.id, ())
        if rule.caps.per_day is not None:
            daily[rule.id] = sum(points for day, points in had if day == today)
        if rule.caps.per_period is not None:
            since = today - timedelta(days=rule.caps.period_days - 1)
            periodic[rule.id] = sum(points for day, points in had if since <= day <= today)
    return Facts(is_first, daily, periodic)
