"""What integrators send about stores, goods and stock."""

from typing import Any

from flask_smorest.fields import Upload
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from retail.catalogue import cells
from web.schemas.text import PRINTABLE

MAX_COUNTS = 20_000


class Gtin(fields.String):
    """A GTIN of 8, 12, 13 or 14 digits with its check digit, read as fourteen digits."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, *args, **kwargs)
        try:
            gtin = cells.read_gtin(text)
        except ValueError as error:
            raise ValidationError(str(error)) from None
        if gtin is None:
            raise ValidationError("Leave gtin out where there is none.")
        return gtin


class StylePageQuery(Schema):
    """Which page of styles."""

    after = fields.String(
        validate=[validate.Length(1, 60), PRINTABLE],
        metadata={"description": "The code after which the page begins: `next_after` of the last"},
    )
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))


class ImportFiles(Schema):
    """CSV files in UTF-8, at least one; all of them come in, or none."""

    stores = Upload()
    categories = Upload()
    styles = Upload()
    variants = Upload()
    stock = Upload()
    places = Upload()


class ImportQuery(Schema):
    """Whether to import, or only to say what an import would do."""

    dry_run = fields.Boolean(load_default=False)


class Count(Schema):
    """How many pieces of a variant, named by exactly one of its codes."""

    sku = fields.String(validate=[validate.Length(1, 60), PRINTABLE])
    gtin = Gtin()
    on_hand = fields.Integer(required=True, strict=True, validate=validate.Range(0, 999_999_999))

    @validates_schema
    def name_one_code(self, count: dict[str, Any], **_: Any) -> None:
        """Two codes could contradict each other."""
        if ("sku" in count) == ("gtin" in count):
            raise ValidationError("Give either sku or gtin.", "sku")


class StockFeed(Schema):
    """What a store counted, at one instant."""

    counted_at = fields.AwareDateTime(required=True)
    counts = fields.List(
        fields.Nested(Count), required=True, validate=validate.Length(1, MAX_COUNTS)
    )
