"""“Today” is the store's day, whatever its clocks do at midnight (V5)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
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
DAY = timedelta(days=1)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


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
    today = offer(Terms("percent", 20), issued_at=LONG_AGO, **window._asdict())
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


def days_of(zone: str) -> Iterator[date]:
    """Some days in a row, and those whose clocks change; in the long form all of 2010 to 2037."""
    yield from (date(2010, 1, 1) + number * DAY for number in range(times(0, 10_227)))
    yield from (date(2026, 10, 22) + number * DAY for number in range(5))
    noon = datetime(2026, 1, 1, 12, tzinfo=ZoneInfo(zone))
    for number in range(365):
        day = noon + number * DAY
        if day.utcoffset() != (day + DAY).utcoffset():
            yield from (day.date(), (day + DAY).date())


@pytest.mark.proof
def test_today_is_exactly_the_day_of_the_store_and_days_tile_time_in_every_zone() -> None:
    for zone in sorted(available_timezones()):
        where = ZoneInfo(zone)
        for day in days_of(zone):
            start, end = windows.days(zone, day, day)
            assert windows.days(zone, day + DAY, day + DAY).valid_from == end
            assert (start - TICK).astimezone(where).date() < day
            if start == end:
                # Nobody there ever saw this day: it was left out on the way over the date line.
                assert start.astimezone(where).date() > day
                continue
            assert start.astimezone(where).date() == day
            assert (end - TICK).astimezone(where).date() == day
            assert end.astimezone(where).date() > day


@pytest.mark.proof
def test_a_voucher_for_today_ends_with_its_day_in_every_zone() -> None:
    for zone in sorted(available_timezones()):
        for day in (*islice(days_of(zone), times(1, 400)), date(2026, 3, 29)):
            window = windows.days(zone, day, day)
            if window.valid_from == window.valid_until:
                continue
            today = offer(Terms("percent", 20), issued_at=LONG_AGO, **window._asdict())
            for at, is_valid in (
                (window.valid_from - TICK, False),
                (window.valid_from, True),
                (window.valid_until - TICK, True),
                (window.valid_until, False),
            ):
                found = price(basket(2000, at=at, zone=zone), [today])
                assert bool(found.applied) == is_valid


def test_days_that_run_backwards_are_refused() -> None:
    with pytest.raises(Invalid):
        windows.days("Europe/London", date(2026, 2, 2), date(2026, 2, 1))


@pytest.mark.parametrize(
    ("now", "zone", "last_day"),
    [
        (datetime(2026, 11, 22, 14, 2, tzinfo=UTC), "Europe/London", date(2027, 2, 20)),
        # At midnight ninety whole days are left; a moment later, ninety and the rest of this one.
        (datetime(2026, 11, 23, tzinfo=UTC), "Europe/London", date(2027, 2, 20)),
        (datetime(2026, 11, 23, tzinfo=UTC) + TICK, "Europe/London", date(2027, 2, 21)),
        (datetime(2026, 1, 24, 12, tzinfo=UTC), "Africa/Cairo", date(2026, 4, 24)),  # no midnight
    ],
)
def test_a_voucher_that_somebody_is_given_is_good_for_the_whole_of_its_last_day(
    now: datetime, zone: str, last_day: date
) -> None:
    window = windows.given(zone, now)
    assert window.valid_from == now
    assert window.valid_until == windows.days(zone, last_day, last_day).valid_until
    assert window.valid_until - now >= timedelta(days=windows.GIVEN_DAYS) - timedelta(hours=1)
