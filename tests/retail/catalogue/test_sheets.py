"""Sheets: bytes refused kindly, formulas disarmed, and anything written read back the same."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st

from core.errors import Invalid
from retail.catalogue import cells, sheets
from retail.catalogue.formats import FORMATS, Format
from retail.catalogue.sheets import LineProblem
from tests.builders.catalogue import gtin_14
from tests.conftest import NOON

QUICK = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


def characters(excluded: str = "") -> st.SearchStrategy[str]:
    return st.characters(exclude_categories=("Cc", "Cs"), exclude_characters=excluded)


def texts(limit: int, excluded: str = "", *, least: int = 0) -> st.SearchStrategy[str]:
    """Texts as they are stored: stripped, and hostile to spreadsheets now and then."""
    starts = st.sampled_from(["", "", "=", "'", "'=", "''+", "-", "@", '"', ","])
    bodies = st.text(characters(excluded) | st.sampled_from('\n\t,"'), max_size=limit - 2)
    joined = st.builds(str.__add__, starts, bodies).map(str.strip)
    return joined.filter(lambda text: least <= len(text) <= limit)


codes = st.text(characters("|;"), min_size=1, max_size=20).filter(
    lambda code: not any(character.isspace() for character in code)
)
names = texts(120, least=1)
parts = st.text(characters("|;"), min_size=1, max_size=30).map(str.strip).filter(bool)
slugs = st.from_regex(r"[a-z0-9]{1,9}(-[a-z0-9]{1,9})?", fullmatch=True)
hexes = st.from_regex(r"#[0-9A-F]{6}", fullmatch=True)
colours = st.tuples(hexes, hexes, hexes) | st.just(("", "", ""))
press = st.tuples(st.dates(min_value=date(1000, 1, 1)), parts, parts)

records: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "stores": st.fixed_dictionaries(
        {
            "store": slugs,
            "name": names,
            "zone": st.sampled_from(["Europe/London", "Pacific/Apia"]),
            "currency": st.sampled_from(["GBP", "JPY", "KWD"]),
            "locale": st.sampled_from(["en-GB", "cy-GB"]),
        }
    ),
    "categories": st.fixed_dictionaries(
        {"category": codes, "name": names, "never_shareable": st.booleans()}
    ),
    "styles": st.fixed_dictionaries(
        {
            "style": codes,
            "name": names,
            "category": codes,
            "designer": texts(120),
            "origin": texts(120),
            "story": texts(400),
            "press": st.lists(press, max_size=3).map(tuple),
            "worn_by": st.lists(parts, max_size=3).map(tuple),
            "drawing": st.none() | st.sampled_from(sorted(cells.DRAWINGS)),
            "picture": st.none() | st.just("https://example.test/coat.png?size=2"),
        }
    ),
    "variants": st.builds(
        lambda hues, **rest: rest | dict(zip(("main", "trim", "lining"), hues, strict=True)),
        colours,
        sku=codes,
        gtin=st.none() | st.integers(0, 999_999_999).map(gtin_14),
        style=codes,
        colour=texts(60),
        size=texts(20),
        price=st.integers(0, cells.MAX_MINOR).map(lambda minor: cells.price(minor, "GBP")),
        currency=st.just("GBP"),
    ),
    "stock": st.fixed_dictionaries(
        {
            "store": slugs,
            "sku": codes,
            "on_hand": st.integers(0, 999_999_999),
            "counted_at": st.integers(-(10**10), 10**11).map(
                lambda milliseconds: NOON + timedelta(milliseconds=milliseconds)
            ),
        }
    ),
    "places": st.fixed_dictionaries(
        {"store": slugs, "sku": codes, "place": texts(cells.PLACE_LENGTH)}
    ),
}


def read_back(format_: Format, text: str) -> list[Any]:
    rows, problems = sheets.read(text, format_.names, file=format_.kind)
    assert problems == []
    found = [format_.read(row) for row in rows]
    assert [wrong for _, wrong in found] == [[]] * len(found)
    return [record for record, _ in found]


@pytest.mark.parametrize("kind", FORMATS)
def test_what_is_written_is_read_back_the_same(kind: str) -> None:
    format_ = FORMATS[kind]

    @QUICK
    @given(st.lists(records[kind], min_size=1, max_size=4))
    def check(written: list[dict[str, Any]]) -> None:
        text = sheets.write(format_.names, [format_.write(record) for record in written])
        assert read_back(format_, text) == written
        for row in csv.reader(io.StringIO(text, newline="")):
            assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)

    check()


@QUICK
@given(st.text() | st.text("\"',;\n\r=\x00ab"))
@example('a,b\n"1\n2,3')
@example("\ufeff\n\n,\n")
@example("a,b\n" + "x" * 140_000 + ",1\n")
def test_any_text_is_read_or_refused_with_a_line(text: str) -> None:
    for header in ("", "a,b\n"):
        rows, problems = sheets.read(header + text, ("a", "b"), file="ab")
        lines = len(text.splitlines()) + 2
        assert all(1 <= row.line <= lines and set(row.cells) == {"a", "b"} for row in rows)
        assert all(isinstance(p, LineProblem) and p.message for p in problems)


@QUICK
@given(st.sampled_from(sorted(FORMATS)), st.data())
def test_any_cell_is_read_or_refused_with_a_sentence(kind: str, data: st.DataObject) -> None:
    format_ = FORMATS[kind]
    cell = st.text(max_size=30) | st.text("0123456789-.:TZ+|;#", max_size=30)
    values = {name: data.draw(cell).strip() for name in format_.names}
    record, problems = format_.read(sheets.Row(2, values))
    assert (record is None) == bool(problems)
    assert all(problem.message[0].isupper() or problem.message[0] == "'" for problem in problems)


@QUICK
@given(st.binary(max_size=200))
@example("é".encode("latin-1"))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        text = sheets.decode(data, file="styles")
    except Invalid as error:
        refused = error.data["problems"][0]
        event(refused["message"])
        text = data.decode("utf-8", "surrogateescape")
        assert 1 <= refused["line"] <= data.count(b"\n") + 1
    assert text.encode("utf-8", "surrogateescape") == data


def test_the_line_that_is_not_utf_8_is_named() -> None:
    with pytest.raises(Invalid) as refused:
        sheets.decode("a\nb\ncafé\n".encode("latin-1"), file="styles")
    assert refused.value.data["problems"][0]["line"] == 3


def test_a_file_that_is_too_large_is_refused() -> None:
    with pytest.raises(Invalid):
        sheets.decode(b"x" * (sheets.MAX_BYTES + 1), file="styles")
    _, problems = sheets.read("x" * (sheets.MAX_BYTES + 1), ("x",), file="styles")
    assert [problem.line for problem in problems] == [1]


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MAX_ROWS", 2)
    rows, problems = sheets.read("x\n1\n2\n3\n4\n", ("x",), file="styles")
    assert len(rows) == 2
    assert [problem.line for problem in problems] == [4]


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+44", "-2+3", "-cmd", "@SUM(A1)", "\t=1", "\n=1", "＝1", "'=1", "''@x"],
)
def test_no_cell_is_a_formula_to_a_spreadsheet(cell: str) -> None:
    quoted = sheets.quote_formula(cell)
    assert quoted.startswith("'")
    assert sheets.unquote_formula(quoted) == cell


@pytest.mark.parametrize("cell", ["-4500", "-0.0312", "'-2"])
def test_a_negative_number_stays_one(cell: str) -> None:
    assert sheets.quote_formula(cell) == cell == sheets.unquote_formula(cell)


@pytest.mark.parametrize(
    ("price", "currency", "minor"),
    [
        ("189.00", "GBP", 18_900),
        ("0.1", "GBP", 10),
        ("19800", "JPY", 19_800),
        ("1.234", "KWD", 1_234),
    ],
)
def test_prices_become_minor_units_exactly(price: str, currency: str, minor: int) -> None:
    assert cells.minor_units(cells.read_price(price), currency) == minor
    assert cells.price(minor, currency) == Decimal(price)


@pytest.mark.parametrize("digits", ["96385074", "036000291452", "5012345678900", gtin_14(7)])
def test_shorter_gtins_are_filled_up(digits: str) -> None:
    assert cells.read_gtin(digits) == digits.zfill(14)
