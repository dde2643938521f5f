"""What devices send about themselves, what staff say of them, and what tills say of tags."""

from marshmallow import Schema, fields, validate

from retail.devices.rules import NAME_LENGTH, ROLES, ZONE_LENGTH
from web.schemas.text import PRINTABLE
from web.translations import ROOM_LANGUAGES


class DeviceWish(Schema):
    """What a device wants to be."""

    role = fields.String(required=True, validate=validate.OneOf(ROLES))


class DeviceCodeHeld(Schema):
    """The code that a device holds."""

    device_code = fields.String(required=True, validate=[validate.Length(1, 64), PRINTABLE])


class LetInForm(Schema):
    """Which device to let in, and where it stands."""

    code = fields.String(required=True, validate=[validate.Length(8, 12), PRINTABLE])
    zone = fields.String(required=True, validate=[validate.Length(1, ZONE_LENGTH), PRINTABLE])
    name = fields.String(load_default="", validate=[validate.Length(0, NAME_LENGTH), PRINTABLE])
    antennas = fields.String(load_default="", validate=validate.Length(0, 1000))
    store = fields.String(load_default="", validate=validate.Length(0, 26))


class RenameForm(Schema):
    """What to call a device."""

    name = fields.String(required=True, validate=[validate.Length(1, NAME_LENGTH), PRINTABLE])


class AntennasForm(Schema):
    """In which zones a reader's antennas are."""

    antennas = fields.String(required=True, validate=[validate.Length(0, 1000), PRINTABLE])


class TagsSold(Schema):
    """Tags whose goods were sold, or came back."""

    epcs = fields.List(
        fields.String(validate=[validate.Length(8, 200), PRINTABLE]),
        required=True,
        validate=validate.Length(1, 500),
        metadata={"description": "SGTINs: hexadecimal, or tag or pure identity URIs"},
    )
    are = fields.String(required=True, validate=validate.OneOf(("sold", "back")))


class VariantChosen(Schema):
    """A piece, size or colour that somebody touched."""

    variant_id = fields.String(required=True, validate=[validate.Length(1, 26), PRINTABLE])


class LanguageChosen(Schema):
    """What a room's screen is to speak; an empty one is the usual."""

    language = fields.String(load_default="", validate=validate.OneOf(list(ROOM_LANGUAGES)))


class RoomCode(Schema):
    """What a room's screen shows to link a phone."""

    code = fields.String(required=True, validate=[validate.Length(8, 12), PRINTABLE])


class RoomLabel(Schema):
    """What a linked phone read off a label."""

    label = fields.String(required=True, validate=[validate.Length(8, 200), PRINTABLE])


class NextHelper(Schema):
    """Who has a request now, and who is to have it; nobody means everybody is asked again."""

    held_by = fields.String(required=True, validate=[validate.Length(1, 26), PRINTABLE])
    to = fields.String(load_default="", validate=[validate.Length(0, 26), PRINTABLE])
