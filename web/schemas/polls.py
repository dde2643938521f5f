"""What members send about polls."""

from marshmallow import Schema, fields, validate

from retail.polls import rules

_TWO = "Choose two looks."


class NewPoll(Schema):
    """Which two looks, of whom it is asked, how long, and in which words."""

    looks = fields.List(
        fields.String(validate=validate.Length(1, 26)),
        required=True,
        validate=validate.Length(equal=2, error=_TWO),
        error_messages={"required": _TWO, "invalid": _TWO},
        metadata={"description": "The ids of two of the member's own, in order"},
    )
    audience = fields.String(required=True, validate=validate.OneOf(rules.AUDIENCES))
    closing = fields.String(
        load_default="day",
        validate=validate.OneOf(rules.CLOSINGS),
        metadata={"description": "In an hour, at the brand's next midnight, in one or three days"},
    )
    question = fields.String(load_default="", validate=validate.Length(0, 400))


class Vote(Schema):
    """For which of the two."""

    choice = fields.String(required=True, validate=validate.OneOf(rules.CHOICES))
