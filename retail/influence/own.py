"""A stylist's own influence: her score, what it is made of, and what would raise it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from loyalty.leaderboards.calendar import Cadence

# What somebody may do herself, and what is true of it: a look more, seen by more people, and
# offers in her name. To pass a look on is never among them, since nothing is earned by that.
Lever = Literal["be_known", "join_league", "lay_out", "open_looks", "lend_name", "meet_friends"]


@dataclass(frozen=True)
class OwnScore:
    """Where a stylist stands on a board just now: likes and used offers, each with its weight.

    `gap_to_prize` is None where the board has no prize to reach.
    """

    board_id: str
    name: str
    cadence: Cadence
    ends_at: datetime
    rank: int
    score: int
    likes: int
    like_weight: int
    purchases: int
    purchase_weight: int
    gap_to_prize: int | None


@dataclass(frozen=True)
class PastScore:
    """Where a stylist came in a season that is over: place, score, and used offers that were in it.

    `likes` are those that scored. What came back later is not taken off a closed season.
    """

    board_id: str
    name: str
    cadence: Cadence
    starts_at: datetime
    ends_at: datetime
    rank: int
    score: int
    likes: int
    like_weight: int
    purchases: int
    purchase_weight: int


@dataclass(frozen=True)
class OwnInfluence:
    """What a stylist may know of her influence; `engaged` is None where it would tell of somebody.

    `likes` are of all her looks, ever. `levers` come in the order of what they would do.
    """

    is_enlisted: bool
    is_adult: bool | None
    scores: tuple[OwnScore, ...]
    likes: int
    engaged: int | None
    levers: tuple[Lever, ...]


@dataclass(frozen=True)
class Standing:
    """What the levers hang on: what somebody agreed to, has laid out, and whom they know."""

    is_adult: bool | None
    is_enlisted: bool
    receipts_not_laid_out: int
    looks_not_open: int
    lends_name: bool
    friends: int


def likes_in(score: int, like_weight: int, purchases: int, purchase_weight: int) -> int:
    """How many likes are in a score: it is made of them and of used offers, and of nothing else."""
    left = score - purchases * purchase_weight
    return max(0, left // like_weight) if like_weight else 0


def levers(standing: Standing) -> tuple[Lever, ...]:
    """What would raise a score that its stylist may do; none for who is known to be a minor."""
    if standing.is_adult is False:
        return ()
    wanted: Sequence[tuple[Lever, bool]] = (
        ("be_known", standing.is_adult is None),
        ("join_league", not standing.is_enlisted),
        ("lay_out", standing.receipts_not_laid_out > 0),
        ("open_looks", standing.looks_not_open > 0),
        ("lend_name", not standing.lends_name),
        ("meet_friends", standing.lends_name and standing.friends == 0),
    )
    return tuple(lever for lever, is_open in wanted if is_open)
