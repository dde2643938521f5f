"""Each condition holds where it should, and says what it saw."""

from datetime import UTC, datetime
from typing import Any

import pytest

from core.errors import Invalid
from loyalty.campaigns.conditions import CONDITIONS
from loyalty.campaigns.parts import tell
from loyalty.campaigns.rules import Facts
from tests.builders.campaigns import COAT, SOCKS, facts

COATS = {"includes": ["category:coats"]}
SUNDAY_NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
# British clocks went back at 01:00 UTC on this day, so it was 01:30 in the shop twice.
AUTUMN = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "given", "holds"),
    [
        ({"kind": "basket_total", "at_least_minor": 20100}, facts(), True),
        ({"kind": "basket_total", "at_least_minor": 20101}, facts(), False),
        ({"kind": "basket_total", "at_least_minor": 18900, "scope": COATS}, facts(), True),
        ({"kind": "basket_total", "at_least_minor": 1, "scope": COATS}, facts(SOCKS), False),
        ({"kind": "contains", "scope": COATS}, facts(COAT), True),
        ({"kind": "contains", "scope": COATS}, facts(SOCKS), False),
        (
            {"kind": "contains", "scope": {"includes": ["sku:S-1"]}, "at_least": 3},
            facts(SOCKS),
            True,
        ),
        (
            {"kind": "contains", "scope": {"includes": ["sku:S-1"]}, "at_least": "3.001"},
            facts(SOCKS),
            False,
        ),
        ({"kind": "place", "labels": ["store:soho", "store:bath"]}, facts(), True),
        ({"kind": "place", "labels": ["store:bath"]}, facts(), False),
        ({"kind": "place", "labels": ["store:bath"]}, facts(places=()), False),
        ({"kind": "hours", "from_minute": 720, "until_minute": 721}, facts(), True),
        ({"kind": "hours", "from_minute": 600, "until_minute": 720}, facts(), False),
        ({"kind": "hours", "from_minute": 1320, "until_minute": 721}, facts(), True),
        ({"kind": "hours", "from_minute": 1320, "until_minute": 720}, facts(), False),
        ({"kind": "hours", "from_minute": 90, "until_minute": 91}, facts(at=AUTUMN), True),
        (
            {"kind": "hours", "from_minute": 90, "until_minute": 91},
            facts(at=AUTUMN.replace(hour=1)),
            True,
        ),
        ({"kind": "weekdays", "days": [6, 7]}, facts(at=SUNDAY_NOON), True),
        ({"kind": "weekdays", "days": [1]}, facts(at=SUNDAY_NOON), False),
        ({"kind": "weekdays", "days": [1]}, facts(at=SUNDAY_NOON.replace(hour=23)), False),
        ({"kind": "buyer"}, facts(), True),
        ({"kind": "buyer"}, facts(owner_id=None), False),
        ({"kind": "buyer", "labels": ["tier:gold"]}, facts(), False),
        (
            {"kind": "buyer", "labels": ["tier:gold"]},
            facts(owner_labels=frozenset({"tier:gold"})),
            True,
        ),
        ({"kind": "purchase_number", "at_least": 1, "at_most": 1}, facts(purchases=0), True),
        ({"kind": "purchase_number", "at_least": 1, "at_most": 1}, facts(purchases=1), False),
        ({"kind": "purchase_number", "at_least": 1, "at_most": 9}, facts(), False),
    ],
)
def test_a_condition_holds_where_it_should(told: dict[str, Any], given: Facts, holds: bool) -> None:
    condition = CONDITIONS.read(told)
    assert condition.holds(given) == holds
    assert condition.says(given).endswith(".")
    assert CONDITIONS.read(tell(condition)) == condition


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ("basket_total", "kind"),
        ({"kind": "phase_of_moon"}, "kind"),
        ({"kind": "basket_total"}, "at_least_minor"),
        ({"kind": "basket_total", "at_least_minor": 0}, "at_least_minor"),
        ({"kind": "basket_total", "at_least_minor": 1.5}, "at_least_minor"),
        ({"kind": "basket_total", "at_least_minor": True}, "at_least_minor"),
        ({"kind": "basket_total", "at_least_minor": 1, "colour": "red"}, "colour"),
        ({"kind": "basket_total", "at_least_minor": 1, "scope": ["coats"]}, "scope"),
        ({"kind": "contains", "scope": {}}, "scope"),
        ({"kind": "contains", "scope": {"includes": ["coats"]}}, "scope"),
        ({"kind": "contains", "scope": {"within": ["category:coats"]}}, "scope"),
        ({"kind": "contains", "scope": COATS, "at_least": "0"}, "at_least"),
        ({"kind": "contains", "scope": COATS, "at_least": "many"}, "at_least"),
        ({"kind": "contains", "scope": COATS, "at_least": 1.5}, "at_least"),
        ({"kind": "contains", "scope": COATS, "at_least": "Infinity"}, "at_least"),
        ({"kind": "place", "labels": []}, "labels"),
        ({"kind": "hours", "from_minute": 1440, "until_minute": 10}, "from_minute"),
        ({"kind": "hours", "from_minute": 1, "until_minute": 1441}, "until_minute"),
        ({"kind": "weekdays", "days": [0]}, "days"),
        ({"kind": "weekdays", "days": []}, "days"),
        ({"kind": "weekdays", "days": ["Monday"]}, "days"),
        ({"kind": "purchase_number", "at_least": 5, "at_most": 4}, "at_most"),
    ],
)
def test_a_condition_that_makes_no_sense_is_refused_by_field(told: Any, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        CONDITIONS.read(told)
    assert list(refused.value.data["fields"]) == [field]


def test_every_kind_of_condition_is_tried_above() -> None:
    tried = test_a_condition_holds_where_it_should.pytestmark[0].args[1]  # type: ignore[attr-defined]
    assert {told["kind"] for told, *_ in tried} == set(CONDITIONS.kinds)
