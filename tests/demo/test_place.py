"""Where and when a demo lives."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from demo import place


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 22, 12, 0, tzinfo=UTC),  # a Sunday
        datetime(2026, 11, 22, 23, 55, tzinfo=UTC),  # a Sunday, too late
        datetime(2026, 11, 23, 0, 5, tzinfo=UTC),
        datetime(2026, 10, 20, 8, 0, tzinfo=UTC),  # the clocks go back on the Sunday
        datetime(2026, 3, 25, 8, 0, tzinfo=UTC),  # and forward
    ],
)
def test_a_demo_opens_at_ten_to_midnight_on_a_sunday(tmp_path: Path, now: datetime) -> None:
    founded = place.found(tmp_path, now)
    opening = (now + founded.clock_offset).astimezone(place.ZONE)
    assert opening.strftime("%A %H:%M") == "Sunday 23:50"
    assert founded.clock_offset_seconds >= 0


def test_a_second_start_finds_time_and_keys_as_they_were(tmp_path: Path) -> None:
    founded = place.Place(tmp_path, 4711, day=3, keys={"bristol": "st_key"})
    founded.save()
    assert place.find(tmp_path) == founded


def test_keys_are_for_the_owner_only(tmp_path: Path) -> None:
    founded = place.found(tmp_path)
    founded.save()
    assert founded.file.stat().st_mode & 0o077 == 0


def test_an_empty_folder_has_no_demo(tmp_path: Path) -> None:
    assert place.find(tmp_path) is None
