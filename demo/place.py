"""Where a demo lives: its folder, its port, its time, and the keys its tills hold."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/London")
SUNDAY = 6
TEN_TO_MIDNIGHT = (23, 50)


@dataclass(frozen=True)
class Place:
    """A demo's memory, kept in `demo.json`: a second start finds time and keys as they were.

    `clock_offset_seconds` is chosen at the first start and never changes, so time never goes
    back. `day` counts the starts; each lives another day.
    """

    folder: Path
    clock_offset_seconds: int
    day: int = 1
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def file(self) -> Path:
        """Where this is kept."""
        return self.folder / "demo.json"

    @property
    def clock_offset(self) -> timedelta:
        """How far the demo's clock is ahead of the machine's."""
        return timedelta(seconds=self.clock_offset_seconds)

    def save(self) -> None:
        """Write it down; keys are secrets, so only for the owner's eyes."""
        self.folder.mkdir(parents=True, exist_ok=True)
        values = {name: value for name, value in asdict(self).items() if name != "folder"}
        draft = self.file.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(values, indent=2) + "\n")
        draft.replace(self.file)

    def environment(self, port: int) -> dict[str, str]:
        """The environment in which the service runs here.

        `PUBLIC_URL`, where it is set, is the address at which phones on the network reach it.
        """
        return {
            **os.environ,
            "FLASK_APP": "app",
            "ENVIRONMENT": "development",
            "DATABASE_URL": "",
            "REDIS_URL": "",
            "SMTP_URL": "",
            "DATA_DIR": str(self.folder.absolute()),
            "PUBLIC_URL": os.environ.get("PUBLIC_URL") or f"http://localhost:{port}",
            "RATE_LIMITS": "no",
            # One that many led to and one thanks to a friend, on the same day.
            "OFFERS_A_DAY": "2",
            # Its devices are in many browsers at once, of which one would lock out all others.
            "DEVICE_TOKEN_DAYS": "0",
            "CLOCK_OFFSET_SECONDS": str(self.clock_offset_seconds),
            "LOG_LEVEL": "WARNING",
        }


def find(folder: Path) -> Place | None:
    """The demo that already lives in a folder."""
    file = folder / "demo.json"
    return Place(folder=folder, **json.loads(file.read_text())) if file.exists() else None


def found(folder: Path, now: datetime | None = None) -> Place:
    """A new demo, whose clock says ten to midnight on the Sunday that is coming.

    That is ten minutes before the week's season closes.
    """
    now = now or datetime.now(UTC)
    return Place(folder=folder, clock_offset_seconds=_seconds_to_opening(now))


def _seconds_to_opening(now: datetime) -> int:
    today = now.astimezone(ZONE).date()
    sunday = today + timedelta(days=(SUNDAY - today.weekday()) % 7)
    hour, minute = TEN_TO_MIDNIGHT
    opening = datetime(sunday.year, sunday.month, sunday.day, hour, minute, tzinfo=ZONE)
    if opening < now:
        opening += timedelta(days=7)
    return round((opening.astimezone(UTC) - now).total_seconds())
