"""What members send when they ask friends, and answer."""

from marshmallow import Schema, fields, validate

from retail.opinions import rules

_ID = validate.Length(1, 26)
_FRIENDS = "Choose at least one friend."


class AskFriends(Schema):
    """About which pieces, or which look, of whom, and in which words; a picture comes beside."""

    friends = fields.List(
        fields.String(validate=_ID),
        required=True,
        validate=validate.Length(
            1, rules.MOST_FRIENDS, error=f"Choose {rules.MOST_FRIENDS} friends at most."
        ),
        error_messages={"required": _FRIENDS, "invalid": _FRIENDS},
    )
    pieces = fields.List(fields.String(validate=_ID), load_default=list)
    look = fields.String(load_default="", validate=validate.Length(0, 26))
    words = fields.String(load_default="", validate=validate.Length(0, 400))


class AnswerFriend(Schema):
    """What one thinks, and whether that may stand on the screen of a friend's room."""

    choice = fields.String(
        required=True, validate=_ID, error_messages={"required": "Choose one of the answers."}
    )
    reply = fields.String(load_default="", validate=validate.Length(0, 400))
    on_screen = fields.Boolean(load_default=False)


class ReportOpinion(Schema):
    """Why somebody should look at what one is asked."""

    reason = fields.String(
        required=True,
        validate=validate.Length(1, 12),
        error_messages={"required": "Say why: choose one of these."},
        metadata={"enum": list(rules.REASONS)},
    )


class PictureOnScreen(Schema):
    """Whether the picture stands on the room's screen."""

    shown = fields.Boolean(load_default=False)
