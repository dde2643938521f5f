"""What comes along with a like or a save."""

from marshmallow import Schema, fields, validate


class CameBy(Schema):
    """The share that led to a look, as its address says."""

    share = fields.String(
        load_default=None,
        validate=validate.Length(1, 26),
        metadata={"description": "The id of the share link that led there"},
    )
