"""Addresses of labels, read as GS1 Digital Link has them."""

import pytest

from core.errors import NotFound
from retail.catalogue.digital_link import check_qualifiers, gtin_in, label_address

GTIN = "05012345678900"


@pytest.mark.parametrize("text", [GTIN, "5012345678900"])
def test_a_gtin_is_read_as_fourteen_digits(text: str) -> None:
    assert gtin_in(text) == GTIN


@pytest.mark.parametrize("text", ["", "05012345678901", "5012345", "０" * 14, "abc", "1" * 99])
def test_what_is_no_gtin_is_answered_like_what_nobody_sells(text: str) -> None:
    with pytest.raises(NotFound) as refused:
        gtin_in(text)
    assert refused.value.code == "piece_not_found"


@pytest.mark.parametrize(
    "path", ["22/2A", "10/ABC", "21/9", "22/A/10/B/21/C", "10/B/21/C", "235/X9"]
)
def test_variant_batch_and_serial_number_may_stand_behind(path: str) -> None:
    check_qualifiers(path.split("/"))


def test_a_value_may_hold_a_slash() -> None:
    check_qualifiers(["10", "B/7", "21", "A/9"])


@pytest.mark.parametrize(
    "path", ["22", "22/", "21/9/10/A", "22/A/22/B", "17/261231", "21/" + "9" * 21, "235/A/21/9"]
)
def test_nothing_else_may(path: str) -> None:
    with pytest.raises(NotFound):
        check_qualifiers(path.split("/"))


def test_a_label_names_its_brand() -> None:
    address = label_address("https://shop.example/", gtin=GTIN, brand_slug="alder")
    assert address == f"https://shop.example/01/{GTIN}?b=alder"
