"""Polls against a dictionary: whatever is asked, voted, closed, put away and blocked, in any order.

The machine also has to find each of a list of planted faults.
"""

from typing import Any

import pytest
from sqlalchemy import bindparam, select

from core.errors import SwingtagError
from core.transaction import Database
from retail.friends import queries as friends
from retail.polls import queries, rules, service
from retail.polls.models import Poll
from tests.retail.polls.asking import Cast, Polls
from tests.scale import play

RUNS = 5


@pytest.mark.proof(rounds=250)
@pytest.mark.filterwarnings("ignore::hypothesis.errors.NonInteractiveExampleWarning")
def test_polls_agree_with_a_dictionary(
    sqlite_db: Database, proof_round: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_A_DAY", 1_000)
    Polls.cast = Cast(sqlite_db)
    play(Polls, proof_round, runs=RUNS)


# What whoever votes asks of a poll, with one part forgotten.
_POLL = select(Poll.id).where(
    Poll.id == bindparam("poll_id"),
    Poll.brand_id == bindparam("brand_id"),
    Poll.member_id != bindparam("viewer"),
)
_OPEN = (
    Poll.is_closed.is_(False),
    Poll.closes_at > bindparam("now", type_=Poll.closes_at.type),
)
_NEAR = ~friends.are_apart(Poll.member_id, bindparam("viewer"))
FAULTS: dict[str, tuple[Any, str, Any]] = {
    "a closed poll takes votes": (service, "VOTABLE", _POLL.where(queries.IS_VISIBLE, _NEAR)),
    "who is blocked votes": (service, "VOTABLE", _POLL.where(queries.IS_VISIBLE, *_OPEN)),
    "a poll without its look takes votes": (service, "VOTABLE", _POLL.where(_NEAR, *_OPEN)),
    "two votes are told apart": (rules, "FEWEST_SHOWN", 2),
    "anybody may close": (service, "hold_own", lambda *_, **__: None),
    "who is blocked sees their vote": (
        queries,
        "_known",
        lambda _session, _poll_id, viewer: viewer and viewer.id,
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.filterwarnings("ignore::hypothesis.errors.NonInteractiveExampleWarning")
def test_the_machine_finds_a_planted_fault(
    sqlite_db: Database, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, name, wrong = FAULTS[fault]
    assert hasattr(place, name)
    monkeypatch.setattr(place, name, wrong)
    monkeypatch.setattr(rules, "MOST_A_DAY", 1_000)
    Polls.cast = Cast(sqlite_db)
    with pytest.raises((AssertionError, ExceptionGroup, SwingtagError, pytest.fail.Exception)):
        play(Polls, 0, runs=1)
