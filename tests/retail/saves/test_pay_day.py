"""Pay day, whatever the length of the month."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core.errors import Invalid
from retail.saves.pay_day import (
    LAST,
    check_day,
    day_in,
    day_of_month,
    next_pay_day,
    pay_day_in,
    remind_at,
)


@pytest.mark.parametrize(
    ("day", "today", "follows"),
    [
        (28, date(2026, 11, 27), date(2026, 11, 28)),
        (28, date(2026, 11, 28), date(2026, 12, 28)),
        (LAST, date(2026, 11, 27), date(2026, 11, 30)),
        (LAST, date(2026, 11, 30), date(2026, 12, 31)),
        (LAST, date(2027, 1, 31), date(2027, 2, 28)),
        (30, date(2028, 1, 30), date(2028, 2, 29)),
        (1, date(2026, 12, 31), date(2027, 1, 1)),
    ],
)
def test_the_next_pay_day_is_after_today_and_short_months_end_with_it(
    day: int, today: date, follows: date
) -> None:
    assert next_pay_day(day, today) == follows


def test_every_month_has_one_pay_day_and_none_is_left_out() -> None:
    for day in range(1, 32):
        today, end = date(2027, 1, 1), date(2028, 12, 31)
        found = [pay_day_in(2027, 1, day)] if day == 1 else []
        while (following := next_pay_day(day, found[-1] if found else today)) <= end:
            found.append(following)
        assert [(one.year, one.month) for one in found] == [
            (year, month) for year in (2027, 2028) for month in range(1, 13)
        ]


def test_a_reminder_lies_ahead_within_a_year() -> None:
    today = date(2026, 11, 27)
    for on in (today + timedelta(days=1), today + timedelta(days=366)):
        check_day(on, today)
    for on in (today, today - timedelta(days=1), today + timedelta(days=367)):
        with pytest.raises(Invalid) as refused:
            check_day(on, today)
        assert "on" in refused.value.data["fields"]


def test_a_day_may_be_pay_day_or_a_month_s_end_or_neither() -> None:
    on = date(2026, 11, 30)
    assert [day_of_month(on, each) for each in ("once", "same_day", "last_day")] == [None, 30, 31]
    with pytest.raises(Invalid):
        day_of_month(on, "weekly")


@pytest.mark.parametrize(
    ("on", "zone", "at"),
    [
        (date(2026, 11, 30), "Europe/London", datetime(2026, 11, 30, 9, tzinfo=UTC)),
        (date(2026, 7, 31), "Europe/London", datetime(2026, 7, 31, 8, tzinfo=UTC)),
        (date(2026, 11, 30), "Pacific/Auckland", datetime(2026, 11, 29, 20, tzinfo=UTC)),
    ],
)
def test_it_comes_at_nine_where_the_shop_is(on: date, zone: str, at: datetime) -> None:
    assert remind_at(on, zone) == at
    assert day_in(zone, at) == on
