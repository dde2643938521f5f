"""What members send about whom they go shopping with."""

from marshmallow import Schema, fields, validate

from retail.friends import rules


class NewInvitation(Schema):
    """For how many people an invitation is."""

    places = fields.Integer(
        load_default=1,
        validate=validate.Range(1, rules.MOST_PLACES),
        metadata={"description": "How many people may accept it"},
    )


class FriendsQuery(Schema):
    """Which page of one's friends."""

    offset = fields.Integer(load_default=0, validate=validate.Range(0, rules.MOST_FRIENDS))
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 500))
