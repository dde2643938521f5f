"""What members send about holds."""

from marshmallow import Schema, fields, validate


class NewHold(Schema):
    """Whose piece to hold: that of one of the member's own offers."""

    offer_id = fields.String(
        required=True,
        validate=validate.Length(1, 26),
        metadata={"description": "The id of an offer made to the member, which is still open"},
    )
