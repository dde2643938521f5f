"""What a liability report may assume."""

from marshmallow import Schema, fields, validate

from retail.liability.rules import MOST_WORTH


class LiabilityQuery(Schema):
    """What a hundred points are worth, in units of the brand's currency: an assumption."""

    hundred_points = fields.Decimal(
        places=4,
        allow_nan=False,
        validate=validate.Range(0, MOST_WORTH, error="Write an amount from 0 to {max}."),
        error_messages={
            "invalid": "Write an amount, such as 1.00.",
            "special": "Write an amount, such as 1.00.",
        },
        metadata={
            "type": ["number", "string"],
            "minimum": 0,
            "maximum": MOST_WORTH,
            "pattern": r"^[0-9]+(\.[0-9]{1,4})?$",
            "description": "Points have no worth in the report if this is left out",
        },
    )
