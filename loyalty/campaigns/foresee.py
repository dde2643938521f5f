"""What campaigns would have cost: purchases folded through `evaluate`, one after another. Pure."""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from loyalty.campaigns.definition import Definition
from loyalty.campaigns.evaluate import UNUSED, Running, after, evaluate
from loyalty.campaigns.rules import CREDITS, POINTS, WALLETS, Facts, Gift, points_in

FEWEST_MEMBERS = 10
Numbers = AbstractSet[int]


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

    def minus(self, gift: Gift) -> "Sum":
        """With one basket fewer; its points and credits apart."""
        return replace(
            self,
            baskets=self.baskets - 1,
            discount_minor=self.discount_minor - gift.discount_minor,
            vouchers=self.vouchers - sum(effect.voucher is not None for effect in gift.effects),
        )

    def less(self, points: Mapping[str, int]) -> "Sum":
        """With so many points and credits fewer, by wallet."""
        return replace(
            self, points=self.points - points[POINTS], credits=self.credits - points[CREDITS]
        )


@dataclass(frozen=True)
class Back:
    """Goods of a purchase, by its number from 0, that came back at an instant, for so much money.

    `gone` says how many go of the points that each line brought, by the lines' ids; with
    `is_whole` nothing is left of the purchase.
    """

    at: datetime
    number: int
    amount_minor: int
    is_whole: bool
    gone: Callable[[Mapping[str, int]], int]


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
    owners: Counter[str] = field(default_factory=Counter)
    weeks: dict[date, Sum] = field(default_factory=lambda: defaultdict(Sum))

    def give(self, monday: date, gift: Gift) -> None:
        """Add a gift to the sum of all and to that of its week."""
        self.total, self.weeks[monday] = self.total.plus(gift), self.weeks[monday].plus(gift)

    def undo(self, monday: date, gift: Gift) -> None:
        """Take a gift off, but for its points and credits."""
        self.total, self.weeks[monday] = self.total.minus(gift), self.weeks[monday].minus(gift)

    def take(self, monday: date, points: Mapping[str, int]) -> None:
        """Take points and credits off."""
        self.total, self.weeks[monday] = self.total.less(points), self.weeks[monday].less(points)


class _Course:
    """Purchases one after another, from nothing used; the limits run along as `execute` keeps them.

    What comes back whole counts for no limit any more. Of purchases only those are kept, by their
    number from 0, of which something will come back.
    """

    def __init__(
        self, definitions: Mapping[str, Definition], coming_back: AbstractSet[int]
    ) -> None:
        self._definitions = definitions
        self._coming_back = coming_back
        self._used = dict.fromkeys(definitions, UNUSED)
        self._had: dict[tuple[str, str], int] = defaultdict(int)
        each = {key: one.limits.uses_each for key, one in definitions.items()}
        self._counted = [key for key, limit in each.items() if limit is not None]
        self._running = {key: Running(key, one) for key, one in definitions.items()}
        self.bought = 0
        self.given: dict[int, tuple[Facts, tuple[Gift, ...]]] = {}

    def buy(self, facts: Facts) -> tuple[Gift, ...]:
        """What the next purchase is given."""
        owner_id = facts.basket.owner_id
        for key in self._counted:
            of_owner = self._had.get((key, owner_id), 0) if owner_id is not None else 0
            if self._running[key].used.uses_of_owner != of_owner:
                self._renew(key, owner_id)
        outcome = evaluate(self._running.values(), facts, explains=False)
        self._used = after(self._used, outcome)
        if self.bought in self._coming_back:
            self.given[self.bought] = facts, outcome.gifts
        self.bought += 1
        self._count(facts, outcome.gifts, 1)
        return outcome.gifts

    def take_back(self, number: int) -> None:
        """Have a purchase, by its number from 0, use nothing."""
        facts, gifts = self.given[number]
        for gift in gifts:
            before = self._used[gift.campaign_id]
            self._used[gift.campaign_id] = replace(
                before,
                uses=before.uses - 1,
                spent_minor=before.spent_minor - gift.discount_minor,
                spent_points=before.spent_points - gift.points,
            )
        self.given[number] = facts, ()
        self._count(facts, gifts, -1)

    def _count(self, facts: Facts, gifts: Iterable[Gift], times: int) -> None:
        owner_id = facts.basket.owner_id
        for gift in gifts:
            if owner_id is not None:
                self._had[gift.campaign_id, owner_id] += times
            self._renew(gift.campaign_id, owner_id)

    def _renew(self, key: str, owner_id: str | None) -> None:
        of_owner = self._had.get((key, owner_id), 0) if owner_id is not None else 0
        mine = replace(self._used[key], uses_of_owner=of_owner)
        self._running[key] = Running(key, self._definitions[key], mine)


