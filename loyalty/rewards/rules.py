"""What a reward is, and whether somebody may have one. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from core.errors import Conflict, Invalid

MOST_POINTS = 10**12
MOST_STOCK = 1_000_000_000
MOST_DAYS = 3660
MOST_MINUTES = 7 * 24 * 60
MOST_PER_OWNER = 1000
TITLE_LENGTH = 120
REFERENCE_LENGTH = 80

By = Literal["owner", "staff"]
State = Literal["coming", "open", "gone", "over", "stopped"]
Refusal = Literal[
    "reward_too_early",
    "reward_over",
    "reward_gone",
    "reward_tier_needed",
    "reward_limit_reached",
    "not_enough_points",
]
_SENTENCES: dict[Refusal, str] = {
    "reward_too_early": "This reward cannot be had yet.",
    "reward_over": "This reward cannot be had any more.",
    "reward_gone": "All of these have gone.",
    "reward_tier_needed": "This reward is for a tier above.",
    "reward_limit_reached": "One member can have so many of these, and has had them.",
    "not_enough_points": "There are not enough points for this.",
}


@dataclass(frozen=True)
class Offer:
    """What a reward asks and how often it can be had; what is None has no limit.

    `price` is in points of `wallet`. It can be had in [starts_at, ends_at), by whoever reached
    `tier`, and given back for `undo_minutes`; what it brings is valid for `valid_days`.
    """

    title: str
    price: int
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    wallet: str = "points"
    valid_days: int = 90
    stock: int | None = None
    per_owner: int | None = None
    tier: str | None = None
    undo_minutes: int = 60


@dataclass(frozen=True)
class RewardView(Offer):
    """A reward on the shelf: `terms_id` are those of the voucher, `taken` of them are out."""

    id: str = ""
    reference: str = ""
    terms_id: str = ""
    taken: int = 0
    stopped_at: datetime | None = None
    made_by: str | None = None
    made_at: datetime | None = None

    @property
    def left(self) -> int | None:
        """How many there still are; None for no end of them."""
        return None if self.stock is None else self.stock - self.taken

    def state_at(self, now: datetime) -> State:
        """How it stands, whoever asks."""
        if self.stopped_at is not None:
            return "stopped"
        if self.ends_at is not None and self.ends_at <= now:
            return "over"
        if self.left == 0:
            return "gone"
        return "coming" if self.starts_at is not None and now < self.starts_at else "open"


@dataclass(frozen=True)
class ExchangeView:
    """A reward that somebody took, for so many points; it can be given back before `undo_until`."""

    id: str
    reward_id: str
    owner_id: str | None
    points: int
    taken_at: datetime
    undo_until: datetime
    back_at: datetime | None
    back_by: By | None
    back_reason: str | None = None


def check_offer(offer: Offer) -> None:
    """Raise Invalid, with every field that is wrong, unless this can be a reward."""
    whole = {
        "price": (offer.price, 1, MOST_POINTS),
        "valid_days": (offer.valid_days, 1, MOST_DAYS),
        "undo_minutes": (offer.undo_minutes, 0, MOST_MINUTES),
        "stock": (1 if offer.stock is None else offer.stock, 1, MOST_STOCK),
        "per_owner": (1 if offer.per_owner is None else offer.per_owner, 1, MOST_PER_OWNER),
    }
    wrong = {
        name: [f"This is a whole number from {least} to {most}."]
        for name, (given, least, most) in whole.items()
        if type(given) is not int or not least <= given <= most
    }
    if not (offer.title.strip() and offer.title.isprintable()) or len(offer.title) > TITLE_LENGTH:
        wrong["title"] = [f"Call it something in up to {TITLE_LENGTH} printable characters."]
    if offer.starts_at and offer.ends_at and offer.ends_at <= offer.starts_at:
        wrong["ends_at"] = ["It ends some time after it begins."]
    if wrong:
        raise Invalid("reward_unclear", "This reward makes no sense.", fields=wrong)


def find_refusal(
    view: RewardView,
    *,
    had: int,
    tiers: Collection[str],
    now: datetime,
    balance: int | None = None,
) -> Refusal | None:
    """Why somebody cannot have it now, if so: who had so many, reached these tiers, has points."""
    state = view.state_at(now)
    refused: dict[Refusal, bool] = {
        "reward_over": state in ("over", "stopped"),
        "reward_gone": state == "gone",
        "reward_too_early": state == "coming",
        "reward_tier_needed": view.tier is not None and view.tier not in tiers,
        "reward_limit_reached": view.per_owner is not None and had >= view.per_owner,
        "not_enough_points": balance is not None and balance < view.price,
    }
    return next((reason for reason, is_so in refused.items() if is_so), None)


def refused(reason: Refusal) -> Conflict:
    """The refusal that says why, by its code."""
    return Conflict(reason, _SENTENCES[reason])


def undo_until(offer: Offer, taken_at: datetime) -> datetime:
    """Until when whoever took it at an instant may think again."""
    return taken_at + timedelta(minutes=offer.undo_minutes)
