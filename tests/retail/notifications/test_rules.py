"""Whom we call, and when we are silent."""

from datetime import UTC, datetime, timedelta

import pytest

from core.config import Settings
from core.errors import Invalid
from retail.notifications import rules
from retail.notifications.quiet import QuietHours


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://fcm.googleapis.com@10.0.0.1/x",
        "https://fcm.googleapis.com:22/x",
        "https://169.254.169.254/latest",
        "not an address",
    ],
)
def test_only_push_services_that_we_know_are_called(endpoint: str) -> None:
    with pytest.raises(Invalid):
        rules.check_endpoint(endpoint, Settings.push_services)
    assert rules.check_endpoint("https://fcm.googleapis.com/x", Settings.push_services)
    assert rules.check_endpoint("https://a.push.apple.com:443/x", Settings.push_services)


def test_a_reminder_comes_some_days_before_the_end_or_halfway_through_a_short_life() -> None:
    since = datetime(2026, 11, 1, tzinfo=UTC)
    for life, before in ((90, 3), (7, 3), (6, 3), (4, 2), (2, 1), (1, 0.5)):
        until = since + timedelta(days=life)
        assert until - rules.remind_at(since, until) == timedelta(days=before)


def test_quiet_hours_end_at_the_first_loud_minute_in_every_zone() -> None:
    starts = [datetime(2026, month, 25, tzinfo=UTC) for month in (3, 10)]
    for zone in ("Europe/London", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kolkata"):
        for hours in ((21 * 60, 8 * 60), (60, 150), (22 * 60, 105), (0, 0)):
            quiet = QuietHours(*hours, zone)
            for start in starts:
                for minutes in range(0, 9 * 24 * 60, 97):
                    at = start + timedelta(minutes=minutes)
                    end = quiet.next_loud(at)
                    assert not quiet.covers(end)
                    assert end == at or quiet.covers(end - timedelta(minutes=1))
