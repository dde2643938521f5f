"""What members and strangers send about themselves."""

from typing import Any

from marshmallow import Schema, fields, pre_load, validate

from retail.accounts import rules

_SIZE_PREFIX = "sizes."


class Address(Schema):
    """Where to mail a code."""

    email = fields.String(
        required=True,
        validate=validate.Length(3, 254, error="That doesn’t look like an e-mail address."),
        error_messages={"required": "Type your e-mail address."},
    )


class Code(Schema):
    """A code as typed, with any gaps."""

    code = fields.String(
        required=True,
        validate=validate.Length(1, 20, error="A code has six digits."),
        error_messages={"required": "Type the six digits from the mail."},
    )


class CodeRequest(Address):
    """A wish to sign in with a brand."""

    brand = fields.String(
        required=True,
        validate=validate.Length(1, 60),
        metadata={"description": "The brand’s short name, as in its addresses"},
    )


class SignIn(CodeRequest, Code):
    """A mailed code in exchange for a session."""


class WhichSessions(Schema):
    """Whether the session that asks goes with the others."""

    but_this = fields.Boolean(
        load_default=False, metadata={"description": "Keep the session that this request carries"}
    )


class Profile(Schema):
    """What a member says of themselves; what is left out stays as it is."""

    display_name = fields.String(validate=validate.Length(1, rules.NAME_LENGTH))
    birth_on = fields.Date(
        error_messages={"invalid": "Write the date as day, month and year."},
        metadata={"description": "Given once, to keep minors out of public features"},
    )
    sizes = fields.Dict(
        keys=fields.String(validate=validate.Length(1, 60)),
        values=fields.String(validate=validate.Length(0, rules.SIZE_LENGTH)),
        metadata={"description": "Sizes as on labels, by the codes of categories"},
    )


class ProfileForm(Profile):
    """A profile as its page sends it: a name is a must, and each size has a box of its own."""

    display_name = fields.String(
        required=True,
        validate=validate.Length(1, rules.NAME_LENGTH),
        error_messages={"required": "Tell us what to call you."},
    )

    @pre_load
    def gather_sizes(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        """An emptied box is a size taken back, so that all boxes together are the sizes."""
        sizes = {
            name.removeprefix(_SIZE_PREFIX): value
            for name, value in given.items()
            if name.startswith(_SIZE_PREFIX)
        }
        return {**given, "sizes": sizes}
