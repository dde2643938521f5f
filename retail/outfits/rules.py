"""What an outfit may say and to whom it may be shown."""

import re
import unicodedata
from dataclasses import dataclass

from core import unseen
from core.errors import Forbidden, Invalid
from retail.consent.rules import FRIENDS_OUTFITS, PUBLIC_OUTFITS

CAPTION_LENGTH = 80
MOST_PIECES = 16
BACKGROUNDS = ("blush", "rain", "straw", "bottle")
AUDIENCES = ("only_me", "friends", "everyone")

PUBLIC = "everyone"
FRIENDS = "friends"
# What an owner agrees to by choosing an audience.
PURPOSE_OF = {PUBLIC: PUBLIC_OUTFITS, FRIENDS: FRIENDS_OUTFITS}
# Joiners that Persian and emoji are spelt with, selectors of emoji, and the tags of the flags of
# England, Scotland and Wales; everything else invisible goes.
_JOINERS = frozenset(unseen.ZERO_WIDTH_JOINERS + "\ufe0e\ufe0f")
_TAGGED_FLAG = re.compile("\U0001f3f4[\U000e0061-\U000e007a]{2,6}\U000e007f")
# Hebrew and Arabic need three, Vietnamese and Tibetan little more.
_MOST_MARKS = 5


@dataclass(frozen=True)
class RankedBy:
    """An outfit as boards know it: where it counts, for whom, and whether it may stand there."""

    brand_id: str
    store_id: str
    member_id: str
    is_public: bool


def clean_caption(caption: str) -> str:
    """The caption on one line, without control or direction-changing characters.

    Nothing is left of one in which nobody sees anything. Raises Invalid where more than
    `CAPTION_LENGTH` characters remain, or more marks stand on one than any script needs.
    """
    one_line = " ".join(unicodedata.normalize("NFC", caption).split())
    flags = [place for flag in _TAGGED_FLAG.finditer(one_line) for place in range(*flag.span())]
    cleaned = "".join(
        c for place, c in enumerate(one_line) if place in flags or _is_said(c)
    ).strip()
    if unseen.is_blank(cleaned):
        return ""
    if len(cleaned) > CAPTION_LENGTH:
        raise _caption_refused(
            "caption_too_long",
            f"Keep it to {CAPTION_LENGTH} characters; this has {len(cleaned)}.",
        )
    if unseen.stacks_higher_than(cleaned, _MOST_MARKS):
        raise _caption_refused("caption_stacked", "Use fewer accents on one letter.")
    return cleaned


def _is_said(c: str) -> bool:
    if unseen.is_unseen(c):
        return c in _JOINERS
    return unicodedata.category(c)[0] != "C"


def _caption_refused(code: str, sentence: str) -> Invalid:
    return Invalid(code, sentence, fields={"caption": [sentence]})


def check_background(background: str) -> str:
    """The background, if it is one of ours. Raises Invalid."""
    if background not in BACKGROUNDS:
        sentence = f"Choose one of {', '.join(BACKGROUNDS)}."
        raise Invalid("background_unknown", sentence, fields={"background": [sentence]})
    return background


def check_audience(audience: str) -> str:
    """The audience, if it is one of ours. Raises Invalid."""
    if audience not in AUDIENCES:
        sentence = f"Choose one of {', '.join(AUDIENCES)}."
        raise Invalid("audience_unknown", sentence, fields={"audience": [sentence]})
    return audience


def check_adult(is_adult: bool | None) -> None:
    """Only grown-ups show themselves to everyone. Raises Invalid where the age is not known."""
    if is_adult is None:
        sentence = "Tell us your date of birth first; public looks are for adults."
        raise Invalid("birth_date_needed", sentence, fields={"birth_on": [sentence]})
    if not is_adult:
        raise Forbidden("adults_only", "Public looks and the league are for adults.")


def pieces_refused(code: str, sentence: str) -> Invalid:
    """A refusal of what somebody wants to do with the pieces."""
    return Invalid(code, sentence, fields={"pieces": [sentence]})
