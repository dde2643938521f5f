"""Of which days a board is, and by which window its sales are credited."""

from datetime import UTC, date, datetime

from retail.influence.periods import Period, Window, Windows, period_of_month

OCTOBER, NOVEMBER, DECEMBER = (date(2026, month, 1) for month in (10, 11, 12))
WEEK = Period(date(2026, 10, 26), date(2026, 11, 1))


def test_a_period_is_days_of_whichever_clock_is_asked() -> None:
    summer_ends = Period(date(2026, 10, 25), date(2026, 10, 25))
    assert summer_ends.span("Europe/London") == (
        datetime(2026, 10, 24, 23, tzinfo=UTC),
        datetime(2026, 10, 26, tzinfo=UTC),
    )


def test_only_a_whole_calendar_month_is_a_month() -> None:
    november = period_of_month(date(2026, 11, 22))
    assert (november.is_month, november.last_on) == (True, date(2026, 11, 30))
    assert not WEEK.is_month
    assert not Period(OCTOBER, november.last_on).is_month


def test_a_period_lies_in_months_and_covers_some_of_them() -> None:
    assert [month.on for month in WEEK.months("UTC")] == [OCTOBER, NOVEMBER]
    long = Period(date(2026, 9, 30), date(2026, 12, 1))
    covered = [month.on for month in long.months("UTC") if long.covers(month)]
    assert covered == [OCTOBER, NOVEMBER]


def test_every_month_has_one_window_which_the_page_can_say() -> None:
    windows = Windows(14, {NOVEMBER: 7, DECEMBER: 30})
    assert [windows.days_in(month) for month in (OCTOBER, NOVEMBER, DECEMBER)] == [14, 7, 30]
    assert windows.of(WEEK) == (Window(OCTOBER, 14), Window(NOVEMBER, 7))
    assert Windows(14).of(WEEK) == (Window(OCTOBER, 14),)
