"""What members say about how they are greeted."""

from dataclasses import dataclass
from datetime import datetime

from marshmallow import Schema, fields, validate

from retail.greetings.rules import FIRST, FORMS, SHOWABLE, SIZE_PATTERN, TITLE_LENGTH
from web.schemas.text import PRINTABLE

NOT_AT_ALL = "none"
_SHOWABLE = rf"(?:{'|'.join(SHOWABLE)}|{SIZE_PATTERN})\Z"
_MOST_SHOWN = 60


class GreetingWish(Schema):
    """What those who work in a store may call a member, and what else they may see."""

    form = fields.String(
        required=True,
        validate=validate.OneOf(FORMS),
        metadata={"description": "By first name, full name, or title and last name"},
    )
    title = fields.String(
        load_default="",
        validate=[validate.Length(0, TITLE_LENGTH), PRINTABLE],
        metadata={"description": "For the form `title`, as in Miss, Mr or Dr"},
    )
    shows = fields.List(
        fields.String(
            validate=validate.Regexp(_SHOWABLE, error="Nothing of that name can be shown.")
        ),
        load_default=list,
        validate=validate.Length(max=_MOST_SHOWN),
        metadata={
            "description": "What else is shown, sizes as sizes.CATEGORY; nothing unless named"
        },
    )


class GreetingForm(GreetingWish):
    """A wish as its page sends it: one of the forms is not to be greeted at all."""

    form = fields.String(
        load_default=FIRST, validate=validate.OneOf((NOT_AT_ALL, *FORMS), error="Choose one.")
    )


@dataclass(frozen=True)
class GreetingRead:
    """A member's wish, and whether they agree to be greeted; `shown_until` while they are."""

    is_on: bool
    form: str
    title: str
    shows: tuple[str, ...]
    shown_until: datetime | None
