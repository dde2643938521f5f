"""The figures that have to come out the same twice, whoever works them out."""

from dataclasses import astuple, dataclass, fields
from datetime import date


@dataclass(frozen=True)
class Books:
    """What became of all that a household earned in a wallet."""

    earned: int = 0
    taken_back: int = 0
    spent: int = 0
    expired: int = 0
    pending: int = 0
    balance: int = 0

    @property
    def unaccounted(self) -> int:
        """Nothing, if the books add up."""
        return self.earned - sum(astuple(self)[1:])


BOOK_NAMES = tuple(one.name for one in fields(Books))


@dataclass(frozen=True)
class Snapshot:
    """The books by household and wallet, and tiers by household, as a day begins."""

    day: date
    books: dict[tuple[int, str], Books]
    tiers: dict[int, str]


@dataclass(frozen=True)
class CouponOutcome:
    """What a coupon took off a receipt, in cents, or the reason why it did not count."""

    receipt: int
    campaign: int
    coupon: int
    cents: int
    reason: str = ""


@dataclass(frozen=True)
class Figures:
    """All that one of the two worked out."""

    snapshots: tuple[Snapshot, ...]
    coupons: tuple[CouponOutcome, ...]
    budgets: dict[int, int]
