"""What vouchers take off: to the penny, never below zero, whatever the order they come in."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.baskets.rules import Basket, Scope
from loyalty.vouchers.pricing import Offer, Priced, price
from loyalty.vouchers.rules import share_back
from loyalty.vouchers.terms import Terms
from tests.builders.vouchers import basket, line
from tests.conftest import NOON

TWENTY = Terms("percent", 20, stacking="stackable")
FIVE_POUNDS = Terms("amount", 500, "GBP", stacking="stackable")
ONE_FREE = Terms("item", 1, title="A pair of socks", stacking="stackable")
GIFT = Terms("gift", 1, title="A tote", stacking="stackable")


def offer(terms: Terms, name: str = "A", **overrides: Any) -> Offer:
    values: dict[str, Any] = {
        "voucher_id": name,
        "ends_in": name,
        "terms_id": name,
        "is_void": False,
        "owner_id": None,
        "issued_at": NOON - timedelta(days=1),
        "valid_from": NOON - timedelta(days=1),
        "valid_until": NOON + timedelta(days=1),
    }
    return Offer(terms=terms, **(values | overrides))


def priced(terms: Terms, what: Basket | None = None, **overrides: Any) -> Priced:
    return price(what or basket(2000), [offer(terms, **overrides)])


def why(found: Priced) -> list[str]:
    return [one.reason for one in found.refused]


def test_a_share_is_taken_off_every_line_and_no_penny_is_lost() -> None:
    found = priced(Terms("percent", 10), basket(333, 333, 334))
    assert found.discounts() == {"1": 33, "2": 33, "3": 34}
    assert found.discount_minor == 100


def test_a_fixed_sum_is_not_a_share() -> None:
    # Known of another engine: £20 off was computed as 20 per cent.
    assert priced(Terms("amount", 2000, "GBP"), basket(50_000)).discount_minor == 2000
    assert priced(Terms("percent", 20), basket(50_000)).discount_minor == 10_000


def test_a_sum_is_never_more_than_the_lines_it_is_for() -> None:
    shirts = replace(FIVE_POUNDS, scope=Scope(includes=frozenset({"category:shirts"})))
    lines = (line(1, 300, "category:shirts"), line(2, 9000))
    assert priced(shirts, basket(lines=lines)).discounts() == {"1": 300}


def test_a_discount_is_never_more_than_its_terms_say() -> None:
    half = Terms("percent", 50, "GBP", most_minor=700)
    assert priced(half, basket(1000, 3000)).discounts() == {"1": 175, "2": 525}


def test_stacked_vouchers_never_fall_below_zero() -> None:
    # Known of another engine: two offers of 100 per cent paid the shopper.
    all_off = Terms("percent", 100, stacking="stackable")
    found = price(basket(1000), [offer(all_off, "A"), offer(all_off, "B"), offer(FIVE_POUNDS, "C")])
    assert found.discount_minor == 1000
    assert why(found) == ["nothing_left", "nothing_left"]


def test_one_piece_of_the_cheapest_line_is_free() -> None:
    lines = (line(1, 1500), line(2, 1200, quantity="3"), line(3, 900))
    assert priced(ONE_FREE, basket(lines=lines)).discounts() == {"2": 400}


@pytest.mark.parametrize(
    ("total", "quantity", "piece"),
    [(5, "2", 3), (7, "2", 4), (10, "3", 3), (11, "3", 4), (999, "0.5", 999), (100, "1.5", 67)],
)
def test_a_piece_that_does_not_divide_is_rounded_half_a_penny_upwards(
    total: int, quantity: str, piece: int
) -> None:
    found = priced(ONE_FREE, basket(lines=(line(1, total, quantity=quantity),)))
    assert found.discount_minor == piece


def test_a_gift_takes_nothing_off_and_counts_all_the_same() -> None:
    found = priced(GIFT)
    assert (found.discount_minor, len(found.applied), found.refused) == (0, 1, ())


LATER, EARLIER = NOON + timedelta(days=2), NOON - timedelta(days=2)
SCOPE = Scope(includes=frozenset({"category:hats"}))
BOUND = Terms("percent", 20, is_bound=True)
ONE_EACH = Terms("percent", 20, uses=None, uses_per_owner=1)


@pytest.mark.parametrize(
    ("terms", "reason", "overrides"),
    [
        (TWENTY, "void", {"is_void": True}),
        (TWENTY, "not_yet_issued", {"issued_at": LATER}),
        (TWENTY, "not_yet_valid", {"valid_from": LATER}),
        (TWENTY, "expired", {"valid_until": NOON}),
        (TWENTY, "used_up", {"uses_left": 0}),
        (BOUND, "not_theirs", {"owner_id": "sarah"}),
        (Terms("amount", 500, "EUR"), "other_currency", {}),
        (ONE_EACH, "owner_needed", {}),
        (ONE_EACH, "owner_used_up", {"owner_id": "nina", "owner_uses_left": 0}),
        (replace(TWENTY, scope=SCOPE), "nothing_in_scope", {}),
        (Terms("percent", 20, "GBP", minimum_minor=2001), "below_minimum", {}),
        (
            Terms("amount", 500, "GBP", campaign_id="may"),
            "budget_used_up",
            {"budget_left_minor": 1},
        ),
    ],
)
def test_every_voucher_that_does_not_count_says_why(
    terms: Terms, reason: str, overrides: dict[str, Any]
) -> None:
    found = priced(terms, **overrides)
    assert why(found) == [reason]
    assert found.discount_minor == 0


def test_what_a_basket_lacks_is_said() -> None:
    (refused,) = priced(Terms("percent", 20, "GBP", minimum_minor=2500)).refused
    assert refused.missing_minor == 500


def test_a_voucher_shown_twice_counts_once() -> None:
    assert price(basket(2000), [offer(FIVE_POUNDS), offer(FIVE_POUNDS)]).discount_minor == 500


def test_one_use_per_owner_counts_over_all_vouchers_of_the_terms() -> None:
    one = Terms("amount", 500, "GBP", uses_per_owner=1, stacking="stackable")
    both = [offer(one, name, terms_id="T", owner_id="nina", owner_uses_left=1) for name in "AB"]
    found = price(basket(2000), both)
    assert (found.discount_minor, why(found)) == (500, ["owner_used_up"])


def test_a_budget_is_shared_by_the_vouchers_of_its_campaign() -> None:
    spends = replace(FIVE_POUNDS, campaign_id="may")
    found = price(basket(2000), [offer(spends, name, budget_left_minor=900) for name in "AB"])
    assert (found.discount_minor, why(found)) == (500, ["budget_used_up"])


def test_the_first_by_priority_decides_whether_others_may_stand_beside_it() -> None:
    alone = Terms("percent", 10, priority=5)
    found = price(basket(2000), [offer(FIVE_POUNDS, "A"), offer(alone, "B"), offer(GIFT, "C")])
    assert [one.offer.voucher_id for one in found.applied] == ["B"]
    assert why(found) == ["stands_alone", "stands_alone"]
    found = price(basket(2000), [offer(FIVE_POUNDS, "A"), offer(Terms("percent", 10), "B")])
    assert [one.offer.voucher_id for one in found.applied] == ["A"]


TERMS = st.builds(
    Terms,
    kind=st.just("percent"),
    value=st.integers(1, 100),
    priority=st.integers(0, 2),
    stacking=st.sampled_from(["stackable", "stackable", "exclusive"]),
) | st.builds(
    Terms,
    kind=st.just("amount"),
    value=st.integers(1, 3000),
    currency=st.just("GBP"),
    priority=st.integers(0, 2),
    stacking=st.just("stackable"),
)


@given(st.lists(st.integers(0, 2500), min_size=1, max_size=4), st.lists(TERMS, max_size=4))
def test_the_order_of_entry_makes_no_difference_and_no_line_falls_below_zero(
    totals: list[int], terms: list[Terms]
) -> None:
    offers = [offer(one, str(number)) for number, one in enumerate(terms)]
    what = basket(*totals)
    found = price(what, offers)
    assert all(price(what, list(order)) == found for order in permutations(offers))
    discounts = found.discounts()
    assert all(0 <= discounts.get(one.id, 0) <= one.total_minor for one in what.lines)
    for one in found.applied:
        assert sum(one.lines.values()) == one.discount_minor
        face = one.offer.terms
        assert face.kind != "amount" or one.discount_minor <= face.value


@given(st.integers(0, 10**6), st.lists(st.integers(1, 9), min_size=1, max_size=6))
def test_many_returns_give_back_exactly_what_was_given(amount: int, parts: list[int]) -> None:
    whole, back, seen = Decimal(sum(parts)), Decimal(0), [0]
    for part in parts:
        back += part
        seen.append(share_back(amount, back, whole))
    assert seen == sorted(seen)
    assert seen[-1] == amount
