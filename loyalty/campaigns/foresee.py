"""What campaigns would have cost: purchases folded through `evaluate`, one after another. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from loyalty.campaigns.definition import Definition
from loyalty.campaigns.evaluate import UNUSED, Running, after, evaluate
from loyalty.campaigns.rules import Facts, Gift, Outcome, Used

FEWEST_MEMBERS = 10


@dataclass(frozen=True)
class Sum:
    """What was given together: for how many baskets, in minor units, points, vouchers, credits."""

    baskets: int = 0
    discount_minor: int = 0
    points: int = 0
    vouchers: int = 0
    credits: int = 0

    def plus(self, gift: Gift) -> "Sum":
        """With one more basket."""
        return Sum(
            self.baskets + 1,
            self.discount_minor + gift.discount_minor,
            self.points + gift.points,
            self.vouchers + sum(effect.voucher is not None for effect in gift.effects),
            self.credits + gift.credits,
        )


@dataclass(frozen=True)
class Cost:
    """What one campaign would have given; `weeks` by the Monday that began each in the store.

    `members` is None where it would be so few that somebody might be told by it.
    """

    campaign_id: str
    name: str
    total: Sum
    members: int | None
    weeks: Mapping[date, Sum]


@dataclass(frozen=True)
class Forecast:
    """What all campaigns together would have given for so many baskets; nothing was written."""

    baskets: int
    takings_minor: int
    discount_minor: int
    points: int
    credits: int
    costs: tuple[Cost, ...]
    first_week: date | None = None
    last_week: date | None = None

    @property
    def mondays(self) -> list[date]:
        """Every week from the first basket to the last, also those in which nothing was given."""
        if self.first_week is None or self.last_week is None:
            return []
        weeks = (self.last_week - self.first_week).days // 7
        return [self.first_week + timedelta(weeks=number) for number in range(weeks + 1)]


@dataclass
class _Tally:
    """Sums of one campaign, on their way."""

    total: Sum = field(default_factory=Sum)
    owners: set[str] = field(default_factory=set)
    weeks: dict[date, Sum] = field(default_factory=lambda: defaultdict(Sum))


def outcomes(
    definitions: Mapping[str, Definition], purchases: Iterable[Facts]
) -> Iterator[tuple[Facts, Outcome]]:
    """What each purchase would have been given had they come in this order, from nothing used.

    The limits run along, for all and for each owner, as `execute` keeps them.
    """
    used = dict.fromkeys(definitions, UNUSED)
    had: dict[tuple[str, str], int] = defaultdict(int)
    counted = [key for key, one in definitions.items() if one.limits.uses_each is not None]
    running = {key: Running(key, one) for key, one in definitions.items()}
    for facts in purchases:
        owner_id = facts.basket.owner_id
        for key in counted:
            of_owner = had.get((key, owner_id), 0) if owner_id is not None else 0
            if running[key].used.uses_of_owner != of_owner:
                mine = replace(used[key], uses_of_owner=of_owner)
                running[key] = Running(key, definitions[key], mine)
        outcome = evaluate(running.values(), facts, explains=False)
        yield facts, outcome
        used = after(used, outcome)
        for gift in outcome.gifts:
            key = gift.campaign_id
            if owner_id is not None:
                had[key, owner_id] += 1
            running[key] = Running(key, definitions[key], _of_owner(used, had, key, owner_id))


def foresee(definitions: Mapping[str, Definition], purchases: Iterable[Facts]) -> Forecast:
    """What campaigns, by id, would have cost over purchases in their order, and in which week."""
    tallies = {key: _Tally() for key in definitions}
    baskets = takings = 0
    mondays: set[date] = set()
    for facts, outcome in outcomes(definitions, purchases):
        baskets += 1
        takings += facts.basket.total_minor
        monday = _monday(facts)
        mondays.add(monday)
        for gift in outcome.gifts:
            tally = tallies[gift.campaign_id]
            tally.total = tally.total.plus(gift)
            tally.weeks[monday] = tally.weeks[monday].plus(gift)
            if facts.basket.owner_id is not None:
                tally.owners.add(facts.basket.owner_id)
    costs = tuple(_cost(key, definitions[key], tally) for key, tally in tallies.items())
    discount, points, credits_ = (sum(getattr(one.total, name) for one in costs) for name in _GIVEN)
    ends = (min(mondays), max(mondays)) if mondays else (None, None)
    return Forecast(baskets, takings, discount, points, credits_, costs, *ends)


_GIVEN = ("discount_minor", "points", "credits")


def _of_owner(
    used: Mapping[str, Used], had: Mapping[tuple[str, str], int], key: str, owner_id: str | None
) -> Used:
    of_owner = had.get((key, owner_id), 0) if owner_id is not None else 0
    return replace(used[key], uses_of_owner=of_owner)


def _cost(campaign_id: str, definition: Definition, tally: _Tally) -> Cost:
    members = len(tally.owners)
    told = members if members == 0 or members >= FEWEST_MEMBERS else None
    return Cost(campaign_id, definition.name, tally.total, told, dict(tally.weeks))


def _monday(facts: Facts) -> date:
    day = facts.basket.at.astimezone(ZoneInfo(facts.basket.zone)).date()
    return day - timedelta(days=day.weekday())
