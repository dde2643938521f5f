"""A season closes once, stays as it was, and gives each prize once."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.errors import Conflict, NotFound
from core.transaction import Database
from loyalty.leaderboards import queries, service
from loyalty.leaderboards.rules import SeasonView
from tests.builders.boards import PRIZES, enlist, new_season
from tests.builders.points import PROGRAMME
from tests.conftest import NOON, both_databases

Scores = list[tuple[str, int, datetime]]

SCORES: Scores = [
    ("cy", 7, NOON + timedelta(seconds=2)),
    ("ada", 9, NOON),
    ("gus", 0, NOON),
    ("stranger", 99, NOON),
    ("bo", 7, NOON + timedelta(seconds=1)),
    ("di", 7, NOON + timedelta(seconds=2)),
    ("eve", 4, NOON),
]


def running_season(session: Session) -> SeasonView:
    season = new_season(session)
    enlist(session, "ada", "bo", "cy", "di", "eve", "gus")
    service.add_score(session, season_id=season.id, owner_id="eve", delta=50, reached_at=NOON)
    return season


def closed_season(session: Session, scores: Scores = SCORES) -> SeasonView:
    season = running_season(session)
    service.close(session, season.id, scores=scores, now=season.ends_at)
    return queries.get_season(session, season.id)


@both_databases
def test_a_season_is_frozen_with_the_scores_it_is_closed_with(session: Session) -> None:
    season = running_season(session)
    finals = service.close(session, season.id, scores=iter(SCORES), now=season.ends_at)
    assert [(row.place, row.rank, row.owner_id, row.score) for row in finals] == [
        (1, 1, "ada", 9),
        (2, 2, "bo", 7),
        (3, 2, "cy", 7),
        (4, 2, "di", 7),
        (5, 5, "eve", 4),
    ]
    assert finals == queries.final(session, season.id)
    assert finals[1:3] == queries.final(session, season.id, places=[2, 3])
    assert queries.top(session, season.id) == []
    assert queries.rank_of(session, season.id, "eve") is None


@both_databases
def test_closing_again_changes_nothing(session: Session) -> None:
    season = closed_season(session)
    before = queries.final(session, season.id)
    later = season.ends_at + timedelta(days=1)
    other: Scores = [("eve", 500, NOON)]
    assert service.close(session, season.id, scores=other, now=later) == before
    assert queries.get_season(session, season.id).closed_at == season.ends_at


def test_a_season_that_runs_cannot_be_closed(session: Session) -> None:
    season = running_season(session)
    with pytest.raises(Conflict, match="not over"):
        service.close(session, season.id, scores=[], now=season.ends_at - timedelta(microseconds=1))
    with pytest.raises(Conflict, match="not closed"):
        service.grant_prizes(session, season.id, now=season.ends_at)
    with pytest.raises(NotFound):
        service.close(session, "nothing", scores=[], now=season.ends_at)


def test_nothing_counts_in_a_closed_season(session: Session) -> None:
    season = closed_season(session)
    before = queries.final(session, season.id)
    counted: dict[str, Any] = {"season_id": season.id, "owner_id": "eve", "reached_at": NOON}
    assert not service.add_score(session, delta=5, **counted)
    assert not service.set_score(session, score=5, **counted)
    service.delist(session, PROGRAMME, "ada")
    assert queries.final(session, season.id) == before
    assert queries.top(session, season.id) == []


@both_databases
def test_the_database_refuses_to_change_what_is_final(db: Database) -> None:
    with db.write() as session:
        season = closed_season(session)
        service.grant_prizes(session, season.id, now=season.ends_at)
        finals = queries.final(session, season.id)
    for change in (
        "UPDATE final_standing SET score = 10 WHERE place = 2",
        "DELETE FROM final_standing WHERE place = 1",
        "UPDATE prize_grant SET owner_id = 'eve'",
        "DELETE FROM prize_grant",
    ):
        with pytest.raises(IntegrityError, match="append-only"), db.write() as session:
            session.execute(text(change))
    with db.read() as session:
        assert queries.final(session, season.id) == finals


@both_databases
def test_prizes_go_by_place_and_only_once(session: Session) -> None:
    season = closed_season(session)
    grants = service.grant_prizes(session, season.id, now=season.ends_at)
    assert [(grant.place, grant.owner_id, grant.prize) for grant in grants] == [
        (1, "ada", PRIZES[0]),
        (2, "bo", PRIZES[1]),
        (3, "cy", PRIZES[2]),
    ]
    assert grants[0].source == f"prize:{season.id}:1"
    assert service.grant_prizes(session, season.id, now=season.ends_at) == []


def test_prizes_without_a_winner_stay(session: Session) -> None:
    season = closed_season(session, SCORES[1:2])
    grants = service.grant_prizes(session, season.id, now=season.ends_at)
    assert [grant.owner_id for grant in grants] == ["ada"]
