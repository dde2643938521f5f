"""Which page of which wall, and what people decide about what hangs there."""

from marshmallow import Schema, fields, validate

from retail.wall import rules
from retail.wall_rules import rules as wall_rules


class WallQuery(Schema):
    """Whose wall, and which page of it."""

    brand = fields.String(
        required=True,
        validate=validate.Length(1, 60),
        metadata={"description": "Short name of the brand, as in its addresses"},
    )
    store = fields.String(
        validate=validate.Length(1, 60),
        metadata={"description": "Short name of a store, for its wall only"},
    )
    after = fields.String(
        validate=validate.Length(1, 200),
        metadata={"description": "Where the page begins: `next_after` of the one before"},
    )
    limit = fields.Integer(load_default=24, validate=validate.Range(1, 100))


class Decision(Schema):
    """What somebody decided about a look, in the version that they saw."""

    verdict = fields.String(required=True, validate=validate.OneOf(rules.VERDICTS))
    reason = fields.String(load_default=None, validate=validate.Length(1, 20))
    note = fields.String(load_default="", validate=validate.Length(0, rules.NOTE_LENGTH))
    version = fields.Integer(required=True, validate=validate.Range(1, 2**31 - 1))


class BannedWord(Schema):
    """A word to be banned."""

    word = fields.String(
        required=True,
        validate=validate.Length(1, wall_rules.WORD_LENGTH),
        error_messages={"required": "Type a word."},
    )


class WallRules(Schema):
    """When looks are checked; an unticked box is sent as nothing."""

    checks_first = fields.Boolean(load_default=False)
    reports_for_review = fields.Integer(
        required=True, validate=validate.Range(1, wall_rules.MOST_REPORTS)
    )
