"""Words and figures on pages."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from loyalty.leaderboards.rules import Prize
from web.pages import formats
from web.pages.shopper.barcode import bars

NOW = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _request(app: Flask) -> object:
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("minor", "currency", "short", "text"),
    [
        (18_900, "GBP", True, "£189"),
        (18_950, "GBP", True, "£189.50"),
        (18_900, "GBP", False, "£189.00"),
        (-2_900, "GBP", False, "-£29.00"),
        (1_500, "JPY", True, "JP¥1,500"),
        (1_234, "KWD", False, "KWD1.234"),
    ],
)
def test_money_reads_by_its_currency(minor: int, currency: str, short: bool, text: str) -> None:
    assert formats.money(minor, currency, short) == text


@pytest.mark.parametrize(
    ("left", "shown"),
    [
        (timedelta(days=2, hours=5, minutes=41), "2d 5h 41m"),
        (timedelta(hours=1, minutes=2, seconds=3), "1h 02m 03s"),
        (timedelta(minutes=9, seconds=41), "9m 41s"),
        (timedelta(seconds=-5), "0m 00s"),
    ],
)
def test_a_countdown_shows_its_largest_parts(left: timedelta, shown: str) -> None:
    parts = formats.left_of(NOW + left, NOW)
    assert " ".join(f"{value}{unit}" for value, unit in parts) == shown


def test_days_and_times_are_those_of_the_shop() -> None:
    assert formats.day(NOW, "Asia/Tokyo") == "23 November"
    assert formats.clock_time(NOW, "Asia/Tokyo") == "08:30"


def test_prizes_say_what_they_are() -> None:
    assert formats.prize(Prize(1, "voucher", 15_000, "GBP")) == "£150 voucher"
    assert formats.prize(Prize(2, "points", 1)) == "1 point"
    assert formats.prize(Prize(3, "gift", 2500, "GBP", title="Silk scarf")) == "Silk scarf"


def test_a_barcode_has_quiet_zones_and_bars() -> None:
    found = bars("4HXT7M2K9QRSTVW1")
    assert found.path.startswith("M10 0")
    assert found.width > 200
