"""Baskets that members fill on their phones, and the vouchers that they hold for them."""

from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from loyalty.vouchers.once import MOST_VOUCHERS
from retail.phone_baskets.rules import MOST_LINES, MOST_PIECES
from web.schemas.text import PRINTABLE, SCANNED
from web.schemas.vouchers import CODE_LENGTH

ITEM_LENGTH = 200
LABEL = (
    "A label as scanned: a GTIN, a GS1 Digital Link address, GS1 element strings, or an EPC in"
    " hexadecimal or as a URI; or a SKU"
)


class PhoneStore(Schema):
    """The store where a basket is filled."""

    store = fields.String(
        required=True,
        validate=[validate.Length(1, 60), PRINTABLE],
        metadata={"description": "The store's slug"},
    )


class PhonePieces(Schema):
    """How many pieces of one that is in the basket; 0 takes it out."""

    pieces = fields.Integer(required=True, strict=True, validate=validate.Range(0, MOST_PIECES))


class PhoneLine(Schema):
    """A piece by its label, and how many of it."""

    item = fields.String(
        required=True,
        validate=[validate.Length(1, ITEM_LENGTH), SCANNED],
        metadata={"description": LABEL},
    )
    pieces = fields.Integer(load_default=1, strict=True, validate=validate.Range(1, MOST_PIECES))


class PhoneGoods(PhoneLine):
    """A piece that is put into the basket; the first one may say in which store."""

    store = fields.String(validate=[validate.Length(1, 60), PRINTABLE])


@dataclass(frozen=True)
class AskedFromPhone:
    """What a member asks of their vouchers; what is None is as on their phone."""

    store: str | None
    lines: tuple[tuple[str, int], ...] | None
    vouchers: tuple[str, ...] | None


class PhoneAsk(Schema):
    """A basket and vouchers; what is left out is the basket on the phone, and all one's own."""

    store = fields.String(validate=[validate.Length(1, 60), PRINTABLE])
    lines = fields.List(fields.Nested(PhoneLine), validate=validate.Length(1, MOST_LINES))
    vouchers = fields.List(
        fields.String(validate=[validate.Length(1, CODE_LENGTH), PRINTABLE]),
        validate=validate.Length(0, MOST_VOUCHERS),
    )

    @post_load
    def as_input(self, given: dict[str, Any], **_: Any) -> AskedFromPhone:
        """What is asked, as the shop knows it."""
        lines, codes = given.get("lines"), given.get("vouchers")
        return AskedFromPhone(
            given.get("store"),
            None if lines is None else tuple((one["item"], one["pieces"]) for one in lines),
            None if codes is None else tuple(codes),
        )
