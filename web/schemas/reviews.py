"""What people write about likes that were looked at, and how gifts are handed over."""

from marshmallow import Schema, fields, validate

from retail.fairness.rules import APPEAL_LENGTH, REASON_LENGTH


class AppealWords(Schema):
    """Why a stylist asks for a second look."""

    words = fields.String(
        required=True,
        validate=validate.Length(1, APPEAL_LENGTH),
        error_messages={"required": "Say why, in a few words."},
    )


class Decision(Schema):
    """What somebody decided about likes, and why."""

    is_fair = fields.Boolean(required=True, error_messages={"required": "Choose one."})
    reason = fields.String(
        required=True,
        validate=validate.Length(1, REASON_LENGTH),
        error_messages={"required": "Say why, in a few words."},
    )


class Reason(Schema):
    """Why a prize is kept back."""

    reason = fields.String(
        required=True,
        validate=validate.Length(1, REASON_LENGTH),
        error_messages={"required": "Say why, in a few words."},
    )


class Doubt(Schema):
    """What becomes of a prize whose winner brought back what won it, and why."""

    verdict = fields.String(
        required=True,
        validate=validate.OneOf(["stands", "taken_back"]),
        error_messages={"required": "Choose one."},
    )
    reason = fields.String(
        required=True,
        validate=validate.Length(1, REASON_LENGTH),
        error_messages={"required": "Say why, in a few words."},
    )


class GiftCode(Schema):
    """The code that a winner shows."""

    code = fields.String(
        required=True,
        validate=validate.Length(1, 30),
        error_messages={"required": "Type the code from the phone."},
        metadata={"description": "Ten characters; case, spaces and hyphens do not matter"},
    )
