"""Each benefit gives to the penny what it says, of what is left, and never more."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from loyalty.baskets.rules import Line
from loyalty.campaigns.benefits import BENEFITS
from loyalty.campaigns.parts import tell
from loyalty.campaigns.rules import Effect, Facts, Remaining
from tests.builders.campaigns import COAT, SOCKS, facts, line

COATS = {"includes": ["category:coats"]}
A_POINT_EACH = {"kind": "points_per_unit", "points": 1}
SOCKS_ONLY = {"includes": ["category:socks"]}


def given_by(told: dict[str, Any], basket: Facts) -> Effect:
    benefit = BENEFITS.read(told)
    assert BENEFITS.read(tell(benefit)) == benefit
    left = Remaining({each.id: each.total_minor for each in basket.basket.lines})
    return benefit.given(basket, left)


@pytest.mark.parametrize(
    ("told", "basket", "discounts"),
    [
        ({"kind": "percent_off", "per_cent": 10}, facts(), {"coat": 1890, "socks": 120}),
        ({"kind": "percent_off", "per_cent": 10, "scope": COATS}, facts(), {"coat": 1890}),
        ({"kind": "percent_off", "per_cent": 10, "scope": COATS}, facts(SOCKS), {}),
        ({"kind": "percent_off", "per_cent": 100}, facts(SOCKS), {"socks": 1200}),
        ({"kind": "percent_off", "per_cent": 33}, facts(line("a", 1), line("b", 2)), {}),
        (
            {"kind": "percent_off", "per_cent": 50, "at_most_minor": 1000},
            facts(),
            {"coat": 940, "socks": 60},
        ),
        (
            {"kind": "amount_off", "amount_minor": 100},
            facts(line("a", 300), line("b", 300), line("c", 300)),
            {"a": 34, "b": 33, "c": 33},
        ),
        (
            {"kind": "amount_off", "amount_minor": 9900, "scope": SOCKS_ONLY},
            facts(),
            {"socks": 1200},
        ),
        ({"kind": "cheapest_free", "scope": {}}, facts(), {"socks": 400}),
        ({"kind": "cheapest_free", "scope": COATS}, facts(), {}),
        ({"kind": "cheapest_free", "scope": SOCKS_ONLY, "of_pieces": 3}, facts(), {"socks": 400}),
        ({"kind": "cheapest_free", "scope": SOCKS_ONLY, "of_pieces": 4}, facts(), {}),
    ],
)
def test_a_discount_is_shared_out_to_the_penny(
    told: dict[str, Any], basket: Facts, discounts: dict[str, int]
) -> None:
    assert given_by(told, basket).discounts == discounts


@pytest.mark.parametrize(
    ("told", "owner_id", "points"),
    [
        ({"kind": "points", "points": 50}, "nina", 50),
        ({"kind": "points", "points": 50}, None, 0),
        ({"kind": "points_per_unit", "points": 1}, "nina", 201),
        ({"kind": "points_per_unit", "points": "1.5", "scope": SOCKS_ONLY}, "nina", 18),
        ({"kind": "points_per_unit", "points": 1, "minor_per_unit": 1}, "nina", 20100),
        ({"kind": "points_per_unit", "points": 1}, None, 0),
    ],
)
def test_points_are_whole_and_for_members(
    told: dict[str, Any], owner_id: str | None, points: int
) -> None:
    assert given_by(told, facts(owner_id=owner_id)).points == points


@pytest.mark.parametrize("told", [{"kind": "points", "points": 50}, A_POINT_EACH])
def test_points_go_to_the_wallet_that_is_named_or_to_points(told: dict[str, Any]) -> None:
    assert given_by(told, facts()).wallet == "points"
    assert given_by(told | {"wallet": "credits"}, facts()).wallet == "credits"


def test_a_voucher_is_for_members() -> None:
    told = {"kind": "voucher", "terms": "birthday"}
    assert given_by(told, facts()).voucher == "birthday"
    assert given_by(told, facts(owner_id=None)).is_nothing


@given(
    st.lists(st.integers(0, 10**6), min_size=1, max_size=12),
    st.one_of(
        st.builds(lambda n: {"kind": "percent_off", "per_cent": n}, st.integers(1, 100)),
        st.builds(lambda n: {"kind": "amount_off", "amount_minor": n}, st.integers(1, 10**7)),
        st.just({"kind": "cheapest_free", "scope": {}}),
    ),
)
def test_no_line_is_ever_given_more_off_than_is_left(
    totals: list[int], told: dict[str, Any]
) -> None:
    lines = [line(f"{number}", total) for number, total in enumerate(totals)]
    effect = given_by(told, facts(*lines))
    by_id: dict[str, Line] = {each.id: each for each in lines}
    assert all(0 < off <= by_id[name].total_minor for name, off in effect.discounts.items())
    if told["kind"] == "percent_off":
        assert effect.discount_minor == sum(totals) * told["per_cent"] // 100


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"kind": "gold"}, "kind"),
        ({"kind": "percent_off", "per_cent": 0}, "per_cent"),
        ({"kind": "percent_off", "per_cent": 101}, "per_cent"),
        ({"kind": "percent_off", "per_cent": 10, "at_most_minor": 0}, "at_most_minor"),
        ({"kind": "amount_off", "amount_minor": -5}, "amount_minor"),
        ({"kind": "cheapest_free", "scope": {}, "of_pieces": 0}, "of_pieces"),
        ({"kind": "points", "points": 0}, "points"),
        ({"kind": "points", "points": "12"}, "points"),
        ({"kind": "points_per_unit", "points": "0"}, "points"),
        ({"kind": "points_per_unit", "points": 1, "minor_per_unit": 0}, "minor_per_unit"),
        ({"kind": "points", "points": 5, "wallet": "gold"}, "wallet"),
        ({"kind": "points_per_unit", "points": 1, "wallet": ""}, "wallet"),
        ({"kind": "voucher", "terms": ""}, "terms"),
    ],
)
def test_a_benefit_that_makes_no_sense_is_refused_by_field(
    told: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        BENEFITS.read(told)
    assert list(refused.value.data["fields"]) == [field]


def test_a_coat_is_what_these_tests_say_it_is() -> None:
    assert (COAT.total_minor, SOCKS.total_minor, SOCKS.quantity) == (18900, 1200, 3)
