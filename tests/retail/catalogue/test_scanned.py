"""Labels as scanners send them and people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retail.catalogue.epc import made_of
from retail.catalogue.scanned import find_brand, find_gtin, spell_out_upc_e

GTIN = "09506000134352"
CHIP = made_of(GTIN, "6789")


@pytest.mark.parametrize(
    "scanned",
    [
        GTIN,
        " 9506000134352 ",
        "9 506000 134352",
        "https://tags.example/01/09506000134352?b=alder",
        "https://tags.example/shop/01/09506000134352/21/A1",
        "(01)09506000134352(21)ABC",
        "(01)09506000134352",
        "010950600013435221ABC",
        "010950600013435221ABC\x1d17261231",
        "\x1d010950600013435221ABC",
        "21ABC\x1d0109506000134352",
        "010950600013435217260231",
        "]C1010950600013435221ABC",
        "]d2\x1d010950600013435221ABC",
        "]E09506000134352",
        "urn:epc:tag:sgtin-96:3.9506000.013435.6789",
        CHIP.uri,
        CHIP.hex_96(),
        CHIP.hex_198().lower(),
    ],
)
def test_a_label_is_read_in_whichever_way_it_comes(scanned: str) -> None:
    assert find_gtin(scanned) == GTIN


@pytest.mark.parametrize(
    "scanned",
    [
        *("", "HARBOUR-TRENCH-12", "]", "]d2", "(01)", "()", "01"),
        "https://tags.example/01/09506000134353",
        "(01)09506000134353(21)ABC",
        "010950600013435321ABC",
        "(01)9506000134352",
        "(02)09506000134352(37)10",
        "(21)ABC",
        "01" + "\N{FULLWIDTH DIGIT ZERO}" + GTIN[1:],
        "urn:epc:id:sscc:0614141.1234567890",
        "urn:epc:tag:sgtin-96:9.9506000.013435.6789",
    ],
)
def test_what_names_no_trade_item_or_a_wrong_one_is_none(scanned: str) -> None:
    assert find_gtin(scanned) is None


@given(st.text(max_size=40) | st.from_regex(r"\A(\(01\)|01|\]d2|urn:epc:)[ -~\x1d]{0,30}\Z"))
def test_any_text_is_a_gtin_or_none(text: str) -> None:
    found = find_gtin(text)
    assert found is None or (len(found) == 14 and found.isdigit())


@pytest.mark.parametrize(
    ("scanned", "brand"),
    [
        ("https://tags.example/01/09520010000216?b=alder", "alder"),
        ("https://tags.example/01/09520010000216?x=1&b=alder#top", "alder"),
        ("https://tags.example/01/09520010000216?b=../me", None),
        ("https://tags.example/elsewhere?b=alder", None),
        ("09520010000216", None),
    ],
)
def test_a_label_says_whose_it_is(scanned: str, brand: str | None) -> None:
    assert find_brand(scanned) == brand


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("04252614", "042100005264"),
        ("01234565", "012345000065"),
        ("01234531", "012300000451"),
        ("01234543", "012340000053"),
        ("9520010000216", "9520010000216"),
    ],
)
def test_a_short_upc_code_is_spelt_out(short: str, long: str) -> None:
    assert spell_out_upc_e(short) == long
