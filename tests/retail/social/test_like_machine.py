"""Likes against a dictionary: whatever is liked, undone, folded and closed in whatever order.

The machine also has to find each of a list of planted faults.
"""

from typing import Any

import pytest

from retail.journeys.league import fold_likes, opt_in, season_close
from retail.social import review, scores, service
from tests.builders.memory import empty_database
from tests.retail.social.likes import Likes
from tests.retail.social.returns import LikesAndReturns
from tests.scale import play

# Each step folds, judges and looks at every board: a slice of 500 steps takes half a minute.
RUNS = 11
# With it the machine comes upon each of the faults in its second run or third.
SOON = 2


@pytest.mark.proof(rounds=1000)
@pytest.mark.filterwarnings("ignore::hypothesis.errors.NonInteractiveExampleWarning")
def test_likes_seasons_and_prizes_agree_with_a_dictionary(proof_round: int) -> None:
    LikesAndReturns.db = empty_database()
    play(LikesAndReturns, proof_round, runs=RUNS)


within = fold_likes._within


def brand_alone(season: Any, *rest: Any) -> Any:
    return within(season, *rest) if season.scope_kind == "brand" else {}


def twice(season: Any, changes: Any, *rest: Any) -> Any:
    return within(season, [*changes, *changes], *rest)


FAULTS: dict[str, tuple[Any, str, Any]] = {
    "a like moves no store's board": (fold_likes, "_within", brand_alone),
    "a like moves a board twice": (fold_likes, "_within", twice),
    "a like taken back stays on the boards": (fold_likes, "_correct", lambda *_: None),
    "a like given again after its season counts anew": (service, "_remember", lambda *_: None),
    "a held like scores on": (review, "_note_scores", lambda *_: None),
    "a removed like scores when a season closes": (
        scores,
        "SCORING",
        (*scores.SCORING, "removed"),
    ),
    "who leaves stays on the board": (opt_in.boards, "delist", lambda *_: []),
    "a season closes without the likes of the last moment": (
        season_close,
        "_scores",
        lambda *_: [],
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.filterwarnings("ignore::hypothesis.errors.NonInteractiveExampleWarning")
def test_the_machine_finds_a_planted_fault(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    place, name, wrong = FAULTS[fault]
    assert hasattr(place, name)
    monkeypatch.setattr(place, name, wrong)
    Likes.db = empty_database()
    with pytest.raises((AssertionError, ExceptionGroup)):
        play(Likes, SOON, runs=4 * RUNS)
