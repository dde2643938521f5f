"""Which page of a statement, and what earns points."""

from marshmallow import Schema, fields, validate


class StatementQuery(Schema):
    """Which page of a statement."""

    after = fields.String(
        validate=validate.Length(1, 60),
        metadata={"description": "Where the page begins: `next_after` of the one before"},
    )
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 100))


class HeldVersion(Schema):
    """Which version what was typed is instead of; 0 where none held."""

    version = fields.Integer(required=True, validate=validate.Range(0))
