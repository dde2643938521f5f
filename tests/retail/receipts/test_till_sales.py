"""Which till a sale was of, from what the sale is called; nothing where that is not sure."""

import pytest

from retail.receipts.till_sales import sale_source, till_of


@pytest.mark.parametrize(
    ("till", "reference", "told"),
    [
        ("2", "4711", "2"),
        (" POS 7 ", " A-1 ", "POS 7"),
        ("2", "2026:4711", None),
        ("a:b", "1", None),
        ("", "1", None),
        ("2", "", None),
    ],
)
def test_a_sale_tells_its_till_where_no_colon_leaves_it_open(
    till: str, reference: str, told: str | None
) -> None:
    source = sale_source("here", till, reference)
    assert till_of(source, store_id="here") == told
    assert till_of(source, store_id="there") is None


@pytest.mark.parametrize("source", ["staff:here:sam:1", "by-hand:here:1", "till:here", "", "x"])
def test_what_no_till_sold_has_none(source: str) -> None:
    assert till_of(source, store_id="here") is None
