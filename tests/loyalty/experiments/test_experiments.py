"""Arms are drawn once and evenly, circles stand together, and no holdout has a back door."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from core import clock
from core.errors import Conflict, Invalid, NotFound
from core.transaction import Database
from loyalty.experiments import queries, service
from loyalty.experiments.lift import Cluster
from loyalty.experiments.rules import EVERYTHING, arm_of, circle_of
from tests.builders.experiments import may_treat, new_experiment
from tests.builders.points import PROGRAMME
from tests.builders.races import race
from tests.conftest import NOON, both_databases

HOUR = timedelta(hours=1)


def owner_in(arm: str, experiment_id: str, holdout: int = 500) -> str:
    """Somebody who, drawn alone, stands in this arm."""
    names = (f"owner-{number}" for number in range(1000))
    return next(
        name
        for name in names
        if arm_of(experiment_id, circle_of(experiment_id, name), holdout) == arm
    )


@pytest.mark.parametrize("holdout", [0, 5, 100, 500, 1000])
def test_as_many_are_held_out_as_was_said(holdout: int) -> None:
    arms = [arm_of("trial", f"owner-{number}", holdout) for number in range(20_000)]
    share = arms.count("holdout") / len(arms)
    # Four standard deviations of a share drawn 20,000 times.
    assert abs(share - holdout / 1000) <= 4 * (holdout * (1000 - holdout) / 1e6 / 20_000) ** 0.5


def test_experiments_draw_apart_from_one_another() -> None:
    pairs = [(arm_of("a", f"o{n}", 500), arm_of("b", f"o{n}", 500)) for n in range(20_000)]
    both = sum(pair == ("holdout", "holdout") for pair in pairs) / len(pairs)
    assert abs(both - 0.25) < 4 * (0.25 * 0.75 / 20_000) ** 0.5


def test_the_same_answer_comes_for_ever(session: Session) -> None:
    new_experiment(session)
    first = {name: may_treat(session, name) for name in ("nina", "sarah", "chloe", "amy")}
    later = clock.now() + timedelta(days=300)
    assert {name: may_treat(session, name, now=later) for name in first} == first


def test_without_an_experiment_everybody_is_treated_and_nobody_exposed(session: Session) -> None:
    experiment = new_experiment(session, treatment="offer:crowd", holdout=1000)
    assert may_treat(session, "nina")
    assert queries.exposed(session, experiment.id) == {"treatment": 0, "holdout": 0}


@pytest.mark.parametrize(
    ("starts", "ends", "treats"),
    [(-HOUR, None, False), (-HOUR, HOUR, False), (HOUR, None, True), (-2 * HOUR, -HOUR, True)],
)
def test_only_a_running_experiment_holds_anybody_out(
    session: Session, starts: timedelta, ends: timedelta | None, treats: bool
) -> None:
    now = clock.now()
    new_experiment(
        session, holdout=1000, starts_at=now + starts, ends_at=None if ends is None else now + ends
    )
    assert may_treat(session, "nina") == treats


def test_it_decides_from_the_instant_it_starts_until_the_one_it_ends(session: Session) -> None:
    now = clock.now()
    new_experiment(session, holdout=1000, starts_at=now, ends_at=now + HOUR)
    assert not may_treat(session, "nina", now=now)
    assert may_treat(session, "nina", now=now + HOUR)


def test_whoever_is_held_out_of_everything_gets_no_treatment_by_another_door(
    session: Session,
) -> None:
    everything = new_experiment(session, treatment=EVERYTHING, holdout=1000)
    new_experiment(session, treatment="offer:crowd", holdout=0)
    for treatment in ("offer:friend", "offer:crowd", "campaign:spring"):
        assert not may_treat(session, "nina", treatment=treatment)
    assert queries.exposed(session, everything.id)["holdout"] == 1


def test_another_programme_decides_nothing_here(session: Session) -> None:
    new_experiment(session, programme_id="another", holdout=1000)
    assert may_treat(session, "nina")


def test_friends_stand_together_whatever_they_would_have_drawn_alone(session: Session) -> None:
    experiment = new_experiment(session)
    held = owner_in("holdout", experiment.id)
    treated = owner_in("treatment", experiment.id)
    assert not may_treat(session, held)
    assert not may_treat(session, treated, with_ids=[held])
    found = queries.find_assignment(session, experiment.id, treated)
    assert found is not None
    assert found.cluster_id == circle_of(experiment.id, held)


def test_a_friendship_made_later_moves_nobody(session: Session) -> None:
    experiment = new_experiment(session)
    held, treated = owner_in("holdout", experiment.id), owner_in("treatment", experiment.id)
    assert may_treat(session, treated)
    assert not may_treat(session, held)
    assert may_treat(session, treated, with_ids=[held])
    assert not may_treat(session, held, with_ids=[treated])


def test_circles_drawn_beforehand_are_found_as_drawn(session: Session) -> None:
    experiment = new_experiment(session)
    held, treated = owner_in("holdout", experiment.id), owner_in("treatment", experiment.id)
    circles = [[held, "a", "b"], [treated, "c"]]
    assert service.draw(session, experiment, circles, now=clock.now()) == 5
    assert service.draw(session, experiment, [[treated, "a"]], now=clock.now()) == 0
    assert {name: may_treat(session, name) for name in (held, "a", "b", treated, "c")} == {
        held: False,
        "a": False,
        "b": False,
        treated: True,
        "c": True,
    }


def test_who_was_asked_about_is_exposed_once_in_either_arm(session: Session) -> None:
    experiment = new_experiment(session)
    held, treated = owner_in("holdout", experiment.id), owner_in("treatment", experiment.id)
    for _ in range(3):
        may_treat(session, held)
        may_treat(session, treated)
    assert queries.exposed(session, experiment.id) == {"treatment": 1, "holdout": 1}


def test_outcomes_are_summed_by_circle_for_the_exposed_alone(session: Session) -> None:
    experiment = new_experiment(session)
    held, treated = owner_in("holdout", experiment.id), owner_in("treatment", experiment.id)
    service.draw(session, experiment, [[held, "a"], [treated, "b", "c"]], now=clock.now())
    for name in (held, treated, "b"):
        may_treat(session, name)
    measured = {held: 10.0, "a": 99.0, "b": 5.0, "c": 99.0, "stranger": 99.0}
    assert queries.outcomes(session, experiment.id, measured) == {
        "holdout": [Cluster(1, 10.0)],
        "treatment": [Cluster(2, 5.0)],
    }


def test_the_same_start_again_is_the_same_experiment(session: Session) -> None:
    values = {"name": "Spring", "starts_at": clock.now()}
    first = new_experiment(session, **values)
    assert new_experiment(session, **values).id == first.id
    with pytest.raises(Conflict):
        new_experiment(session, **values, holdout=10)
    assert [one.id for one in queries.experiments(session, PROGRAMME)] == [first.id]


def test_an_ended_experiment_decides_no_longer_and_stays_ended(session: Session) -> None:
    experiment = new_experiment(session, holdout=1000)
    now = clock.now()
    assert not may_treat(session, "nina")
    service.end(session, experiment.id, programme_id=PROGRAMME, now=now)
    service.end(session, experiment.id, programme_id=PROGRAMME, now=now + HOUR)
    assert queries.get(session, experiment.id, programme_id=PROGRAMME).ends_at == now
    assert may_treat(session, "nina")
    with pytest.raises(NotFound):
        service.end(session, experiment.id, programme_id="another", now=now)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "  "}, "name"),
        ({"treatment": ""}, "treatment"),
        ({"holdout": 1001}, "holdout"),
        ({"holdout": -1}, "holdout"),
        ({"holdout": 0.5}, "holdout"),
        ({"ends_at": NOON - timedelta(days=365)}, "ends_at"),
    ],
)
def test_an_experiment_that_makes_no_sense_is_refused_by_field(
    session: Session, wrong: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        new_experiment(session, **wrong)
    assert list(refused.value.data["fields"]) == [field]


def test_nothing_is_left_of_whoever_is_forgotten(session: Session) -> None:
    experiment = new_experiment(session)
    may_treat(session, "nina")
    service.forget(session, "nina")
    assert queries.find_assignment(session, experiment.id, "nina") is None
    assert sum(queries.exposed(session, experiment.id).values()) == 0


@pytest.mark.proof(rounds=100)
@both_databases
def test_askers_at_once_get_one_answer_though_they_name_different_friends(db: Database) -> None:
    with db.write() as session:
        experiment = new_experiment(session)
        held, treated = owner_in("holdout", experiment.id), owner_in("treatment", experiment.id)
        may_treat(session, held)
        may_treat(session, treated)

    def ask(attempt: int) -> tuple[int, bool]:
        friend = (held, treated)[attempt % 2]
        with db.write() as session:
            return attempt // 8, may_treat(session, f"new-{attempt // 8}", with_ids=[friend])

    answers = set(race(ask, attempts=160))
    assert len(answers) == 20
