"""The one clock. Ask it once per journey and pass the instant down."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Something that tells the present instant, in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock, shifted by a fixed offset that is zero outside a demo."""

    def __init__(self, offset: timedelta = timedelta(0)) -> None:
        self.offset = offset

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset


class FixedClock:
    """A clock that stands still until it is moved."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def now(self) -> datetime:
        return self.instant

    def advance(self, **by: float) -> None:
        """Move forward by a `timedelta` given as keywords."""
        self.instant += timedelta(**by)


_installed: Clock = SystemClock()


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _installed.now()


def install(clock: Clock) -> None:
    """Make `clock` the clock of this process."""
    global _installed
    _installed = clock


@contextmanager
def installed(clock: Clock) -> Iterator[Clock]:
    """`clock` for the length of a block, then whatever was installed before."""
    before = _installed
    install(clock)
    try:
        yield clock
    finally:
        install(before)
