"""Campaigns together: priorities, exclusiveness, limits, reasons; a file reads back as written."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from loyalty.campaigns.definition import read_campaign, tell_campaign
from loyalty.campaigns.evaluate import Running, after, evaluate
from loyalty.campaigns.rules import Used
from tests.builders.campaigns import facts, line, running, ten_per_cent, told

POUND_OFF = {"kind": "amount_off", "amount_minor": 100}
HALF_OFF = {"kind": "percent_off", "per_cent": 50}


def test_discounts_come_off_what_those_of_higher_priority_left() -> None:
    first = read_campaign(told(POUND_OFF, priority=9))
    second = read_campaign(told(HALF_OFF))
    outcome = evaluate(running(second, first), facts(line("a", 1000)))
    assert [gift.discount_minor for gift in outcome.gifts] == [100, 450]
    assert outcome.discounts == {"a": 550}


@given(st.permutations(range(5)), st.integers(1, 10**5))
def test_the_order_of_entry_changes_nothing_and_no_line_falls_below_nought(
    order: list[int], total: int
) -> None:
    campaigns = running(
        read_campaign(told(POUND_OFF, priority=3)),
        read_campaign(told(HALF_OFF, priority=3)),
        read_campaign(told(HALF_OFF, is_exclusive=True, priority=2)),
        read_campaign(told({"kind": "points_per_unit", "points": 1}, priority=1)),
        read_campaign(told(POUND_OFF)),
    )
    basket = facts(line("a", total), line("b", total // 3))
    outcome = evaluate([campaigns[place] for place in order], basket)
    assert outcome == evaluate(campaigns, basket)
    assert outcome.discounts.get("a", 0) <= total
    assert outcome.discounts.get("b", 0) <= total // 3


def test_an_exclusive_discount_ends_the_discounts_after_it_and_not_the_points() -> None:
    outcome = evaluate(
        running(
            ten_per_cent(is_exclusive=True, priority=5),
            ten_per_cent(),
            read_campaign(told({"kind": "points", "points": 5})),
        ),
        facts(),
    )
    assert [gift.campaign_id for gift in outcome.gifts] == ["0", "2"]
    assert "lets no other" in outcome.explanations[1].reasons[0]


def test_an_exclusive_one_that_gives_nothing_stands_in_nobodys_way() -> None:
    closed = ten_per_cent(
        is_exclusive=True, priority=5, conditions=[{"kind": "place", "labels": ["store:bath"]}]
    )
    outcome = evaluate(running(closed, ten_per_cent()), facts())
    assert [gift.campaign_id for gift in outcome.gifts] == ["1"]


def test_every_rule_says_why() -> None:
    dear = [{"kind": "basket_total", "at_least_minor": 50000}]
    outcome = evaluate(running(ten_per_cent(conditions=dear)), facts())
    assert outcome.gifts == ()
    (said,) = outcome.explanations
    assert (said.applies, said.reasons) == (
        False,
        ("The basket comes to GBP 201.00; it needs GBP 500.00.",),
    )


@pytest.mark.parametrize(
    ("limits", "used", "owner_id", "gives"),
    [
        ({"uses": 3}, Used(uses=2), "nina", True),
        ({"uses": 3}, Used(uses=3), "nina", False),
        ({"uses_each": 1}, Used(uses_of_owner=0), "nina", True),
        ({"uses_each": 1}, Used(uses_of_owner=1), "nina", False),
        ({"uses_each": 1}, Used(), None, False),
        ({"budget_minor": 5000}, Used(spent_minor=2990), "nina", True),
        ({"budget_minor": 5000}, Used(spent_minor=2991), "nina", False),
        ({"budget_points": 1}, Used(spent_points=1), "nina", True),
    ],
)
def test_limits_are_kept_whole_or_not_at_all(
    limits: dict[str, int], used: Used, owner_id: str | None, gives: bool
) -> None:
    campaign = Running("c", ten_per_cent(limits=limits), used)
    outcome = evaluate([campaign], facts(owner_id=owner_id))
    assert bool(outcome.gifts) == gives
    assert outcome.explanations[0].applies == gives
    assert sum(outcome.discounts.values()) == (2010 if gives else 0)


def test_a_budget_says_what_is_left_of_it() -> None:
    money = Running("c", ten_per_cent(limits={"budget_minor": 5000}), Used(spent_minor=2991))
    (said,) = evaluate([money], facts()).explanations
    assert said.reasons == ("Its budget of GBP 50.00 has GBP 20.09 left; it needs GBP 20.10.",)


def test_a_campaign_that_its_limits_stop_leaves_the_lines_to_the_others() -> None:
    spent = Running("a", ten_per_cent(priority=9, limits={"uses": 1}), Used(uses=1))
    outcome = evaluate([spent, *running(ten_per_cent())], facts())
    assert outcome.discounts == {"coat": 1890, "socks": 120}


def test_after_an_outcome_its_cost_is_counted() -> None:
    outcome = evaluate(running(ten_per_cent()), facts())
    assert after({}, outcome) == {"0": Used(1, 1, 2010, 0)}
    assert after(after({}, outcome), outcome) == {"0": Used(2, 2, 4020, 0)}


def test_a_file_reads_back_as_it_was_written() -> None:
    campaign = read_campaign(
        told(
            {"kind": "percent_off", "per_cent": 20, "scope": {"includes": ["category:coats"]}},
            {"kind": "points_per_unit", "points": "0.5"},
            conditions=[{"kind": "weekdays", "days": [7, 6]}, {"kind": "buyer"}],
            limits={"uses_each": 1, "budget_minor": 100_000},
            priority=7,
            is_exclusive=True,
            is_announced=True,
        )
    )
    again = read_campaign(json.loads(json.dumps(tell_campaign(campaign))))
    assert again == campaign
    assert again != replace(campaign, priority=8)


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"format": "swingtag-campaign/9"}, ["format"]),
        ({"name": " "}, ["name"]),
        ({"priority": -1}, ["priority"]),
        ({"priority": "high"}, ["priority"]),
        ({"is_exclusive": "yes"}, ["is_exclusive"]),
        ({"is_announced": 1}, ["is_announced"]),
        ({"is_announced": True, "holdout": 50}, ["is_announced"]),
        ({"colour": "red"}, ["colour"]),
        ({"limits": {"uses": 0}}, ["limits.uses"]),
        ({"limits": {"budget_minor": 1.5}}, ["limits.budget_minor"]),
        ({"limits": {"hours": 3}}, ["limits"]),
        ({"rules": []}, ["rules"]),
        ({"rules": "all"}, ["rules"]),
        ({"rules": [{"benefits": []}]}, ["rules.0.benefits"]),
        ({"rules": [{"benefits": [{"kind": "points"}]}]}, ["rules.0.benefits.0.points"]),
        ({"rules": [{"benefits": [POUND_OFF], "conditions": [7]}]}, ["rules.0.conditions.0.kind"]),
        ({"rules": [{"gives": []}], "priority": 2000}, ["priority", "rules.0"]),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_with_every_field(
    change: dict[str, Any], fields: list[str]
) -> None:
    with pytest.raises(Invalid) as refused:
        read_campaign(told(POUND_OFF) | change)
    assert list(refused.value.data["fields"]) == fields


@pytest.mark.parametrize("nonsense", [None, 7, "campaign", [], {"name": "Spring"}])
def test_what_is_no_campaign_at_all_is_refused(nonsense: Any) -> None:
    with pytest.raises(Invalid):
        read_campaign(nonsense)
