"""What members send about their looks."""

from marshmallow import Schema, fields, validate

from retail.outfits import rules


class Audience(Schema):
    """Who sees a look, and what else a member agrees to on the same page. All off unless said."""

    audience = fields.String(load_default="only_me", validate=validate.OneOf(rules.AUDIENCES))
    choice = fields.String(load_default="share", validate=validate.OneOf(["private", "share"]))
    league = fields.Boolean(load_default=False)
    birth_on = fields.Date(
        load_default=None,
        error_messages={"invalid": "Write the date as day, month and year."},
    )


class NewOutfit(Schema):
    """Which receipt to lay out."""

    receipt_id = fields.String(required=True, validate=validate.Length(1, 26))


class Piece(Schema):
    """Where a piece lies: board units for place and width, degrees, and what lies above what."""

    piece_id = fields.String(required=True, validate=validate.Length(1, 26))
    x = fields.Integer(required=True, validate=validate.Range(-5000, 5000))
    y = fields.Integer(required=True, validate=validate.Range(-5000, 5000))
    width = fields.Integer(required=True, validate=validate.Range(1, 5000))
    rotation = fields.Integer(load_default=0, validate=validate.Range(-3600, 3600))
    depth = fields.Integer(load_default=1, validate=validate.Range(0, 99))
    is_shown = fields.Boolean(load_default=True)


class Arrangement(Schema):
    """A whole board. `version` is that of the outfit as it was read."""

    version = fields.Integer(required=True, validate=validate.Range(1, 2**31 - 1))
    caption = fields.String(load_default="", validate=validate.Length(0, 400))
    background = fields.String(
        load_default="blush", validate=validate.OneOf(["blush", "rain", "straw", "bottle"])
    )
    pieces = fields.List(fields.Nested(Piece), load_default=list, validate=validate.Length(0, 40))


class Publication(Schema):
    """Who sees a look; `joins_league` left out keeps things as they are."""

    audience = fields.String(required=True, validate=validate.OneOf(rules.AUDIENCES))
    joins_league = fields.Boolean(load_default=None, allow_none=True)
