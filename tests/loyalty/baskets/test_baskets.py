"""Scopes choose lines, and money is shared out to the penny."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from loyalty.baskets.rules import Basket, Line, Scope, check_basket, said_amount, shared_out

COAT = Line("1", frozenset({"sku:coat-10", "category:coats"}), Decimal(1), 18900)
SOCKS = Line("2", frozenset({"sku:socks", "category:socks"}), Decimal(2), 1200)
BASKET = Basket(
    currency="GBP",
    zone="Europe/London",
    at=datetime(2026, 11, 26, 12, tzinfo=UTC),
    lines=(COAT, SOCKS),
    labels=frozenset({"store:soho"}),
)

weights = st.lists(st.integers(0, 10**9), min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("scope", "chosen"),
    [
        (Scope(), (COAT, SOCKS)),
        (Scope(includes=frozenset({"category:coats"})), (COAT,)),
        (Scope(includes=frozenset({"sku:socks", "category:coats"})), (COAT, SOCKS)),
        (Scope(excludes=frozenset({"category:socks"})), (COAT,)),
        (
            Scope(includes=frozenset({"sku:coat-10"}), excludes=frozenset({"category:coats"})),
            (),
        ),
        (Scope(places=frozenset({"store:soho", "store:bath"})), (COAT, SOCKS)),
        (Scope(places=frozenset({"store:bath"})), ()),
    ],
)
def test_a_scope_chooses_lines_by_their_labels_and_the_place(
    scope: Scope, chosen: tuple[Line, ...]
) -> None:
    assert scope.lines_of(BASKET) == chosen


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"lines": ()}, "lines"),
        ({"lines": (COAT, replace(SOCKS, id="1"))}, "lines"),
        ({"lines": (replace(COAT, total_minor=-1),)}, "lines.0.total_minor"),
        ({"lines": (COAT, replace(SOCKS, total_minor=1.5))}, "lines.1.total_minor"),
        ({"lines": (replace(COAT, quantity=Decimal(-1)),)}, "lines.0.quantity"),
        ({"lines": (replace(COAT, quantity=Decimal("NaN")),)}, "lines.0.quantity"),
        ({"at": datetime(2026, 11, 26, 12)}, "at"),  # noqa: DTZ001 (what is refused)
    ],
)
def test_a_basket_that_makes_no_sense_is_refused_by_field(
    change: dict[str, object], field: str
) -> None:
    check_basket(BASKET)
    with pytest.raises(Invalid) as refused:
        check_basket(replace(BASKET, **change))  # type: ignore[arg-type]
    assert field in refused.value.data["fields"]


@given(weights, st.integers(0, 100))
def test_parts_sum_to_the_whole_and_are_no_more_than_their_weights(
    given_weights: list[int], per_cent: int
) -> None:
    amount = sum(given_weights) * per_cent // 100
    parts = shared_out(amount, given_weights)
    assert sum(parts) == amount
    assert all(0 <= part <= weight for part, weight in zip(parts, given_weights, strict=True))


@given(weights)
def test_no_part_is_a_whole_unit_away_from_its_share(given_weights: list[int]) -> None:
    total = sum(given_weights)
    amount = total // 3
    for part, weight in zip(shared_out(amount, given_weights), given_weights, strict=True):
        assert abs(part * total - amount * weight) < max(total, 1)


def test_equal_remainders_go_to_the_earlier_part() -> None:
    assert shared_out(100, [1, 1, 1]) == [34, 33, 33]
    assert shared_out(0, [0, 0]) == [0, 0]


@pytest.mark.parametrize(("amount", "given_weights"), [(-1, [1]), (1, [2, -1]), (1, [0, 0])])
def test_what_cannot_be_shared_out_is_refused(amount: int, given_weights: list[int]) -> None:
    with pytest.raises(ValueError, match="share"):
        shared_out(amount, given_weights)


@pytest.mark.parametrize(
    ("minor", "currency", "said"),
    [
        (1250, "GBP", "GBP 12.50"),
        (5, "EUR", "EUR 0.05"),
        (500, "JPY", "JPY 500"),
        (1, "KWD", "KWD 0.001"),
    ],
)
def test_amounts_are_said_with_the_decimals_of_their_currency(
    minor: int, currency: str, said: str
) -> None:
    assert said_amount(minor, currency) == said
