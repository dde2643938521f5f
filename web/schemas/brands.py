"""What integrators send about the stores of their brand."""

from marshmallow import Schema, fields, validate

from retail.brands import rules
from web.schemas.text import PRINTABLE


class StoreChange(Schema):
    """What a store is called, and where and in what money it trades."""

    name = fields.String(required=True, validate=[validate.Length(1, rules.NAME_LENGTH), PRINTABLE])
    zone = fields.String(required=True, metadata={"description": "IANA, such as Europe/London"})
    currency = fields.String(required=True, metadata={"description": "ISO 4217, such as GBP"})
    locale = fields.String(required=True, metadata={"description": "A tag such as en-GB"})


class NewStore(StoreChange):
    """A store to open; its slug is for ever, because printed QR codes carry it."""

    slug = fields.String(required=True, metadata={"description": "Its part of the address"})
