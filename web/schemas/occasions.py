"""What members send about occasions, and what they read of them."""

from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from retail.journeys.occasions.show_occasion import ShownClash, ShownOccasion
from retail.occasions import icalendar, rules
from retail.occasions.queries import GuestView, OccasionView
from retail.occasions.rules import NewOccasion
from web.schemas.same_outfit import FriendNamed, OtherPiece, other_piece
from web.schemas.text import PRINTABLE

_ID = validate.Length(1, 26)
_UID = validate.Length(equal=64)


class OccasionWish(Schema):
    """An occasion, by the day and time that clocks of its zone show; without a time, all day."""

    title = fields.String(required=True, validate=validate.Length(1, 10 * rules.TITLE_LENGTH))
    on = fields.Date(required=True, error_messages={"invalid": "Write a day as 2026-12-24."})
    at = fields.Time(
        format="%H:%M",
        allow_none=True,
        load_default=None,
        error_messages={"invalid": "Write a time as 19:30."},
        metadata={"type": "string", "description": "Hours and minutes, as 19:30"},
    )
    zone = fields.String(
        required=True,
        validate=[validate.Length(1, 60), PRINTABLE],
        metadata={"description": "A name of the IANA database, such as Europe/London"},
    )
    place = fields.String(load_default="", validate=validate.Length(0, 10 * rules.PLACE_LENGTH))

    @post_load
    def as_wish(self, sent: dict[str, Any], **_: Any) -> NewOccasion:
        """The occasion as the shop knows it."""
        return NewOccasion(**sent)


class OccasionsQuery(Schema):
    """Which occasions, and which page of them."""

    past = fields.Boolean(load_default=False, metadata={"description": "Those that are over"})
    after = fields.String(
        validate=validate.Length(1, 200),
        metadata={"description": "Where the page begins: `next_after` of the one before"},
    )
    limit = fields.Integer(load_default=20, validate=validate.Range(1, 100))


class OccasionAnswer(Schema):
    """Whether one comes."""

    answer = fields.String(required=True, validate=validate.OneOf(rules.ANSWERS))


class Guests(Schema):
    """Which friends are asked."""

    friend_ids = fields.List(
        fields.String(validate=_ID),
        required=True,
        validate=validate.Length(1, rules.MOST_GUESTS),
        error_messages={"required": "Choose whom to ask.", "invalid": "Choose whom to ask."},
    )


class PlannedOutfit(Schema):
    """What one plans to wear: pieces that one bought, a look that one laid out, or both."""

    variant_ids = fields.List(
        fields.String(validate=_ID), load_default=list, validate=validate.Length(0, 50)
    )
    outfit_id = fields.String(allow_none=True, load_default=None, validate=_ID)


class CalendarText(Schema):
    """A calendar file's text."""

    calendar = fields.String(
        required=True,
        validate=validate.Length(1, icalendar.MOST_CHARACTERS),
        metadata={"description": "iCalendar, RFC 5545"},
    )


class PickedEvents(CalendarText):
    """A calendar, and which of its events are brought in."""

    uids = fields.List(
        fields.String(validate=_UID),
        required=True,
        validate=validate.Length(1, icalendar.MOST_EVENTS),
        error_messages={"required": "Pick something to bring in."},
        metadata={"description": "`uid` of each, as the preview names them"},
    )


@dataclass(frozen=True)
class PlannedRead:
    """A piece that one plans to wear."""

    variant_id: str
    style: str
    colour: str


@dataclass(frozen=True)
class ClashRead:
    """A friend who plans the same, where both agreed to know; twins where both wish it."""

    variant_id: str
    style: str
    colour: str
    friend: FriendNamed
    wishes: bool
    is_wished: bool
    are_twins: bool
    store: str | None
    colours: tuple[OtherPiece, ...]
    styles: tuple[OtherPiece, ...]


@dataclass(frozen=True)
class OccasionRead:
    """One occasion; guests for its maker alone, the plan one’s own."""

    occasion: OccasionView
    guests: list[GuestView]
    plan: list[PlannedRead]
    clashes: list[ClashRead]


@dataclass(frozen=True)
class OccasionMade:
    """An occasion that was made."""

    id: str


def told(shown: ShownOccasion) -> OccasionRead:
    """An occasion as the API tells it."""
    plan = [PlannedRead(one.id, one.style_name, one.colour_name) for one in shown.plan]
    return OccasionRead(shown.occasion, shown.guests, plan, list(map(_clash, shown.clashes)))


def _clash(shown: ShownClash) -> ClashRead:
    clash, one = shown.clash, shown.clash.variant
    return ClashRead(
        one.id,
        one.style_name,
        one.colour_name,
        FriendNamed(clash.friend.id, clash.friend.name),
        clash.wishes,
        clash.is_wished,
        clash.are_twins,
        shown.store.slug if shown.store else None,
        tuple(map(other_piece, shown.instead.colours)),
        tuple(map(other_piece, shown.instead.styles)),
    )
