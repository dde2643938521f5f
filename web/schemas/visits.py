"""What members send about visits."""

from marshmallow import Schema, fields, validate

from retail.brands.rules import SLUG_LENGTH
from web.schemas.text import PRINTABLE


class CheckIn(Schema):
    """Where a member is."""

    store = fields.String(
        required=True,
        validate=[validate.Length(1, SLUG_LENGTH), PRINTABLE],
        metadata={"description": "The store's slug, as the code at its door says"},
    )
