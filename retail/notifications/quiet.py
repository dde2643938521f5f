"""Quiet hours by the clock on somebody's wall, through midnights and clock changes. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class QuietHours:
    """From and until in minutes since midnight in a zone; the same twice means never quiet."""

    starts: int
    ends: int
    zone: str

    def covers(self, at: datetime) -> bool:
        """Whether the wall clock then stands within the hours."""
        local = at.astimezone(ZoneInfo(self.zone))
        minute = local.hour * 60 + local.minute
        if self.starts <= self.ends:
            return self.starts <= minute < self.ends
        return minute >= self.starts or minute < self.ends

    def next_loud(self, at: datetime) -> datetime:
        """The first instant from `at` on outside the hours: `at` itself where it is not quiet.

        Where clocks go back, the hour that comes twice is quiet twice; where they go forward over
        the end, quiet ends when they do.
        """
        if not self.covers(at):
            return at
        local = at.astimezone(ZoneInfo(self.zone))
        ends = time(self.ends // 60, self.ends % 60)
        wall = [datetime.combine(local.date() + timedelta(days=days), ends) for days in (0, 1)]
        found = [self._at(day, fold) for day in wall for fold in (0, 1) if self._at(day, fold) > at]
        end = min(end for end in found if not self.covers(end))
        while not self.covers(end - _MINUTE):
            # The wall clock jumped over the end: it was loud from the jump on.
            end -= _MINUTE
        return end

    def _at(self, wall: datetime, fold: int) -> datetime:
        return wall.replace(tzinfo=ZoneInfo(self.zone), fold=fold).astimezone(UTC)
