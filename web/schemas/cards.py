"""Members' cards, as tills read them."""

from marshmallow import Schema, fields, validate

from web.schemas.text import PRINTABLE

CODE_LENGTH = 40


class Card(Schema):
    """What a till scanned, or somebody typed there."""

    code = fields.String(
        required=True,
        validate=[validate.Length(1, CODE_LENGTH), PRINTABLE],
        metadata={"description": "As scanned or typed; case, spaces and hyphens don't matter"},
    )


class CardHolder(Schema):
    """Who shows a card: an id for baskets and receipts, and nothing about them."""

    member_id = fields.String(required=True)
