"""A league as pages show it: names beside scores, tapes beside tapes, the prize line between."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from loyalty.leaderboards.rules import Final, Prize, SeasonView, StandingView
from retail.accounts.queries import MemberView


@dataclass(frozen=True)
class Look:
    """The look that a row of a board of looks is about."""

    id: str
    caption: str


@dataclass(frozen=True)
class LeagueRow:
    """One stylist, or one look with its stylist.

    `share` is the part of the leader's score, `key` names the row to scripts, and `earlier_rank`
    is the one at the beginning of the day, if there was one.
    """

    key: str
    place: int
    rank: int
    name: str
    initials: str
    avatar: int
    score: int
    share: float
    prize: Prize | None
    is_me: bool
    look: Look | None
    earlier_rank: int | None


@dataclass(frozen=True)
class LeagueTable:
    """Rows in order. `gap` is what the first row below the prize line needs to cross it."""

    season: SeasonView
    rows: tuple[LeagueRow, ...]
    prize_places: int
    gap: int | None
    closes_on: datetime
    is_at_midnight: bool

    @property
    def winning(self) -> tuple[LeagueRow, ...]:
        """The rows above the prize line."""
        return tuple(row for row in self.rows if row.place <= self.prize_places)

    @property
    def chasing(self) -> tuple[LeagueRow, ...]:
        """The rows below it."""
        return tuple(row for row in self.rows if row.place > self.prize_places)


def league_table(
    season: SeasonView,
    standings: Sequence[StandingView | Final],
    members: Mapping[str, MemberView],
    *,
    looks: Mapping[str, Look] | None = None,
    earlier: Mapping[str, int] | None = None,
    me: str | None = None,
    first_place: int = 1,
    best: int | None = None,
) -> LeagueTable:
    """The table of a season. Owners who are no members any more leave no row and no gap.

    `first_place` is the place of the first standing, where these are from the middle of a
    season; `best` then is the leader's score.
    """
    known = [standing for standing in standings if standing.owner_id in members]
    prizes = {prize.place: prize for prize in season.prizes}
    leader = best or max((standing.score for standing in known), default=0)
    rows = tuple(
        _row(
            season,
            standing,
            members[standing.owner_id],
            place,
            leader,
            prizes.get(place),
            me,
            (looks or {}).get(standing.owner_id),
            (earlier or {}).get(standing.owner_id),
        )
        for place, standing in _placed(known, first_place)
    )
    prize_places = max(prizes, default=0)
    gap = _gap(rows, prize_places)
    return LeagueTable(season, rows, prize_places, gap, *_closing(season))


def _placed(
    known: Sequence[StandingView | Final], first_place: int
) -> Iterator[tuple[int, StandingView | Final]]:
    """Places by order while a season runs; those of a closed one are fixed."""
    for place, standing in enumerate(known, start=first_place):
        yield standing.place if isinstance(standing, Final) else place, standing


def _row(
    season: SeasonView,
    standing: StandingView | Final,
    member: MemberView,
    place: int,
    leader: int,
    prize: Prize | None,
    me: str | None,
    look: Look | None,
    earlier_rank: int | None,
) -> LeagueRow:
    return LeagueRow(
        key=sha256(f"{season.id}:{standing.owner_id}".encode()).hexdigest()[:12],
        place=place,
        rank=standing.rank,
        name=member.public_name,
        initials=member.initials,
        avatar=member.avatar,
        score=standing.score,
        share=standing.score / leader if leader else 0.0,
        prize=prize,
        is_me=member.id == me,
        look=look,
        earlier_rank=earlier_rank,
    )


def _gap(rows: Sequence[LeagueRow], prize_places: int) -> int | None:
    """Level scores go to whoever was first, so crossing takes one more than drawing level."""
    last = next((row for row in rows if row.place == prize_places), None)
    first = next((row for row in rows if row.place == prize_places + 1), None)
    return last.score - first.score + 1 if last and first else None


def _closing(season: SeasonView) -> tuple[datetime, bool]:
    """The day and time people would name: a season that ends at midnight closes the day before."""
    ends = season.ends_at.astimezone(ZoneInfo(season.zone))
    if ends.hour == ends.minute == 0:
        return ends - timedelta(minutes=1), True
    return ends, False
