"""Baskets with vouchers, as tills show them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from loyalty.baskets.rules import MOST_MINOR
from loyalty.vouchers.once import MOST_VOUCHERS
from retail.journeys.baskets.as_basket import Goods
from retail.journeys.vouchers.redeem_vouchers import ShownBasket
from retail.receipts.rules import MAX_LINES, MAX_QUANTITY, NUMBER_LENGTH, SKU_LENGTH, TILL_LENGTH
from web.schemas.receipts import DECIMAL
from web.schemas.text import PRINTABLE

CODE_LENGTH = 40


class BasketLine(Schema):
    """A line before anything is taken off; without a code only its amount counts."""

    gtin = fields.String(allow_none=True, validate=[validate.Length(max=14), PRINTABLE])
    sku = fields.String(allow_none=True, validate=[validate.Length(max=SKU_LENGTH), PRINTABLE])
    quantity = fields.Decimal(
        load_default=Decimal(1), validate=validate.Range(0, MAX_QUANTITY), metadata=DECIMAL
    )
    total_minor = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(0, MOST_MINOR),
        metadata={"description": "For the whole line, before vouchers"},
    )

    @post_load
    def as_input(self, line: dict[str, Any], **_: Any) -> Goods:
        """The line as the shop knows it."""
        return Goods(**line)


@dataclass(frozen=True)
class Asked:
    """A basket with vouchers, and which sale of which till it is; `store` as in receipts."""

    store: str | None
    shown: ShownBasket
    till: str = ""
    reference: str = ""


class Basket(Schema):
    """A basket and the vouchers shown for it; the order of the vouchers makes no difference."""

    store = fields.String(
        validate=[validate.Length(1, 60), PRINTABLE],
        metadata={"description": "The store's slug; a till's key knows its own"},
    )
    currency = fields.String(
        required=True, validate=validate.Length(3, 3), metadata={"description": "ISO 4217"}
    )
    member_id = fields.String(
        allow_none=True,
        validate=[validate.Length(1, 26), PRINTABLE],
        metadata={"description": "Whose basket it is, where the till knows"},
    )
    lines = fields.List(
        fields.Nested(BasketLine), required=True, validate=validate.Length(1, MAX_LINES)
    )
    vouchers = fields.List(
        fields.String(validate=[validate.Length(1, CODE_LENGTH), PRINTABLE]),
        load_default=list,
        validate=validate.Length(0, MOST_VOUCHERS),
        metadata={
            "description": "Codes as scanned or typed; case, spaces and hyphens don't matter"
        },
    )
    held = fields.Boolean(
        load_default=False,
        metadata={"description": "Put to it as well what `member_id` holds on their phone"},
    )

    @post_load
    def as_input(self, given: dict[str, Any], **_: Any) -> Asked:
        """The basket as the shop knows it."""
        about = {name: given.pop(name) for name in ("till", "reference") if name in given}
        store = given.pop("store", None)
        lists = {name: tuple(given.pop(name)) for name in ("lines", "vouchers")}
        return Asked(store, ShownBasket(**given, **lists), **about)


class Reservation(Basket):
    """A basket whose vouchers are held. `reference` names the sale, once for each till."""

    till = fields.String(required=True, validate=[validate.Length(1, TILL_LENGTH), PRINTABLE])
    reference = fields.String(
        required=True, validate=[validate.Length(1, NUMBER_LENGTH), PRINTABLE]
    )


class Redemption(Reservation):
    """A sale with vouchers, redeemed in one step; offline tills send it later."""

    sold_at = fields.AwareDateTime(
        allow_none=True,
        metadata={"description": "When it was sold, if not now: validity is judged as of then"},
    )


class ReturnedLine(Schema):
    """How much of a line comes back; lines are numbered from 1."""

    line = fields.Integer(required=True, strict=True, validate=validate.Range(1, MAX_LINES))
    quantity = fields.Decimal(
        required=True, validate=validate.Range(0, MAX_QUANTITY), metadata=DECIMAL
    )


class RollBack(Schema):
    """Goods that come back; without lines, all that is left. `reference` names the return."""

    reference = fields.String(
        required=True, validate=[validate.Length(1, NUMBER_LENGTH), PRINTABLE]
    )
    lines = fields.List(
        fields.Nested(ReturnedLine), allow_none=True, validate=validate.Length(1, MAX_LINES)
    )

    @post_load
    def as_input(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Lines as the shop knows them."""
        lines = given.get("lines")
        named = None if lines is None else tuple((str(x["line"]), x["quantity"]) for x in lines)
        return {"source": given["reference"], "lines": named}
