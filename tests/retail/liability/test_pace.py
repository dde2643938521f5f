"""When budgets run out, and which need somebody first."""

from datetime import timedelta
from typing import Any

import pytest

from retail.liability import pace
from retail.liability.pace import Budget
from tests.conftest import NOON

DAY = timedelta(days=1)


def budget(**values: Any) -> Budget:
    plain: dict[str, Any] = {
        "kind": "campaign",
        "id": "1",
        "name": "Coats",
        "currency": "GBP",
        "limit": 1000,
        "given": 300,
        "held": 0,
        "recent": 140,
        "since": NOON - 14 * DAY,
        "ends_at": None,
        "is_over": False,
    }
    return Budget(**plain | values)


@pytest.mark.parametrize(
    ("values", "days"),
    [
        ({}, 70),
        ({"since": NOON - DAY, "recent": 100}, 7),
        ({"ends_at": NOON + 71 * DAY}, 70),
        ({"ends_at": NOON + 70 * DAY}, None),
        ({"recent": 0}, None),
        ({"recent": 1}, None),
        ({"given": 1000}, None),
        ({"limit": None}, None),
        ({"is_over": True}, None),
    ],
)
def test_a_budget_runs_out_at_its_pace(values: dict[str, Any], days: int | None) -> None:
    gone_at = pace.runs_out_at(budget(**values), NOON)
    assert gone_at == (None if days is None else NOON + days * DAY)


@pytest.mark.parametrize(
    ("given", "limit", "warning"),
    [
        (799, 1000, None),
        (800, 1000, "near"),
        (999, 1000, "near"),
        (1000, 1000, "gone"),
        (1200, 1000, "gone"),
        (0, 0, "gone"),
        (5, None, None),
    ],
)
def test_it_warns_when_it_is_nearly_gone_and_gone(
    given: int, limit: int | None, warning: str | None
) -> None:
    one = budget(given=given, limit=limit)
    assert one.warning == warning
    assert (one.left is None) == (limit is None)


def test_what_is_most_urgent_comes_first() -> None:
    budgets = [
        budget(name="over", given=1000, is_over=True),
        budget(name="free", limit=None),
        budget(name="later", recent=100),
        budget(name="soon", recent=500),
        budget(name="near", given=900, recent=0),
        budget(name="gone", given=1000),
    ]
    names = [one.name for one in pace.by_urgency(budgets, NOON)]
    assert names == ["gone", "near", "soon", "later", "free", "over"]


def test_a_young_campaign_has_the_pace_of_its_own_days() -> None:
    assert pace.begins(NOON - 3 * DAY, NOON) == NOON - 3 * DAY
    assert pace.begins(NOON - 30 * DAY, NOON) == NOON - 14 * DAY
    assert pace.begins(NOON, NOON) == NOON - DAY
    assert pace.begins(None, NOON) == NOON - 14 * DAY
