"""Money and numbers as people type them."""

import pytest

from web.pages.amounts import read_minor, read_whole


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("12.50", "GBP", 1250),
        ("12.5", "GBP", 1250),
        ("12", "GBP", 1200),
        ("0", "GBP", 0),
        ("-0.50", "GBP", -50),
        ("1,250", "GBP", 125_000),
        ("1,234,567.89", "GBP", 123_456_789),
        ("25,50", "GBP", 2550),
        ("1250", "JPY", 1250),
        ("1,250", "JPY", 1250),
        ("1.250", "KWD", 1250),
        ("1,250", "KWD", 1_250_000),
    ],
)
def test_an_amount_is_read_as_the_shop_writes_it(typed: str, currency: str, minor: int) -> None:
    assert read_minor(typed, currency) == minor


@pytest.mark.parametrize(
    ("typed", "currency"),
    [
        *((typed, "GBP") for typed in ("0.005", "--3", "+3", "1e3", "1_000", "\u0663", "Infinity")),
        *(
            (typed, "GBP")
            for typed in ("NaN", "1e99999999", "12,5000", "1,25,000", ".", "", "9" * 16)
        ),
        ("0.5", "JPY"),
        ("1,5", "JPY"),
        ("0.0005", "KWD"),
    ],
)
def test_what_is_no_amount_is_refused_and_never_guessed(typed: str, currency: str) -> None:
    with pytest.raises(ValueError, match=r"no amount|less than a minor unit"):
        read_minor(typed, currency)


@pytest.mark.parametrize("typed", ["1_000", "\u0663", "1.0", "1e3", "", "--1", "1,00"])
def test_a_number_is_written_in_figures(typed: str) -> None:
    with pytest.raises(ValueError, match="no whole number"):
        read_whole(typed)
    assert (read_whole("1,250"), read_whole("-3"), read_whole("007")) == (1250, -3, 7)
