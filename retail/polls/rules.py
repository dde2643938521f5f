"""What a poll may ask, how long it is open, and which result gives nobody away. Pure."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from core.errors import Conflict, Invalid, NotFound, TooMany
from retail.outfits.rules import CAPTION_LENGTH, FRIENDS, PUBLIC, clean_caption
from retail.wall_rules.rules import has_banned

Choice = Literal["first", "second"]
CHOICES: tuple[Choice, Choice] = ("first", "second")
AUDIENCES = (FRIENDS, PUBLIC)
QUESTION_LENGTH = CAPTION_LENGTH
MOST_OPEN = 3
MOST_A_DAY = 10
DAY = timedelta(days=1)
# Of fewer votes the two sides are not told: one voter could reckon what the other said.
FEWEST_SHOWN = 3
_SPANS = {"hour": timedelta(hours=1), "day": DAY, "three_days": 3 * DAY}
TONIGHT = "tonight"
CLOSINGS = ("hour", TONIGHT, "day", "three_days")


@dataclass(frozen=True)
class Tally:
    """How many voted, and for which look; the sides are None while too few did."""

    votes: int
    first: int | None
    second: int | None


def tally(first: int, second: int) -> Tally:
    """The result as it may be shown."""
    votes = first + second
    return Tally(votes, first, second) if votes >= FEWEST_SHOWN else Tally(votes, None, None)


def closing_instant(closing: str, now: datetime, zone: str) -> datetime:
    """When a poll of now closes; tonight is the next midnight of the zone. Raises Invalid."""
    if closing == TONIGHT:
        place = ZoneInfo(zone)
        tomorrow = (now.astimezone(place) + DAY).date()
        return datetime.combine(tomorrow, time.min, tzinfo=place).astimezone(UTC)
    if closing not in _SPANS:
        raise _refused("closing_unknown", "closing", f"Choose one of {', '.join(CLOSINGS)}.")
    return now + _SPANS[closing]


def clean_question(question: str, banned: Collection[str]) -> str:
    """The question as a caption would be cleaned. Raises Invalid as that does, and for a banned
    word."""
    try:
        cleaned = clean_caption(question)
    except Invalid as error:
        code = error.code.replace("caption", "question")
        raise _refused(code, "question", error.detail) from error
    if has_banned(cleaned, banned):
        raise _refused("question_refused", "question", "Ask it in other words, please.")
    return cleaned


def check_unread(question: str, audience: str, *, checks_first: bool) -> None:
    """Where a shop reads words first, everyone is asked without any. Raises Invalid."""
    if question and checks_first and audience == PUBLIC:
        sentence = "This shop reads words before they hang. Ask everyone without words of your own."
        raise _refused("question_unread", "question", sentence)


def check_audience(audience: str) -> str:
    """The audience, if a poll can have it. Raises Invalid."""
    if audience not in AUDIENCES:
        raise _refused("audience_unknown", "audience", f"Choose one of {', '.join(AUDIENCES)}.")
    return audience


def check_choice(choice: str) -> str:
    """The choice, if it is one of the two. Raises Invalid."""
    if choice not in CHOICES:
        raise _refused("choice_unknown", "choice", f"Choose one of {', '.join(CHOICES)}.")
    return choice


def check_two(first_id: str, second_id: str) -> None:
    """Two looks, not one twice. Raises Invalid."""
    if first_id == second_id:
        raise _refused("same_look", "looks", "Choose two different looks.")


def check_room(open_polls: int, polls_today: int) -> None:
    """Raises Conflict with enough polls open, TooMany with enough asked within a day."""
    if open_polls >= MOST_OPEN:
        sentence = f"You have {MOST_OPEN} polls open. Close one, then ask again."
        raise Conflict("too_many_open_polls", sentence)
    if polls_today >= MOST_A_DAY:
        sentence = f"That’s {MOST_A_DAY} polls within a day. Ask again tomorrow."
        raise TooMany("too_many_polls", sentence, retry_after_seconds=int(DAY.total_seconds()))


def looks_not_shown(audience: str) -> Invalid:
    """The refusal of looks that those who are asked cannot see."""
    sentence = (
        "Show both looks to everyone first."
        if audience == PUBLIC
        else "Show both looks to your friends first."
    )
    return _refused("looks_not_shown", "looks", sentence)


def poll_not_found() -> NotFound:
    """The one answer for every poll that somebody may not see."""
    return NotFound("poll_not_found", "This poll isn’t here.")


def poll_closed() -> Conflict:
    """The refusal of a vote that comes too late."""
    return Conflict("poll_closed", "This poll has closed.")


def own_poll() -> Invalid:
    """The refusal of a vote on one's own question."""
    return Invalid("own_poll", "You asked this one. Votes come from others.")


def gate(member_id: str) -> int:
    """The gate that a member's new polls pass one at a time."""
    digest = hashlib.sha256(f"polls:{member_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def _refused(code: str, name: str, sentence: str) -> Invalid:
    return Invalid(code, sentence, fields={name: [sentence]})
