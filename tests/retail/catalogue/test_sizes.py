"""Sizes stand in the order people expect."""

import pytest

from retail.catalogue.sizes import size_order


@pytest.mark.parametrize(
    "expected",
    [
        ["XS", "S", "M", "L", "XL"],
        ["8", "10", "12", "18"],
        ["5", "5½", "6", "10.5"],
        ["30/32", "32/32", "One size"],
    ],
)
def test_sizes_sort_as_people_expect(expected: list[str]) -> None:
    assert sorted(map(size_order, expected)) == [size_order(size) for size in expected]
