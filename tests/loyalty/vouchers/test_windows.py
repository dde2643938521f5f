"""“Today” is the store's day, whatever its clocks do at midnight (V5)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from core.errors import Invalid
from loyalty.vouchers import windows
from loyalty.vouchers.pricing import price
from loyalty.vouchers.terms import Terms
from tests.builders.vouchers import basket
from tests.loyalty.vouchers.test_pricing import offer
from tests.scale import times

TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/London", date(2026, 3, 29), 23),
        ("Europe/London", date(2026, 10, 25), 25),
        ("America/Sao_Paulo", date(2018, 11, 4), 23),  # no midnight
        ("Africa/Cairo", date(2026, 4, 24), 23),  # no midnight either
        ("America/Havana", date(2026, 11, 1), 25),  # midnight twice
        ("Asia/Kathmandu", date(2026, 6, 1), 24),
    ],
)
def test_a_voucher_for_today_is_valid_exactly_in_the_day_of_the_store(
    zone: str, day: date, hours: int
) -> None:
    window = windows.days(zone, day, day)
    assert window.valid_until - window.valid_from == timedelta(hours=hours)
    today = offer(
        Terms("percent", 20), issued_at=datetime(2000, 1, 1, tzinfo=UTC), **window._asdict()
    )
    for at, reasons in (
        (window.valid_from - TICK, ["not_yet_valid"]),
        (window.valid_from, []),
        (window.valid_until - TICK, []),
        (window.valid_until, ["expired"]),
    ):
        found = price(basket(2000, at=at, zone=zone), [today])
        assert [one.reason for one in found.refused] == reasons
        is_today = at.astimezone(ZoneInfo(zone)).date() == day
        assert is_today == (not reasons)


@pytest.mark.proof
def test_days_tile_time_in_every_zone() -> None:
    step = timedelta(days=1)
    for zone in sorted(available_timezones()):
        for start in range(0, times(10, 366), 1):
            day = date(2026, 10, 22) + start * step
            one, two = (windows.days(zone, each, each) for each in (day, day + step))
            assert one.valid_until == two.valid_from
            assert one.valid_from <= one.valid_until
            assert windows.days(zone, day, day + step) == (one.valid_from, two.valid_until)


def test_days_that_run_backwards_are_refused() -> None:
    with pytest.raises(Invalid):
        windows.days("Europe/London", date(2026, 2, 2), date(2026, 2, 1))
