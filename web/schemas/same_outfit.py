"""What members and tills ask about pieces that friends may have."""

from dataclasses import dataclass

from marshmallow import Schema, fields, validate

from retail.catalogue.queries import VariantView
from retail.receipts.rules import MAX_LINES, SKU_LENGTH
from web.schemas.cards import CODE_LENGTH
from web.schemas.text import PRINTABLE


class AskedPiece(Schema):
    """The number on a label."""

    gtin = fields.String(
        required=True,
        validate=[validate.Length(1, 14), PRINTABLE],
        metadata={"description": "8, 12, 13 or 14 digits with a right check digit"},
    )


class BasketPiece(Schema):
    """A piece on the counter, by GTIN or SKU; the GTIN decides."""

    gtin = fields.String(allow_none=True, validate=[validate.Length(max=14), PRINTABLE])
    sku = fields.String(allow_none=True, validate=[validate.Length(max=SKU_LENGTH), PRINTABLE])


class BasketToCheck(Schema):
    """What is on the counter, and whose card was shown, before anybody pays."""

    store = fields.String(
        validate=[validate.Length(1, 60), PRINTABLE],
        metadata={"description": "The store's slug; a till's key knows its own"},
    )
    card = fields.String(
        allow_none=True,
        validate=[validate.Length(1, CODE_LENGTH), PRINTABLE],
        metadata={"description": "The code of the member's card, as it was scanned"},
    )
    lines = fields.List(
        fields.Nested(BasketPiece), required=True, validate=validate.Length(1, MAX_LINES)
    )


@dataclass(frozen=True)
class OtherPiece:
    """A piece that the store has just now, in the size that was looked for."""

    gtin: str | None
    sku: str
    style: str
    colour: str
    size: str
    price_minor: int
    currency: str


@dataclass(frozen=True)
class FriendNamed:
    """A friend who agreed to be named, by first name and initial."""

    id: str
    name: str


@dataclass(frozen=True)
class SameOutfitAnswer:
    """What was asked today, and who may be named; None where nobody is, whatever the reason."""

    gtin: str | None
    style: str
    colour: str
    place: str
    friend: FriendNamed | None


@dataclass(frozen=True)
class CheckedPiece:
    """A piece of the basket, and what else the store has: the same for every shopper."""

    sku: str
    style: str
    colour: str
    colours: tuple[OtherPiece, ...]
    styles: tuple[OtherPiece, ...]


@dataclass(frozen=True)
class CheckedBasket:
    """What to say aloud. Nothing in it depends on what anybody's friends have."""

    say: str
    pieces: tuple[CheckedPiece, ...]


def other_piece(one: VariantView) -> OtherPiece:
    """A variant as the API tells of it."""
    names = (one.style_name, one.colour_name, one.size)
    return OtherPiece(one.gtin, one.sku, *names, one.price_minor, one.currency)
