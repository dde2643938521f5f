"""What those who work here send about accounts and PINs."""

from marshmallow import Schema, fields, validate

from retail.staff import roles, rules
from web.schemas.accounts import Address


class Pin(Schema):
    """A PIN as typed, with any gaps."""

    pin = fields.String(
        required=True,
        validate=validate.Length(1, 20, error="A PIN has four to eight digits."),
        error_messages={"required": "Type your PIN."},
    )


class NewColleague(Address):
    """Somebody to be taken on; without a store they work in all of them."""

    name = fields.String(
        required=True,
        validate=validate.Length(1, rules.NAME_LENGTH),
        error_messages={"required": "Type their name."},
    )
    role = fields.String(required=True, validate=validate.OneOf(list(roles.ROLES)))
    store = fields.String(load_default="", validate=validate.Length(0, 60))
