"""What integrators and operators send about webhooks."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, validate

from retail.webhooks import rules
from web.schemas.text import PRINTABLE

# How far back a form may ask for messages to be sent again, in hours.
HOURS = (1, 24, 7 * 24, 30 * 24)


class NewEndpoint(Schema):
    """An address to be told, and of what; no types are all types."""

    url = fields.String(
        required=True,
        validate=[validate.Length(1, rules.URL_LENGTH), PRINTABLE],
        error_messages={"required": "Type the address."},
        metadata={"description": "An https address on the open internet"},
    )
    name = fields.String(
        required=True,
        validate=validate.Length(1, rules.NAME_LENGTH),
        error_messages={"required": "Type a name."},
        metadata={"description": "What people call it"},
    )
    types = fields.List(
        fields.String(validate=validate.OneOf(list(rules.TYPES))),
        load_default=list,
        validate=validate.Length(0, len(rules.TYPES)),
        metadata={"description": "Of what it is told; of everything where this is left out"},
    )


class _Ticked(fields.List):
    """Boxes of a form: one alone comes as text."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> list[Any]:
        several = [value] if isinstance(value, str) else value
        return super()._deserialize(several, attr, data, **kwargs)


class NewEndpointForm(NewEndpoint):
    """The same, from a form."""

    types = _Ticked(fields.String(validate=validate.OneOf(list(rules.TYPES))), load_default=list)


class DeliveryQuery(Schema):
    """Which deliveries, and which page of them."""

    state = fields.String(validate=validate.OneOf(rules.STATES))
    after = fields.String(
        validate=validate.Length(1, 200),
        metadata={"description": "Where the page begins: `next_after` of the one before"},
    )
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))


class Replay(Schema):
    """What to send again: one message, or all that happened since an instant."""

    message_id = fields.String(validate=validate.Length(1, 26))
    since = fields.AwareDateTime()
    dead_only = fields.Boolean(
        load_default=False,
        metadata={"description": "Only what was given up, not what was delivered"},
    )


class ReplayForm(Schema):
    """The same from a form, in hours back from now."""

    message_id = fields.String(validate=validate.Length(1, 26))
    hours = fields.Integer(validate=validate.OneOf(HOURS))
    dead_only = fields.Boolean(load_default=False)


class NextSecret(Schema):
    """Which version of the secret comes next, as the form that asked for it knew."""

    version = fields.Integer(required=True, validate=validate.Range(2, 1_000_000))
