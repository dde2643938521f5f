"""What tills send about sales and returns, and the pictures they get back."""

import base64
from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from typing import Any

from flask import url_for
from flask_smorest.fields import Upload
from marshmallow import Schema, ValidationError, fields, post_load, validate

from retail.journeys.sales.purchase import Purchase, PurchaseReply
from retail.receipts import qr
from retail.receipts.returns import ReturnInput, ReturnLineInput
from retail.receipts.rules import (
    DESCRIPTION_LENGTH,
    MAX_LINES,
    MAX_MINOR,
    MAX_QUANTITY,
    NUMBER_LENGTH,
    SKU_LENGTH,
    TILL_LENGTH,
    LineInput,
    ReceiptInput,
)
from web.auth import settings
from web.offering import PrintedOffer, offer_within_budget, offers_for_slip
from web.schemas.text import PRINTABLE

# A number or its text: a decimal that must stay exact can travel as either.
DECIMAL: dict[str, Any] = {
    "type": ["number", "string"],
    "minimum": 0,
    "maximum": int(MAX_QUANTITY),
    "pattern": r"^[0-9]+(\.[0-9]{1,3})?$",
}


class Line(Schema):
    """A line as sold. What is given beside a wrong code or amount is never guessed at."""

    gtin = fields.String(
        allow_none=True,
        validate=[validate.Length(max=14), PRINTABLE],
        metadata={"description": "8, 12, 13 or 14 digits with a right check digit"},
    )
    sku = fields.String(allow_none=True, validate=[validate.Length(max=SKU_LENGTH), PRINTABLE])
    description = fields.String(
        load_default="",
        validate=validate.Length(max=10 * DESCRIPTION_LENGTH),
        metadata={"description": f"Cut to {DESCRIPTION_LENGTH} characters; no card numbers"},
    )
    quantity = fields.Decimal(
        required=True,
        validate=validate.Range(0, MAX_QUANTITY),
        metadata=DECIMAL | {"description": "Up to three decimals; may be 0"},
    )
    total_minor = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(0, MAX_MINOR),
        metadata={"description": "Paid for the whole line, after the discount"},
    )
    discount_minor = fields.Integer(
        load_default=0, strict=True, validate=validate.Range(0, MAX_MINOR)
    )
    is_gift = fields.Boolean(load_default=False)

    @post_load
    def as_input(self, line: dict[str, Any], **_: Any) -> LineInput:
        """The line as the shop knows it."""
        return LineInput(**line)


@dataclass(frozen=True)
class SentReceipt:
    """A receipt, and the store the sender named, if any."""

    store: str | None
    receipt: ReceiptInput


class Receipt(Schema):
    """A sale. `number` is unique within store and till."""

    store = fields.String(
        validate=[validate.Length(1, 60), PRINTABLE],
        metadata={"description": "The store's slug; a till's key knows its own"},
    )
    till = fields.String(required=True, validate=[validate.Length(1, TILL_LENGTH), PRINTABLE])
    number = fields.String(required=True, validate=[validate.Length(1, NUMBER_LENGTH), PRINTABLE])
    sold_at = fields.AwareDateTime(required=True)
    currency = fields.String(
        required=True, validate=validate.Length(3, 3), metadata={"description": "ISO 4217"}
    )
    member_id = fields.String(
        allow_none=True,
        validate=[validate.Length(1, 26), PRINTABLE],
        metadata={"description": "Whose it is, where the till knows: the receipt is born claimed"},
    )
    lines = fields.List(fields.Nested(Line), required=True, validate=validate.Length(1, MAX_LINES))

    total_minor = fields.Integer(
        strict=True, metadata={"description": "Optional; if given, the sum of the line totals"}
    )

    @post_load
    def as_input(self, receipt: dict[str, Any], **_: Any) -> SentReceipt:
        """The receipt as the shop knows it."""
        store = receipt.pop("store", None)
        stated = receipt.pop("total_minor", None)
        sent = ReceiptInput(**receipt | {"lines": tuple(receipt["lines"])})
        if stated not in (None, sent.total_minor):
            raise ValidationError(f"The lines sum to {sent.total_minor}.", "total_minor")
        return SentReceipt(store, sent)


class ReturnLine(Schema):
    """How much of a line comes back; without an amount, its share of the line total."""

    position = fields.Integer(required=True, strict=True, validate=validate.Range(1, MAX_LINES))
    quantity = fields.Decimal(
        required=True, validate=validate.Range(0, MAX_QUANTITY), metadata=DECIMAL
    )
    amount_minor = fields.Integer(
        allow_none=True, strict=True, validate=validate.Range(0, MAX_MINOR)
    )

    @post_load
    def as_input(self, line: dict[str, Any], **_: Any) -> ReturnLineInput:
        """The line as the shop knows it."""
        return ReturnLineInput(**line)


class Return(Schema):
    """A refund; without lines, all that is left of the receipt."""

    number = fields.String(required=True, validate=[validate.Length(1, NUMBER_LENGTH), PRINTABLE])
    returned_at = fields.AwareDateTime(required=True)
    lines = fields.List(
        fields.Nested(ReturnLine), allow_none=True, validate=validate.Length(1, MAX_LINES)
    )

    @post_load
    def as_input(self, refund: dict[str, Any], **_: Any) -> ReturnInput:
        """The refund as the shop knows it."""
        lines = refund.pop("lines", None)
        return ReturnInput(**refund, lines=None if lines is None else tuple(lines))


class ReceiptFile(Schema):
    """Historic receipts as one CSV file in UTF-8."""

    file = Upload(required=True)


@dataclass(frozen=True)
class QrPictures:
    """The QR of the claim address: addresses of its pictures, and one picture at once."""

    png_url: str
    svg_url: str
    escpos_url: str
    png_base64: str


@dataclass(frozen=True)
class ReceiptReply(PurchaseReply):
    """What a till gets back; `escpos_url` is the whole slip, ready for the printer."""

    qr: QrPictures
    escpos_url: str
    offers: tuple[PrintedOffer, ...]


def reply(purchase: Purchase) -> tuple[ReceiptReply, int]:
    """The answer to a till: 201 for a new receipt, 200 and the same body for a known one.

    Made after the sale is safe: only a new one may bring an offer, and it never waits long for it.
    """
    if purchase.is_new:
        offer_within_budget(purchase.reply.id)
    known = purchase.reply
    values = {field.name: getattr(known, field.name) for field in dataclass_fields(known)}
    pictures = QrPictures(
        png_url=_address("receipts.show_qr_png", known.id),
        svg_url=_address("receipts.show_qr_svg", known.id),
        escpos_url=_address("receipts.show_qr_escpos", known.id),
        png_base64=base64.b64encode(qr.png(known.claim_url)).decode(),
    )
    escpos_url = _address("receipts.show_escpos", known.id)
    offers = offers_for_slip(known.id)
    answer = ReceiptReply(**values, qr=pictures, escpos_url=escpos_url, offers=offers)
    return answer, 201 if purchase.is_new else 200


def _address(endpoint: str, receipt_id: str) -> str:
    return settings().public_url.rstrip("/") + url_for(endpoint, receipt_id=receipt_id)
