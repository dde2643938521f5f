"""Which boards, and which page of their standings."""

from marshmallow import Schema, fields, validate


class BoardQuery(Schema):
    """Whose boards."""

    brand = fields.String(
        required=True,
        validate=validate.Length(1, 60),
        metadata={"description": "Short name of the brand, as in its addresses"},
    )


class StandingsQuery(Schema):
    """Which season and which page of it."""

    season_id = fields.String(
        validate=validate.Length(1, 26),
        metadata={"description": "A season of the board; the running one if left out"},
    )
    after = fields.String(
        validate=validate.Length(1, 200),
        metadata={"description": "Where the page begins: `next_after` of the one before"},
    )
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))
