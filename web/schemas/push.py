"""What a browser says of where its pushes go."""

from marshmallow import Schema, fields, validate


class Keys(Schema):
    """The keys that pushes are sealed with, base64url."""

    p256dh = fields.String(required=True, validate=validate.Regexp(r"^[A-Za-z0-9_-]{87}=?$"))
    auth = fields.String(required=True, validate=validate.Regexp(r"^[A-Za-z0-9_-]{22}(==)?$"))


class Endpoint(Schema):
    """The address that a browser's push service gave it."""

    endpoint = fields.String(required=True, validate=validate.Length(10, 1000))


class Subscription(Endpoint):
    """A browser's push subscription, as `PushSubscription.toJSON()` writes it."""

    keys = fields.Nested(Keys, required=True)
