"""Which candidates serve, and when a night's run is due."""

from datetime import UTC, datetime

import pytest

from retail.training import rules
from retail.training.rules import Figure, Trial, Verdict, judge


def trial(candidate: float, popular: float = 0.1, serving: float | None = None) -> Trial:
    """Figures whose differences have a standard error of 0.01."""
    beside = None if serving is None else Figure(serving, 0.02)
    over = None if serving is None else Figure(candidate - serving, 0.01)
    return Trial(
        shoppers=50,
        candidate=Figure(candidate, 0.02),
        popular=Figure(popular, 0.02),
        over_popular=Figure(candidate - popular, 0.01),
        serving=beside,
        over_serving=over,
    )


@pytest.mark.parametrize(
    ("found", "has_serving", "has_left", "verdict"),
    [
        (trial(0.2), False, False, ("promoted", "first")),
        (trial(0.095), False, False, ("promoted", "first")),
        (trial(0.08), False, False, ("kept", "floor")),
        (trial(0.0, popular=0.0), False, False, ("kept", "floor")),
        (None, False, False, ("kept", "few")),
        (None, True, True, ("withdrawn", "left")),
        (trial(0.3, serving=0.2), True, False, ("promoted", "level")),
        (trial(0.195, serving=0.2), True, False, ("promoted", "level")),
        (trial(0.18, serving=0.2), True, False, ("kept", "worse")),
        (trial(0.18, serving=0.2), True, True, ("promoted", "left")),
        (trial(0.08, serving=0.2), True, False, ("kept", "floor")),
        (trial(0.08, serving=0.2), True, True, ("withdrawn", "left")),
        (trial(0.2), True, False, ("kept", "few_new")),
        (trial(0.2), True, True, ("promoted", "left")),
    ],
)
def test_a_candidate_serves_above_the_floor_and_where_it_is_not_worse(
    found: Trial | None, has_serving: bool, has_left: bool, verdict: tuple[str, str]
) -> None:
    judged = judge(found, shoppers=50, has_serving=has_serving, has_left=has_left)
    assert judged == Verdict(*verdict)


def test_few_shoppers_never_make_a_model() -> None:
    few = rules.FEWEST_SHOPPERS - 1
    judged = judge(trial(0.9), shoppers=few, has_serving=False, has_left=False)
    assert judged == Verdict("kept", "few")


def test_a_trial_is_read_as_it_was_written() -> None:
    for one in (trial(0.2), trial(0.2, serving=0.1)):
        assert rules.trial_of(one.told()) == one
    assert rules.trial_of({}) is None


@pytest.mark.parametrize(
    ("now", "zone", "night"),
    [
        ("2026-11-22T12:00", "Europe/London", "2026-11-22T03:00"),
        ("2026-11-22T02:59", "Europe/London", "2026-11-21T03:00"),
        ("2026-11-22T12:00", "America/New_York", "2026-11-22T08:00"),
        ("2026-11-22T07:59", "America/New_York", "2026-11-21T08:00"),
        # The clocks go back at two: three hours into that day they show two.
        ("2026-10-25T02:30", "Europe/London", "2026-10-25T02:00"),
    ],
)
def test_a_night_is_the_brands_own(now: str, zone: str, night: str) -> None:
    instants = [datetime.fromisoformat(one).replace(tzinfo=UTC) for one in (now, night)]
    assert rules.last_night(instants[0], zone) == instants[1]
