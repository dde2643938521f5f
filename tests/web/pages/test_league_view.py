"""The prize line, and who stands on which side of it."""

from datetime import UTC, datetime, timedelta

from loyalty.leaderboards.rules import Prize, SeasonView, StandingView
from retail.accounts.queries import MemberView
from web.pages.league_view import LeagueTable, league_table

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
SEASON = SeasonView(
    id="season",
    board_id="board",
    programme_id="brand",
    scope_kind="store",
    scope_id="store",
    cadence="week",
    kind="stylists",
    newcomer_days=30,
    zone="Europe/London",
    starts_at=MONDAY,
    ends_at=MONDAY + timedelta(days=7),
    closed_at=None,
    like_weight=1,
    purchase_weight=5,
    prizes=(Prize(1, "points", 300), Prize(2, "points", 150)),
)


def member(owner_id: str) -> MemberView:
    return MemberView(
        id=owner_id,
        brand_id="brand",
        display_name=f"{owner_id} Lind",
        public_name=f"{owner_id} L.",
        initials="XL",
        avatar=1,
        sizes={},
        is_adult=True,
        joined_at=MONDAY,
    )


def table(*scores: int, unknown: str = "", me: str | None = None) -> LeagueTable:
    standings = [
        StandingView(name, rank, score, MONDAY)
        for rank, (name, score) in enumerate(zip("abcdefg", scores, strict=False), start=1)
    ]
    known = {s.owner_id: member(s.owner_id) for s in standings if s.owner_id != unknown}
    return league_table(SEASON, standings, known, me=me)


def test_prizes_part_winners_from_chasers() -> None:
    found = table(40, 30, 28, 2)
    assert [row.score for row in found.winning] == [40, 30]
    assert [row.score for row in found.chasing] == [28, 2]
    assert [row.prize is not None for row in found.rows] == [True, True, False, False]


def test_crossing_the_line_takes_one_more_than_drawing_level() -> None:
    assert table(40, 30, 28).gap == 3
    assert table(40, 30, 30).gap == 1
    assert table(40, 30).gap is None
    assert table().gap is None


def test_tapes_start_at_zero_and_are_measured_by_the_leader() -> None:
    assert [row.share for row in table(40, 10).rows] == [1.0, 0.25]


def test_who_is_no_member_leaves_neither_row_nor_gap() -> None:
    found = table(40, 30, 20, unknown="b")
    assert [(row.name, row.place) for row in found.rows] == [("a L.", 1), ("c L.", 2)]


def test_a_row_is_known_by_a_key_that_is_no_id() -> None:
    row = table(40, me="a").rows[0]
    assert row.is_me
    assert "a L." not in row.key
    assert row.key != "a"


def test_a_season_that_ends_at_midnight_closes_on_the_day_before() -> None:
    found = table(1)
    assert (found.closes_on.strftime("%A"), found.is_at_midnight) == ("Sunday", True)
