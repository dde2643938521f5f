"""What friends may be asked about, by how many at once, and what they can say to it. Pure."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from core.errors import Conflict, Invalid, NotFound
from retail.outfits.rules import CAPTION_LENGTH

PIECES, LOOK, PICTURE = "pieces", "look", "picture"
YES, NO, NONE = "yes", "no", "none"
LINE_LENGTH = CAPTION_LENGTH
LIVES_FOR = timedelta(hours=24)
MOST_FRIENDS = 8
MOST_PIECES = 6
MOST_OPEN = 3
# Of fewer friends than these who agreed to no name on a screen, nothing stands there.
LEAST_UNNAMED = 2
# Why a friend reports what they are asked, as they and whoever decides read it.
REASONS: Mapping[str, str] = {
    "unkind": "Its words could hurt somebody.",
    "bare": "It shows more than I want to see.",
    "somebody": "It shows somebody who may not know of it.",
    "advert": "It advertises something.",
}


@dataclass(frozen=True)
class Wish:
    """What a member wants to ask, of whom: about pieces, one of their looks, or a picture."""

    friend_ids: tuple[str, ...] = ()
    words: str = field(default="", repr=False)
    variant_ids: tuple[str, ...] = ()
    outfit_id: str = ""
    picture: bytes | None = field(default=None, repr=False)


def kind_of(wish: Wish) -> str:
    """What a wish is about. Raises Invalid for nothing, or for several kinds of things."""
    given = [
        kind
        for kind, there in (
            (PIECES, bool(wish.variant_ids)),
            (LOOK, bool(wish.outfit_id)),
            (PICTURE, wish.picture is not None),
        )
        if there
    ]
    if not given:
        raise _refused("opinion_about_nothing", "about", "Choose what to ask about.")
    if len(given) > 1:
        sentence = "Ask about one kind of thing at a time."
        raise _refused("opinion_about_several", "about", sentence)
    return given[0]


def check_friends(friend_ids: Collection[str]) -> None:
    """Raises Invalid for nobody, or for more than may be asked at once."""
    if not friend_ids:
        raise _refused("opinion_of_nobody", "friends", "Choose at least one friend.")
    if len(set(friend_ids)) > MOST_FRIENDS:
        sentence = f"Choose {MOST_FRIENDS} friends at most."
        raise _refused("opinion_of_too_many", "friends", sentence)


def check_pieces(wanted: Sequence[str], there: Collection[str]) -> None:
    """Raises Invalid for pieces that are not there to be asked about, or too many."""
    if not wanted or not set(wanted) <= set(there):
        sentence = "That isn’t there any more. Choose again."
        raise _refused("opinion_piece_gone", "about", sentence)
    if len(set(wanted)) > MOST_PIECES:
        raise _refused("opinion_pieces_many", "about", f"Choose {MOST_PIECES} at most.")


def check_room(open_requests: int) -> None:
    """Raises Conflict with enough open."""
    if open_requests >= MOST_OPEN:
        sentence = f"You’re asking {MOST_OPEN} things already. Take one back, then ask again."
        raise Conflict("too_many_opinions", sentence)


def choices_of(kind: str, variant_ids: Sequence[str]) -> tuple[str, ...]:
    """What a friend can say: which one or none of several pieces, else yes or no."""
    if kind == PIECES and len(variant_ids) > 1:
        return (*variant_ids, NONE)
    return (YES, NO)


def check_choice(choice: str, choices: Collection[str]) -> str:
    """The choice, if it is one. Raises Invalid."""
    if choice not in choices:
        raise _refused("opinion_choice_unknown", "choice", "Choose one of the answers.")
    return choice


def check_reason(reason: str) -> str:
    """The reason of a report, if it is one. Raises Invalid."""
    if reason not in REASONS:
        raise _refused("opinion_reason_unknown", "reason", "Say why: choose one of these.")
    return reason


def tally(choices: Sequence[str], said: Iterable[str]) -> dict[str, int]:
    """How many said what, in the order of the choices."""
    counts = dict.fromkeys(choices, 0)
    for each in said:
        if each in counts:
            counts[each] += 1
    return counts


def opinion_not_found() -> NotFound:
    """The one answer for what is over, taken back, or was never asked of this member."""
    return NotFound("opinion_not_found", "This is over, or was taken back.")


def gate(member_id: str) -> int:
    """The gate through which a member asks one thing at a time."""
    digest = hashlib.sha256(f"opinions:{member_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def _refused(code: str, name: str, sentence: str) -> Invalid:
    return Invalid(code, sentence, fields={name: [sentence]})
