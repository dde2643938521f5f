"""Any sequence of scoring, joining, leaving and closing, checked against a dictionary.

The machine also has to find each of a list of planted faults.
"""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from loyalty.leaderboards import models, queries, rules, service
from tests.builders.boards import PRIZES, enlist, new_season
from tests.builders.memory import empty_database
from tests.builders.points import PROGRAMME
from tests.conftest import NOON
from tests.scale import RUNS, STEPS, play

OWNERS = st.sampled_from("abcde")
INSTANTS = st.integers(0, 3).map(lambda second: NOON + timedelta(seconds=second))
TABLES: list[Any] = [
    models.Board.__table__,
    models.Season.__table__,
    models.Participant.__table__,
    models.Standing.__table__,
    models.ScoreBand.__table__,
    models.FinalStanding.__table__,
    models.PrizeGrant.__table__,
]


class League(RuleBasedStateMachine):
    """The oracle: who is enlisted, and the score and instant of who has one."""

    def __init__(self) -> None:
        super().__init__()
        self.enlisted: set[str] = set()
        self.scores: dict[str, tuple[int, datetime]] = {}
        self.frozen: list[Any] | None = None
        self.paid: list[int] = []
        self.steps = 0

    # Late enough to have seen something, and early enough to be seen closed.
    @initialize(closes_after=st.integers(5, STEPS // 2))
    def open(self, closes_after: int) -> None:
        self.closes_after = closes_after
        self.database = empty_database(TABLES)
        with self.database.write() as session:
            self.season = new_season(session, now=NOON)
            enlist(session, *"abcd")
        self.enlisted = set("abcd")
        for owner in "abc":
            self.add(owner, 1, NOON)

    def order(self) -> list[tuple[str, int, datetime]]:
        return sorted(
            ((owner, *held) for owner, held in self.scores.items()),
            key=lambda row: (-row[1], row[2], row[0]),
        )

    def rank(self, score: int) -> int:
        return 1 + sum(held[0] > score for held in self.scores.values())

    def put(self, owner: str, score: int, since: datetime) -> None:
        if owner in self.enlisted and self.frozen is None:
            self.scores.pop(owner, None)
            if score > 0:
                self.scores[owner] = (score, since)

    @rule(owner=OWNERS)
    def enlist(self, owner: str) -> None:
        with self.database.write() as session:
            is_new = service.enlist(session, PROGRAMME, owner, now=NOON)
        assert is_new == (owner not in self.enlisted)
        self.enlisted.add(owner)

    @rule(owner=OWNERS)
    def delist(self, owner: str) -> None:
        with self.database.write() as session:
            boards = service.delist(session, PROGRAMME, owner)
        assert bool(boards) == (owner in self.scores and self.frozen is None)
        self.enlisted.discard(owner)
        if self.frozen is None:
            self.scores.pop(owner, None)

    @rule(owner=OWNERS, delta=st.sampled_from([-64, -2, -1, 1, 1, 1, 2, 2, 64, 4096]), at=INSTANTS)
    def add(self, owner: str, delta: int, at: datetime) -> None:
        with self.database.write() as session:
            counted = service.add_score(
                session, season_id=self.season.id, owner_id=owner, delta=delta, reached_at=at
            )
        assert counted == (owner in self.enlisted and self.frozen is None)
        score, since = self.scores.get(owner, (0, at))
        self.put(owner, score + delta, max(since, at) if delta > 0 else since)

    @rule(owner=OWNERS, score=st.sampled_from([0, 1, 2, 63, 64, 65, 4096]), at=INSTANTS)
    def set(self, owner: str, score: int, at: datetime) -> None:
        with self.database.write() as session:
            service.set_score(
                session, season_id=self.season.id, owner_id=owner, score=score, reached_at=at
            )
        self.put(owner, score, at)

    @invariant()
    def the_season_closes_in_its_time(self) -> None:
        self.steps += 1
        if self.steps == self.closes_after and len(self.scores) >= len(PRIZES):
            self.close()

    @precondition(lambda self: self.frozen is not None)
    @rule()
    def close_again(self) -> None:
        self.close()

    def close(self) -> None:
        with self.database.write() as session:
            finals = service.close(
                session,
                self.season.id,
                scores=((owner, *held) for owner, held in self.scores.items()),
                now=self.season.ends_at,
            )
            granted = service.grant_prizes(session, self.season.id, now=self.season.ends_at)
        self.frozen = self.frozen or [
            (place, self.rank(row[1]), *row) for place, row in enumerate(self.order(), start=1)
        ]
        assert [(f.place, f.rank, f.owner_id, f.score, f.reached_at) for f in finals] == (
            self.frozen
        )
        self.paid += [grant.place for grant in granted]
        assert self.paid == [prize.place for prize in PRIZES]

    @rule(owner=OWNERS)
    def look(self, owner: str) -> None:
        with self.database.read() as session:
            board = queries.top(session, self.season.id)
            near = queries.neighbours(session, self.season.id, owner, each_side=1)
            own = queries.rank_of(session, self.season.id, owner)
        place = next((n for n, row in enumerate(board) if row.owner_id == owner), None)
        if place is None:
            assert (near, own) == ([], None)
        else:
            assert near == board[max(place - 1, 0) : place + 2]
            assert own is not None
            assert own.rank == board[place].rank

    @invariant()
    def the_live_board_is_as_expected(self) -> None:
        order = self.order() if self.frozen is None else []
        expected = [(owner, self.rank(score), score, at) for owner, score, at in order]
        with self.database.read() as session:
            found = queries.top(session, self.season.id)
        assert [(row.owner_id, row.rank, row.score, row.reached_at) for row in found] == expected


@pytest.mark.proof(rounds=250)
def test_any_sequence_on_a_board_agrees_with_a_dictionary(proof_round: int) -> None:
    play(League, proof_round)


def any_season(session: Any, _: str, owner_id: str) -> bool:
    return owner_id in queries.enlisted(session, PROGRAMME, [owner_id])


def not_frozen(session: Any, season_id: str, _: str) -> bool:
    return queries.get_season(session, season_id).closed_at is None


def by_name(rows: Any) -> Any:
    order = sorted((row for row in rows if row[1] > 0), key=lambda row: (-row[1], row[0]))
    return (rules.Final(place, place, *row) for place, row in enumerate(order, start=1))


# Each with a seed that comes upon it within a few runs.
FAULTS: dict[str, tuple[Any, str, Any, int]] = {
    "a closed season counts on": (service, "_can_score", any_season, 6),
    "who never agreed is ranked": (service, "_can_score", not_frozen, 6),
    "who leaves stays": (service, "_remove", lambda *_: None, 6),
    "ranks are not told of a new score": (service, "_move_bands", lambda *_: None, 6),
    "level scores are placed by name": (service.rules, "ranked", by_name, 3),
    "a place is paid whenever asked": (service, "_record", lambda *_: True, 6),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_machine_finds_a_planted_fault(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    place, name, wrong, seed = FAULTS[fault]
    assert hasattr(place, name)
    monkeypatch.setattr(place, name, wrong)
    with pytest.raises((AssertionError, ExceptionGroup)):
        play(League, seed, runs=3 * RUNS)
