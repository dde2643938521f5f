"""What members send about goods on a shelf, and displays ask about them."""

from marshmallow import Schema, fields, validate

from retail.saves import pay_day
from web.schemas.catalogue import Gtin
from web.schemas.text import PRINTABLE

MOST_AT_ONCE = 100


class LikesQuery(Schema):
    """Whose product."""

    brand = fields.String(required=True, validate=[validate.Length(1, 60), PRINTABLE])


class ManyLikesQuery(LikesQuery):
    """Which products of a brand."""

    gtin = fields.List(
        Gtin(),
        required=True,
        validate=validate.Length(1, MOST_AT_ONCE),
        metadata={"description": f"Up to {MOST_AT_ONCE} GTINs, each as a parameter of its own"},
    )


class Remind(Schema):
    """On which day, and whether that is pay day."""

    on = fields.Date(required=True, metadata={"description": "A day ahead, within a year"})
    repeats = fields.String(
        load_default=pay_day.ONCE,
        validate=validate.OneOf(pay_day.REPEATS),
        metadata={"description": "Whether the member is paid on such a day of each month"},
    )


class LineSaid(Schema):
    """What a member says with a piece."""

    line = fields.String(load_default="", validate=validate.Length(0, 400))


class Send(LineSaid):
    """To whom a piece goes."""

    friend = fields.String(
        required=True,
        validate=validate.Length(1, 26),
        error_messages={"required": "Choose one friend."},
        metadata={"description": "The friend's id"},
    )
