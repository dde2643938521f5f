"""Codes that are read back by a real decoder, from every form in which they leave the house."""

import io
import re

import pytest
import resvg_py
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from retail.receipts import codes, qr
from tests.conftest import KEY

URL = codes.claim_url("https://shop.example", codes.token(KEY, "0" * 26))


def read(png: bytes) -> list[str]:
    return [
        found.text for found in zxingcpp.read_barcodes(Image.open(io.BytesIO(png)).convert("L"))
    ]


def rasterised(svg: str, size: int = 600) -> bytes:
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, width=size, height=size))


def test_the_png_reads_back() -> None:
    assert read(qr.png(URL)) == [URL]


def test_the_svg_reads_back_and_has_no_style_attribute() -> None:
    assert read(rasterised(qr.svg(URL))) == [URL]
    assert "style" not in qr.svg(URL)


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec="ascii", categories=["L", "N", "P"]), min_size=1, max_size=200))
def test_any_address_reads_back(text: str) -> None:
    assert read(qr.png(text)) == [text]


def test_codes_are_level_m_with_four_modules_of_quiet() -> None:
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(qr.png(URL))).convert("L"))
    assert found.ec_level == "M"
    rows = qr.modules(URL)
    edge = [*rows[:4], *rows[-4:], *[row[:4] + row[-4:] for row in rows]]
    assert not any(module for row in edge for module in row)
    assert rows[4][4]


@pytest.mark.parametrize(("length", "version"), [(14, 1), (15, 2), (62, 4), (63, 5), (180, 9)])
def test_the_smallest_version_that_holds_the_text_is_used(length: int, version: int) -> None:
    assert len(qr.modules("x" * length)) == 17 + 4 * version + 2 * qr.QUIET_ZONE


def test_what_no_code_holds_is_refused() -> None:
    with pytest.raises(ValueError, match="bytes"):
        qr.modules("x" * 2_332)


def test_codes_and_tokens_differ_by_receipt_and_key() -> None:
    tokens = {codes.token(key, subject) for key in (KEY, b"other") for subject in ("1", "2")}
    assert len(tokens) == 4
    assert all(re.fullmatch("[0-9A-HJKMNP-TV-Z]{26}", token) for token in tokens)
    assert codes.token(KEY, "1")[:10] != codes.code(KEY, "1")


def test_a_typed_code_is_read_as_people_type() -> None:
    code = codes.code(KEY, "1")
    wanted = codes.code_hash(KEY, "store", code)
    typed = codes.printed(code).lower().replace("0", "o").replace("1", "l")
    assert codes.code_hash(KEY, "store", f" {typed} ") == wanted
    assert codes.code_hash(KEY, "elsewhere", code) != wanted
