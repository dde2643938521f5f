"""What a board, a season, a standing and a prize are, and who comes before whom."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Literal

from core.errors import Invalid
from loyalty.leaderboards.calendar import Cadence

ScopeKind = Literal["brand", "store"]
BoardKind = Literal["stylists", "outfits", "newcomers"]
PrizeKind = Literal["points", "voucher", "gift", "invitation"]
Unclaimed = Literal["expires", "passes_on"]

BOARD_KINDS: tuple[BoardKind, ...] = ("stylists", "outfits", "newcomers")
NEWCOMER_DAYS = 30
CLAIM_DAYS = 14

BAND_WIDTHS = (1, 64, 4096)
_HIGHEST = 2**31 - 1


@dataclass(frozen=True)
class Prize:
    """What a place wins. `value` is points, or minor units of `currency`.

    A gift and an invitation have a title; their value is what they cost, 0 for an invitation that
    costs nothing and for gifts of before anybody had to say. They wait `claim_days` to be collected
    or accepted; what happens to them then, `unclaimed` says.
    """

    place: int
    kind: PrizeKind
    value: int = 0
    currency: str | None = None
    title: str = ""
    claim_days: int = CLAIM_DAYS
    unclaimed: Unclaimed = "expires"


@dataclass(frozen=True)
class BoardView:
    """A board, and the prizes that its coming seasons will offer."""

    id: str
    programme_id: str
    scope_kind: ScopeKind
    scope_id: str
    cadence: Cadence
    kind: BoardKind
    zone: str
    newcomer_days: int
    prizes: tuple[Prize, ...]


@dataclass(frozen=True)
class SeasonView:
    """A season with what is needed of its board. It holds instants in [starts_at, ends_at)."""

    id: str
    board_id: str
    programme_id: str
    scope_kind: ScopeKind
    scope_id: str
    cadence: Cadence
    kind: BoardKind
    zone: str
    starts_at: datetime
    ends_at: datetime
    closed_at: datetime | None
    like_weight: int
    purchase_weight: int
    newcomer_days: int
    prizes: tuple[Prize, ...]


@dataclass(frozen=True)
class StandingView:
    """A row of a live board. Level scores share a rank, and the next rank is left out."""

    owner_id: str
    rank: int
    score: int
    reached_at: datetime


@dataclass(frozen=True)
class RankView:
    """Somebody's own rank.

    `gap_to_prize` is how much more score takes the last place with a prize: 0 for who holds
    one, None where the season has no prizes.
    """

    rank: int
    score: int
    gap_to_prize: int | None


@dataclass(frozen=True)
class Final:
    """A place in a closed season. Places are all different; the prize goes by place."""

    place: int
    rank: int
    owner_id: str
    score: int
    reached_at: datetime


@dataclass(frozen=True)
class Grant:
    """A prize won; `source` names it for ever in ledger and vouchers."""

    season_id: str
    place: int
    owner_id: str
    prize: Prize
    source: str


def ranked(scores: Iterable[tuple[str, int, datetime]]) -> Iterator[Final]:
    """Everybody with a score, in order: higher score, then reached earlier, then smaller id."""
    rank, level = 0, 0
    order = sorted((s for s in scores if s[1] > 0), key=lambda s: (-s[1], s[2], s[0]))
    for place, (owner_id, score, reached_at) in enumerate(order, start=1):
        if score != level:
            rank, level = place, score
        yield Final(place, rank, owner_id, score, reached_at)


def is_newcomer(season: SeasonView, joined_at: datetime) -> bool:
    """Whether who joined then is a newcomer of the season: in it, or so many days before."""
    since = season.starts_at - timedelta(days=season.newcomer_days)
    return since <= joined_at < season.ends_at


def bands_of(score: int) -> set[tuple[int, int]]:
    """The bands that count who has this score, one of each width: (width, lowest score)."""
    return {(width, score // width * width) for width in BAND_WIDTHS} if score > 0 else set()


def spans_above(score: int) -> list[tuple[int, int, int]]:
    """The bands that together hold every higher score: (width, lowest of first, of last)."""
    spans, lowest = [], score + 1
    for width, wider in pairwise(BAND_WIDTHS):
        border = -(-lowest // wider) * wider
        spans.append((width, lowest, border - 1))
        lowest = border
    return [*spans, (BAND_WIDTHS[-1], lowest, _HIGHEST)]


def grant_source(season_id: str, place: int) -> str:
    """The source under which this prize has its one effect."""
    return f"prize:{season_id}:{place}"


def offered(prize: Prize) -> Prize:
    """The prize as those who play for it see it: what a gift costs us is not for them."""
    if prize.kind in ("points", "voucher"):
        return prize
    return replace(prize, value=0, currency=None)


def check_prizes(prizes: Sequence[Prize]) -> None:
    """Raise Invalid where a place is below 1 or has two prizes, or a prize makes no sense.

    Prizes of before, whose gifts have no value, are not asked: only new ones are.
    """
    places = [prize.place for prize in prizes]
    if len(set(places)) < len(places) or any(place < 1 for place in places):
        problem = "Each prize needs a place of its own, from 1."
    elif any(prize.value < 0 for prize in prizes):
        problem = "A prize cannot be worth less than nothing."
    elif any(prize.kind == "gift" and not (prize.value and prize.currency) for prize in prizes):
        problem = "Say what a gift costs, or nobody knows what a season did."
    elif any(prize.claim_days < 1 for prize in prizes):
        problem = "A prize has to wait for its winner for a day or more."
    else:
        return
    raise Invalid("prizes_unclear", problem, fields={"prizes": [problem]})


def prizes_to_json(prizes: Iterable[Prize]) -> list[dict[str, Any]]:
    """Prizes as they are stored, by place."""
    return [asdict(prize) for prize in sorted(prizes, key=lambda prize: prize.place)]


def prizes_from_json(rows: list[Any]) -> tuple[Prize, ...]:
    """Stored prizes, by place."""
    return tuple(Prize(**row) for row in rows)
