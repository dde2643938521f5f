"""What the ledger answers with, and which numbers of points it takes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.errors import Invalid

Pot = Literal["programme", "prize_budget", "expiry"]

MEMBER, PENDING, EXPIRY = "member", "pending", "expiry"
OWNED = (MEMBER, PENDING)
POINTS, CREDITS = "points", "credits"
WALLETS = (POINTS, CREDITS)
EXPIRED = "expired"
# Far above any balance, far below what a 64-bit integer or a JSON number holds exactly.
MOST_POINTS = 10**12


@dataclass(frozen=True)
class Posted:
    """The transaction of a source, and whether it was written just now."""

    transaction_id: str
    is_new: bool


@dataclass(frozen=True)
class StatementLine:
    """One change of a member's points: above zero gained, below zero given. `id` is a cursor."""

    id: int
    transaction_id: str
    points: int
    balance_after: int
    reason: str
    source: str
    is_reversal: bool
    happened_at: datetime


@dataclass(frozen=True)
class Effect:
    """What a source did to a member's points, and how many of them were reversed since.

    `reversed_points` is a number of points, never below zero.
    """

    transaction_id: str
    owner_id: str
    points: int
    reversed_points: int


@dataclass(frozen=True)
class Lot:
    """Points that end together at `ends_at`: they expire, or pending ones come free."""

    id: str
    programme_id: str
    owner_id: str
    wallet: str
    points: int
    ends_at: datetime
    earned_at: datetime
    source: str
    reason: str


@dataclass(frozen=True)
class Violation:
    """A broken invariant, named as in the trust rules (L1 to L9), and where."""

    rule: str
    subject: str
    detail: str


def check_points(points: int) -> None:
    """Raise Invalid unless this is a whole number of points from 1."""
    if type(points) is not int or not 1 <= points <= MOST_POINTS:
        problem = f"Points are a whole number from 1 to {MOST_POINTS}."
        raise Invalid("points_unclear", problem, fields={"points": [problem]})


def check_wallet(wallet: str) -> None:
    """Raise Invalid for a wallet that programmes do not have."""
    if wallet not in WALLETS:
        problem = f"A wallet is one of {', '.join(WALLETS)}."
        raise Invalid("wallet_unknown", problem, fields={"wallet": [problem]})


def available_source(of: str) -> str:
    """The source under which pending points of another source come free."""
    return f"{of}:available"
