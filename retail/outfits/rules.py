"""What an outfit may say and to whom it may be shown."""

import unicodedata
from dataclasses import dataclass

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
# Joiners and variation selectors that emoji are made of; everything else invisible goes.
_JOINERS = "\u200d\ufe0f"


@dataclass(frozen=True)
class RankedBy:
    """An outfit as boards know it: where it counts, for whom, and whether it may stand there."""

    brand_id: str
    store_id: str
    member_id: str
    is_public: bool


def clean_caption(caption: str) -> str:
    """The caption on one line, without control or direction-changing characters.

    Raises Invalid where more than `CAPTION_LENGTH` characters remain.
    """
    one_line = " ".join(unicodedata.normalize("NFC", caption).split())
    cleaned = "".join(c for c in one_line if c in _JOINERS or unicodedata.category(c)[0] != "C")
    if len(cleaned) > CAPTION_LENGTH:
        sentence = f"Keep it to {CAPTION_LENGTH} characters; this has {len(cleaned)}."
        raise Invalid("caption_too_long", sentence, fields={"caption": [sentence]})
    return cleaned


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
