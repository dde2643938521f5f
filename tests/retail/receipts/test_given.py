"""Whose a discount on a receipt is: the campaign's by name, and the rest the till's."""

import pytest

from loyalty.campaigns.rules import Effect, Gift
from retail.receipts.given import Given, Off, given_by, named

COATS, KNITS = Off("Coats", 300), Off("Knits", 200)


@pytest.mark.parametrize(
    ("discount", "told"),
    [
        (0, ()),
        (499, (Off("", 499),)),
        (500, (COATS, KNITS)),
        (501, (COATS, KNITS, Off("", 1))),
    ],
)
def test_a_discount_is_told_by_whose_it_is(discount: int, told: tuple[Off, ...]) -> None:
    assert named(2, discount, Given({2: [COATS, KNITS]})) == told


def test_a_line_of_which_campaigns_know_nothing_is_the_tills() -> None:
    assert named(1, 90, Given({2: [COATS]})) == (Off("", 90),)


def test_gifts_are_told_by_line_with_points_and_vouchers_of_all() -> None:
    effects = (Effect("percent_off", {"1": 300}), Effect("points", points=40))
    gifts = [("Coats", Gift("A", effects)), ("Next", Gift("B", (Effect("v", voucher="spring"),)))]
    assert given_by(gifts) == Given({1: [COATS]}, 40, ("spring",))
