"""What members say about when to be left alone, and which of their notes they ask for."""

from datetime import UTC, datetime

from marshmallow import Schema, ValidationError, fields, validate

_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)


def _is_on_calendars(at: datetime) -> None:
    """In other zones the first and the last of days lie outside of what can be counted."""
    if not _EARLIEST <= at <= _LATEST:
        raise ValidationError("Send the instant of a note, unchanged.")


class QuietTimes(Schema):
    """From and until on the wall of a store, or of the brand where none is named."""

    quiet_from = fields.Time(
        format="%H:%M", required=True, error_messages={"invalid": "Write a time as 21:00."}
    )
    quiet_until = fields.Time(
        format="%H:%M", required=True, error_messages={"invalid": "Write a time as 08:00."}
    )
    store = fields.String(load_default="")


class NotesQuery(Schema):
    """Which page of an inbox."""

    after = fields.String(
        validate=validate.Length(1, 200),
        metadata={"description": "Where the page begins: `next_after` of the one before"},
    )
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 100))


class SeenUntil(Schema):
    """Up to when a member has seen their notes; without it, all of them."""

    until = fields.AwareDateTime(
        validate=_is_on_calendars,
        metadata={"description": "`at` of the newest note that was shown"},
    )
