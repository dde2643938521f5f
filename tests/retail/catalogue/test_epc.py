"""EPCs against the standard's own examples, there and back, and broken."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retail.catalogue.epc import made_of, read_epc
from tests.builders.catalogue import gtin_14

# From the GS1 EPC Tag Data Standard: hexadecimal, pure identity, GTIN, and serial number.
PUBLISHED = [
    (
        "3074257BF7194E4000001A85",
        "urn:epc:id:sgtin:0614141.812345.6789",
        "80614141123458",
        "6789",
    ),
    (
        "3674257BF6B7A659B2C2BF1000000000000000000000000000",
        "urn:epc:id:sgtin:0614141.712345.32a%2Fb",
        "70614141123451",
        "32a/b",
    ),
]


@pytest.mark.parametrize(("digits", "uri", "gtin", "serial"), PUBLISHED)
def test_the_standards_examples_read_as_it_says(
    digits: str, uri: str, gtin: str, serial: str
) -> None:
    for text in (digits, digits.lower(), uri):
        found = read_epc(text)
        assert found is not None
        assert (found.gtin, found.serial, found.uri) == (gtin, serial, uri)


def test_tag_uris_read_as_the_standard_says() -> None:
    found = read_epc("urn:epc:tag:sgtin-96:3.0614141.812345.6789")
    assert found is not None
    assert found.hex_96(kind=3) == "3074257BF7194E4000001A85"
    found = read_epc("urn:epc:tag:sgtin-198:3.0614141.712345.32a%2Fb")
    assert found is not None
    assert found.hex_198(kind=3) == "3674257BF6B7A659B2C2BF100000000000000000000000000000"


def test_ten_thousand_pieces_come_back_as_they_were() -> None:
    draw = random.Random(20261122)
    characters = "ABCXYZabcxyz0123456789!\"%&'()*+,-./:;<=>?_"
    for _ in range(10_000):
        gtin, digits = gtin_14(draw.randrange(10**9)), draw.randint(6, 12)
        number = made_of(gtin, str(draw.randrange(1 << 38)), prefix_digits=digits)
        assert read_epc(number.hex_96(kind=draw.randrange(8))) == number
        length = draw.randint(1, 20)
        text = made_of(gtin, "".join(draw.choices(characters, k=length)), prefix_digits=digits)
        assert read_epc(text.hex_198()) == read_epc(text.uri) == text


@pytest.mark.parametrize(
    "other",
    [
        "urn:epc:id:sscc:0614141.1234567890",
        "urn:epc:tag:giai-96:0.0614141.12345400",
        "3174257BF4499602D2000000",
        "E2801160600002054CC2096F",
    ],
)
def test_other_schemes_are_no_trade_items(other: str) -> None:
    assert read_epc(other) is None


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "tag",
        "3074257BF7194E4000001A",
        "3074257BF7194E4000001A8500",
        "307C257BF7194E4000001A85",
        "3074257BF7194E4000001A8G",
        "3674257BF6B7A659B2C2BF10",
        "urn:epc:id:sgtin:0614141.81234.6789",
        "urn:epc:id:sgtin:0614141.812345.",
        "urn:epc:tag:sgtin-96:9.0614141.812345.6789",
        "36" + "F" * 48,
    ],
)
def test_what_is_broken_says_so(broken: str) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        read_epc(broken)


def test_sgtin_96_refuses_serial_numbers_that_it_cannot_hold() -> None:
    for serial in ("007", "A1", str(1 << 38)):
        with pytest.raises(ValueError, match="SGTIN-96"):
            made_of("80614141123458", serial).hex_96()


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    text=st.one_of(
        st.text(max_size=80),
        st.text("0123456789ABCDEFabcdef", min_size=8, max_size=60),
        st.from_regex(r"urn:epc:(id|tag|raw):sgtin(-96|-198)?:[0-9.%A-Fa-f/]{0,40}"),
    )
)
def test_whatever_is_read_is_a_piece_that_reads_the_same_again(text: str) -> None:
    try:
        found = read_epc(text)
    except ValueError:
        return
    if found is not None:
        assert read_epc(found.uri) == read_epc(found.hex_198()) == found
