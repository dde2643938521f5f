"""One clock, in UTC, that tests and demos may set."""

from datetime import UTC, datetime, timedelta

from core import clock
from core.clock import FixedClock, SystemClock

DAWN = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)


def test_an_installed_clock_is_everybodys() -> None:
    with clock.installed(FixedClock(DAWN)):
        assert clock.now() == DAWN


def test_the_clock_before_comes_back() -> None:
    before = clock.now()
    with clock.installed(FixedClock(DAWN)):
        pass
    assert clock.now() == before


def test_a_fixed_clock_moves_only_when_moved() -> None:
    fixed = FixedClock(DAWN)
    assert fixed.now() == fixed.now()
    fixed.advance(minutes=90)
    assert fixed.now() == DAWN + timedelta(minutes=90)


def test_the_system_clock_is_aware_utc_and_keeps_its_offset() -> None:
    ahead = SystemClock(timedelta(days=3))
    apart = ahead.now() - SystemClock().now()
    assert ahead.now().utcoffset() == timedelta(0)
    assert timedelta(days=2, hours=23) < apart < timedelta(days=3, hours=1)
