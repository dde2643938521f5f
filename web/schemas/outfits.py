"""What members send about their looks."""

from marshmallow import Schema, fields, validate


class Audience(Schema):
    """Who sees a look, and what else a member agrees to on the same page. All off unless said."""

    audience = fields.String(
        load_default="only_me", validate=validate.OneOf(["only_me", "everyone"])
    )
    choice = fields.String(load_default="share", validate=validate.OneOf(["private", "share"]))
    league = fields.Boolean(load_default=False)
    birth_on = fields.Date(
        load_default=None,
        error_messages={"invalid": "Write the date as day, month and year."},
    )
