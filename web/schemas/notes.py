"""What members say about when to be left alone."""

from marshmallow import Schema, fields


class QuietTimes(Schema):
    """From and until on the wall of a store, or of the brand where none is named."""

    quiet_from = fields.Time(
        format="%H:%M", required=True, error_messages={"invalid": "Write a time as 21:00."}
    )
    quiet_until = fields.Time(
        format="%H:%M", required=True, error_messages={"invalid": "Write a time as 08:00."}
    )
    store = fields.String(load_default="")