def foresee(
    definitions: Mapping[str, Definition], purchases: Iterable[Facts], returns: Iterable[Back] = ()
) -> Forecast:
    """What campaigns, by id, would have cost over purchases in their order, and in which week.

    What came back is taken off the week of its purchase: a basket with all that it was given once
    nothing of it is left, until then the points and credits of the goods.
    """
    waiting = deque(sorted(returns, key=lambda one: one.at))
    books = _Books(definitions, frozenset(one.number for one in waiting))
    for facts in purchases:
        while waiting and waiting[0].at <= facts.basket.at and books.knows(waiting[0].number):
            books.take_back(waiting.popleft())
        books.buy(facts)
    for back in waiting:
        books.take_back(back)
    return books.close()


class _Books:
    """What is given and taken back, summed as it happens."""

    def __init__(
        self, definitions: Mapping[str, Definition], coming_back: AbstractSet[int]
    ) -> None:
        self._definitions = definitions
        self._course = _Course(definitions, coming_back)
        self._tallies = {key: _Tally() for key in definitions}
        self._gone: dict[tuple[int, str, str], int] = defaultdict(int)
        self._mondays: set[date] = set()
        self._takings = 0

    def knows(self, number: int) -> bool:
        """Whether the purchase of this number was made already."""
        return number < self._course.bought

    def buy(self, facts: Facts) -> None:
        """Add a purchase and what it is given."""
        self._takings += facts.basket.total_minor
        monday = _monday(facts)
        self._mondays.add(monday)
        for gift in self._course.buy(facts):
            tally = self._tallies[gift.campaign_id]
            tally.give(monday, gift)
            if facts.basket.owner_id is not None:
                tally.owners[facts.basket.owner_id] += 1

    def take_back(self, back: Back) -> None:
        """Take off what goods that came back had brought."""
        facts, gifts = self._course.given[back.number]
        self._takings -= back.amount_minor
        for gift in gifts:
            tally, monday = self._tallies[gift.campaign_id], _monday(facts)
            tally.take(monday, self._points_gone(back, gift))
            if back.is_whole:
                tally.undo(monday, gift)
                if facts.basket.owner_id is not None:
                    tally.owners[facts.basket.owner_id] -= 1
        if back.is_whole:
            self._course.take_back(back.number)

    def _points_gone(self, back: Back, gift: Gift) -> dict[str, int]:
        """What of a gift goes with a return, by wallet; whole, all that earlier ones left of it."""
        gone = {}
        for wallet in WALLETS:
            key = (back.number, gift.campaign_id, wallet)
            left = points_in(gift.effects, wallet) - self._gone[key]
            gone[wallet] = left if back.is_whole else back.gone(_by_line(gift, wallet))
            self._gone[key] += gone[wallet]
        return gone

    def close(self) -> Forecast:
        """The sums of all of it."""
        costs = tuple(_cost(key, self._definitions[key], one) for key, one in self._tallies.items())
        return Forecast(
            self._course.bought,
            self._takings,
            sum(one.total.discount_minor for one in costs),
            sum(one.total.points for one in costs),
            sum(one.total.credits for one in costs),
            costs,
            min(self._mondays, default=None),
            max(self._mondays, default=None),
        )


def _by_line(gift: Gift, wallet: str) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for effect in gift.effects:
        if effect.wallet == wallet:
            for line_id, points in effect.points_by_line.items():
                found[line_id] += points
    return found


def _cost(campaign_id: str, definition: Definition, tally: _Tally) -> Cost:
    members = sum(times > 0 for times in tally.owners.values())
    told = members if members == 0 or members >= FEWEST_MEMBERS else None
    return Cost(campaign_id, definition.name, tally.total, told, dict(tally.weeks))


def _monday(facts: Facts) -> date:
    day = facts.basket.at.astimezone(ZoneInfo(facts.basket.zone)).date()
    return day - timedelta(days=day.weekday())
