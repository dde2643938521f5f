"""Batches of vouchers and budgets, as integrators ask for them."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from core.errors import Invalid
from loyalty.baskets.rules import MOST_MINOR
from loyalty.vouchers.batches import MOST, REASON_LENGTH
from loyalty.vouchers.terms import (
    CAMPAIGN_LENGTH,
    KINDS,
    MOST_USES,
    STACKINGS,
    TITLE_LENGTH,
    Terms,
    scope_from_json,
)
from retail.journeys.vouchers.make_vouchers import WantedBatch
from web.schemas.text import CURRENCY, PRINTABLE, Whole, is_traded

NAME_LENGTH = 80

_KIND_AND_VALUE = Whole(
    r"^[^:\x00-\x1f\x7f]+:[^\x00-\x1f\x7f]+$",
    error="A label is a kind and a value, such as category:coats.",
)
_LABEL = fields.String(validate=[validate.Length(1, 120), _KIND_AND_VALUE])
_MINOR = {"strict": True, "validate": validate.Range(0, MOST_MINOR)}


class VoucherScope(Schema):
    """Labels such as `sku:ALD-12`, `style:ID`, `category:dresses`; places such as `store:leeds`."""

    includes = fields.List(_LABEL, metadata={"description": "Any of these; empty is everything"})
    excludes = fields.List(_LABEL)
    places = fields.List(_LABEL)


class VoucherTerms(Schema):
    """What each voucher gives; what is left out has no limit. `value` as in a voucher."""

    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    value = fields.Integer(load_default=1, strict=True, validate=validate.Range(1, MOST_MINOR))
    currency = fields.String(allow_none=True, validate=[CURRENCY, is_traded])
    title = fields.String(validate=[validate.Length(max=TITLE_LENGTH), PRINTABLE])
    scope = fields.Nested(VoucherScope)
    minimum_minor = fields.Integer(**_MINOR)
    most_minor = fields.Integer(allow_none=True, **_MINOR)
    uses = fields.Integer(
        allow_none=True,
        strict=True,
        validate=validate.Range(1, MOST_USES),
        metadata={"description": "How often each voucher can be used: 1 if left out; null: ever"},
    )
    uses_per_owner = fields.Integer(allow_none=True, strict=True, validate=validate.Range(1, 1000))
    is_bound = fields.Boolean(
        metadata={"description": "Only in baskets of the member it was given to; never in a batch"}
    )
    stacking = fields.String(validate=validate.OneOf(STACKINGS))
    priority = fields.Integer(strict=True, validate=validate.Range(-1000, 1000))
    campaign_id = fields.String(
        allow_none=True, validate=[validate.Length(1, CAMPAIGN_LENGTH), PRINTABLE]
    )

    @post_load
    def as_input(self, given: dict[str, Any], **_: Any) -> Terms:
        """The terms as the library knows them."""
        return Terms(**given | {"scope": scope_from_json(given.get("scope", {}))})


def check_name(name: str) -> None:
    """Raise Invalid for a name that terms cannot have."""
    if not 1 <= len(name) <= NAME_LENGTH or not name.isprintable() or name != name.strip():
        sentence = f"A name has 1 to {NAME_LENGTH} printable characters."
        raise Invalid("name_unclear", sentence, fields={"name": [sentence]})


class VoucherBatch(Schema):
    """So many vouchers. `reference` names the batch, once for each brand."""

    reference = fields.String(
        required=True,
        validate=[validate.Length(1, 80), PRINTABLE],
        error_messages={"required": "Name the batch."},
    )
    size = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(1, MOST),
        error_messages={"required": "Say how many."},
    )
    terms = fields.Nested(VoucherTerms, required=True)
    first_day = fields.Date(required=True, error_messages={"required": "Say from which day on."})
    last_day = fields.Date(required=True, error_messages={"required": "Say until which day."})
    store = fields.String(
        validate=[validate.Length(1, 60), PRINTABLE],
        metadata={"description": "In whose days it is valid; the brand's if left out"},
    )

    @post_load
    def as_input(self, given: dict[str, Any], **_: Any) -> WantedBatch:
        """The batch as the shop knows it."""
        return WantedBatch(**given)


class VoidReason(Schema):
    """Why a batch is voided."""

    reason = fields.String(
        required=True,
        validate=[
            validate.Length(1, REASON_LENGTH, error="Say why in up to {max} characters."),
            PRINTABLE,
        ],
        error_messages={"required": "Say why."},
    )


class WhyVoid(Schema):
    """Why a batch is voided, in the words of whoever does it; the first reason stays."""

    reason = fields.String(validate=[validate.Length(1, REASON_LENGTH), PRINTABLE])


class BatchesQuery(Schema):
    """Where a page of batches begins."""

    after = fields.String(validate=[validate.Length(1, 200), PRINTABLE])
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 100))


class Budget(Schema):
    """What a campaign may give away in all; null is no limit."""

    currency = fields.String(required=True, validate=[CURRENCY, is_traded])
    limit_minor = fields.Integer(required=True, allow_none=True, **_MINOR)
