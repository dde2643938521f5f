"""What is said of offers: no, and what one is to be explained for."""

from marshmallow import Schema, fields, validate

from web.schemas.text import PRINTABLE

TO = ("piece", "friend")


class OfferRefused(Schema):
    """To what a member says no: the piece of an offer, or any offer with its friend."""

    to = fields.String(required=True, validate=validate.OneOf(TO))


class OfferAskedAbout(Schema):
    """What somebody looks for."""

    purpose = fields.String(
        required=True,
        validate=[validate.Length(1, 60), PRINTABLE],
        metadata={"description": "`offer_explained`; nothing else opens an offer"},
    )
