"""What campaigns are told, what they answer, and the states they go through. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from loyalty.baskets.rules import Basket, Scope

State = Literal["draft", "started", "stopped"]
NAME_LENGTH = 80
MOST_RULES = 20
MOST_PARTS = 20
# Where points may go: those to spend, and those that only count.
POINTS, CREDITS = "points", "credits"
WALLETS = (POINTS, CREDITS)


@dataclass(frozen=True)
class Facts:
    """A basket and what is known of whoever buys it; `owner_labels` such as `tier:gold`.

    `purchases` counts those before this one; None where nobody is known. `vouchers` names the terms
    of which there can be vouchers; None for any. `kept_back` is from which campaigns the buyer is
    kept back, by their ids, each with the sentence that says why.
    """

    basket: Basket
    owner_labels: frozenset[str] = frozenset()
    purchases: int | None = None
    vouchers: frozenset[str] | None = None
    kept_back: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Remaining:
    """What is left of a line, or of points, after what was given before it."""

    lines: Mapping[str, int]

    def of(self, scope: Scope, basket: Basket) -> dict[str, int]:
        """What is left of each line that a scope is for, by line id, without those at nought."""
        found = {line.id: self.lines[line.id] for line in scope.lines_of(basket)}
        return {line_id: left for line_id, left in found.items() if left > 0}


@dataclass(frozen=True)
class Effect:
    """What one benefit gives: a discount by line, points, or a voucher of terms named elsewhere.

    `points` go to a wallet; `points_by_line` says for which lines they are: they go with them.
    """

    benefit: str
    discounts: Mapping[str, int] = field(default_factory=dict)
    points: int = 0
    voucher: str | None = None
    points_by_line: Mapping[str, int] = field(default_factory=dict)
    wallet: str = POINTS

    @property
    def discount_minor(self) -> int:
        """The sum of its discounts, in minor units."""
        return sum(self.discounts.values())

    @property
    def is_nothing(self) -> bool:
        """Whether it gives anything at all."""
        return not (self.discount_minor or self.points or self.voucher)


@dataclass(frozen=True)
class Limits:
    """How often and for how much; None is without limit. Money in the programme's currency."""

    uses: int | None = None
    uses_each: int | None = None
    budget_minor: int | None = None
    budget_points: int | None = None

    @property
    def are_none(self) -> bool:
        """Whether there is none; then nothing has to be counted while it is given."""
        return self == Limits()


@dataclass(frozen=True)
class Used:
    """What a campaign gave so far, to all and to whoever buys now."""

    uses: int = 0
    uses_of_owner: int = 0
    spent_minor: int = 0
    spent_points: int = 0


@dataclass(frozen=True)
class Explanation:
    """Why one rule of a campaign gave something or did not, a sentence for each thing looked at."""

    campaign_id: str
    rule: int
    applies: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Gift:
    """All that one campaign gives for a basket."""

    campaign_id: str
    effects: tuple[Effect, ...]

    @property
    def discount_minor(self) -> int:
        """What it costs in minor units."""
        return sum(effect.discount_minor for effect in self.effects)

    @property
    def points(self) -> int:
        """What it costs in points that can be spent."""
        return points_in(self.effects, POINTS)

    @property
    def credits(self) -> int:
        """What it gives that only counts, and costs nothing."""
        return points_in(self.effects, CREDITS)


@dataclass(frozen=True)
class Outcome:
    """What all campaigns together give for a basket, and why."""

    gifts: tuple[Gift, ...]
    explanations: tuple[Explanation, ...]

    @property
    def discounts(self) -> dict[str, int]:
        """The discount of each line that has one, in minor units, never above its total."""
        found: dict[str, int] = {}
        for gift in self.gifts:
            for effect in gift.effects:
                for line_id, minor in effect.discounts.items():
                    found[line_id] = found.get(line_id, 0) + minor
        return found

    @property
    def points(self) -> int:
        """The points of all gifts that can be spent."""
        return sum(gift.points for gift in self.gifts)

    @property
    def credits(self) -> int:
        """The credits of all gifts."""
        return sum(gift.credits for gift in self.gifts)


def points_in(effects: Iterable[Effect], wallet: str) -> int:
    """What effects give to a wallet."""
    return sum(effect.points for effect in effects if effect.wallet == wallet)


def is_running(state: State, starts_at: datetime, ends_at: datetime | None, now: datetime) -> bool:
    """Whether a campaign gives anything at an instant: started, in [starts_at, ends_at)."""
    return state == "started" and starts_at <= now and (ends_at is None or now < ends_at)
