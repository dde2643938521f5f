"""Who stands where while a season runs."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from core.clock import FixedClock
from loyalty.leaderboards import queries, service
from loyalty.leaderboards.rules import RankView, SeasonView
from tests.builders.boards import enlist, new_season
from tests.builders.points import PROGRAMME
from tests.conftest import NOON, both_databases


def score(session: Session, season: SeasonView, owner_id: str, delta: int, second: int = 0) -> bool:
    return service.add_score(
        session,
        season_id=season.id,
        owner_id=owner_id,
        delta=delta,
        reached_at=NOON + timedelta(seconds=second),
    )


def board_of_seven(session: Session) -> SeasonView:
    """Scores 9, 7, 7, 7, 4, 2, 2; level ones in the order in which they were reached."""
    season = new_season(session)
    scores = {"ada": 9, "bo": 7, "cy": 7, "di": 7, "eve": 4, "flo": 2, "gus": 2}
    enlist(session, *scores)
    for second, (owner_id, points) in enumerate(scores.items()):
        score(session, season, owner_id, points, second)
    return season


def rows(standings: list[queries.StandingView]) -> list[tuple[int, str, int]]:
    return [(row.rank, row.owner_id, row.score) for row in standings]


SEVEN = [
    (1, "ada", 9),
    (2, "bo", 7),
    (2, "cy", 7),
    (2, "di", 7),
    (5, "eve", 4),
    (6, "flo", 2),
    (6, "gus", 2),
]


@both_databases
def test_level_scores_share_a_rank_and_the_earliest_comes_first(session: Session) -> None:
    season = board_of_seven(session)
    assert rows(queries.top(session, season.id)) == SEVEN
    assert rows(queries.top(session, season.id, limit=2)) == SEVEN[:2]


def test_scores_reached_at_the_same_instant_are_ordered_by_id(session: Session) -> None:
    season = new_season(session)
    enlist(session, "b", "a", "c")
    for owner_id in ("b", "c", "a"):
        score(session, season, owner_id, 3)
    assert [row.owner_id for row in queries.top(session, season.id)] == ["a", "b", "c"]


@both_databases
def test_neighbours_are_the_rows_above_and_below(session: Session) -> None:
    season = board_of_seven(session)
    for place, (_, owner_id, _) in enumerate(SEVEN):
        expected = SEVEN[max(place - 2, 0) : place + 3]
        assert rows(queries.neighbours(session, season.id, owner_id)) == expected
    assert rows(queries.neighbours(session, season.id, "cy", each_side=0)) == [SEVEN[2]]


def test_who_has_no_score_has_no_rank_and_no_neighbours(session: Session) -> None:
    season = board_of_seven(session)
    enlist(session, "newcomer")
    assert queries.rank_of(session, season.id, "newcomer") is None
    assert queries.neighbours(session, season.id, "newcomer") == []
    assert queries.top(session, new_season(session, cadence="month").id) == []


def test_the_gap_is_what_it_takes_to_pass_the_last_winner(session: Session) -> None:
    season = board_of_seven(session)
    gaps = {owner_id: queries.rank_of(session, season.id, owner_id) for _, owner_id, _ in SEVEN}
    assert gaps["ada"] == RankView(1, 9, 0)
    assert gaps["cy"] == RankView(2, 7, 0)
    # Level with the third, but later: one more is needed.
    assert gaps["di"] == RankView(2, 7, 1)
    assert gaps["gus"] == RankView(6, 2, 6)


def test_there_is_no_gap_without_prizes_and_none_to_a_free_place(session: Session) -> None:
    unprized = new_season(session, cadence="month", prizes=())
    prized = new_season(session)
    enlist(session, "ada")
    for season in (unprized, prized):
        score(session, season, "ada", 1)
    assert queries.rank_of(session, unprized.id, "ada") == RankView(1, 1, None)
    assert queries.rank_of(session, prized.id, "ada") == RankView(1, 1, 0)


@both_databases
def test_a_rise_moves_the_instant_and_a_fall_does_not(session: Session) -> None:
    season = new_season(session)
    enlist(session, "ada")
    for delta, second in ((3, 10), (1, 5), (-1, 20)):
        assert score(session, season, "ada", delta, second)
    (row,) = queries.top(session, season.id)
    assert (row.score, row.reached_at) == (3, NOON + timedelta(seconds=10))


@both_databases
def test_a_score_of_zero_is_off_the_board(session: Session) -> None:
    season = board_of_seven(session)
    score(session, season, "bo", -7)
    score(session, season, "eve", -100)
    assert rows(queries.top(session, season.id)) == [
        (1, "ada", 9),
        (2, "cy", 7),
        (2, "di", 7),
        (4, "flo", 2),
        (4, "gus", 2),
    ]
    assert score(session, season, "eve", 1, 9)
    assert queries.rank_of(session, season.id, "eve") == RankView(6, 1, 7)


def test_a_score_can_be_set_to_what_its_rows_say(session: Session, clock: FixedClock) -> None:
    season = board_of_seven(session)
    for owner_id, points in (("gus", 8), ("ada", 0), ("bo", 7)):
        assert service.set_score(
            session,
            season_id=season.id,
            owner_id=owner_id,
            score=points,
            reached_at=clock.now() + timedelta(hours=1),
        )
    assert rows(queries.top(session, season.id, limit=4)) == [
        (1, "gus", 8),
        (2, "cy", 7),
        (2, "di", 7),
        (2, "bo", 7),
    ]


@both_databases
def test_only_who_agreed_is_ranked(session: Session) -> None:
    season = new_season(session)
    assert not score(session, season, "ada", 5)
    enlist(session, "ada")
    assert not service.enlist(session, PROGRAMME, "ada", now=NOON)
    assert score(session, season, "ada", 5)
    assert queries.enlisted(session, PROGRAMME, ["ada", "bo"]) == {"ada"}
    assert queries.enlisted(session, "02OTHER", ["ada"]) == set()


@both_databases
def test_who_withdraws_is_taken_off_every_open_season(session: Session) -> None:
    weekly = board_of_seven(session)
    monthly = new_season(session, cadence="month")
    elsewhere = new_season(session, programme_id="02OTHER", scope_id="02OTHER")
    service.enlist(session, "02OTHER", "bo", now=NOON)
    for season in (monthly, elsewhere):
        score(session, season, "bo", 3)
    boards = service.delist(session, PROGRAMME, "bo")
    assert boards == sorted([weekly.board_id, monthly.board_id])
    assert "bo" not in [row.owner_id for row in queries.top(session, weekly.id)]
    assert queries.rank_of(session, weekly.id, "eve") == RankView(4, 4, 4)
    assert queries.top(session, monthly.id) == []
    assert rows(queries.top(session, elsewhere.id)) == [(1, "bo", 3)]
    assert not score(session, weekly, "bo", 1)
    assert service.delist(session, PROGRAMME, "bo") == []


def test_a_season_that_does_not_exist_counts_nothing(session: Session) -> None:
    enlist(session, "ada")
    assert not service.add_score(
        session, season_id="nothing", owner_id="ada", delta=1, reached_at=NOON
    )


@pytest.mark.parametrize(
    "question",
    [
        "SELECT 1 FROM standing WHERE season_id = 's' ORDER BY score DESC, reached_at, owner_id",
        "SELECT 1 FROM score_band WHERE season_id = 's' AND width = 1 AND lowest BETWEEN 7 AND 63",
    ],
)
def test_a_board_is_read_along_its_index(session: Session, question: str) -> None:
    plan = " ".join(row[-1] for row in session.execute(text(f"EXPLAIN QUERY PLAN {question}")))
    assert "SEARCH" in plan
    assert "SCAN" not in plan
    assert "TEMP B-TREE" not in plan
