"""Which page of a statement, and what earns points."""

from marshmallow import Schema, fields, validate


class StatementQuery(Schema):
    """Which page of a statement."""

    after = fields.String(
        validate=validate.Length(1, 60),
        metadata={"description": "Where the page begins: `next_after` of the one before"},
    )
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 100))


class TermsForm(Schema):
    """Terms as they were typed, and the version that they are instead of; 0 where none held."""

    terms = fields.String(required=True, validate=validate.Length(1, 40_000))
    version = fields.Integer(required=True, validate=validate.Range(0))
