"""What is offered, how often, and in which words it may be put. Pure."""

import colorsys
import textwrap
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any, Literal

from core.errors import NotFound
from retail.catalogue.queries import VariantView
from retail.crowds.rules import LEAST_CROWD

Kind = Literal["friend", "a_friend", "crowd"]
Channel = Literal["web", "print"]
CHANNELS: tuple[Channel, ...] = ("web", "print")

# Among fewer friends than these "a friend" is somebody.
LEAST_FRIENDS = 3
# A count of more pieces than these says nothing of haste.
FEW_LEFT = 3
# What a line of a printer for paper of 58 mm holds.
PAPER_COLUMNS = 32
TREATMENT = "offers"


@dataclass(frozen=True)
class Had:
    """A style that somebody bought and kept, or that is on a look they like, since an instant."""

    member_id: str
    style_id: str
    at: datetime
    kind: Literal["purchase", "like"] = "purchase"


@dataclass(frozen=True)
class Question:
    """What goes with `anchors`, styles just bought, for somebody with a history and friends.

    `history` is their own; `friends` holds what each friend who agreed has, or likes. `owned` is
    left out, and so is what the `sieve` does not let through, where there is one: it is asked about
    some styles at a time, the best first.
    """

    anchors: tuple[str, ...]
    history: tuple[Had, ...]
    friends: Mapping[str, tuple[Had, ...]]
    owned: frozenset[str]
    now: datetime
    sieve: Callable[[Sequence[str]], Collection[str]] | None = None


@dataclass(frozen=True)
class Why:
    """What a tip follows from. `friend_id` has the largest share in that, if any.

    `crowd` counts the distinct shoppers of the brand who have it together with `anchor`. `parts`
    are what each term added to the score, `friend_part` what of the votes is the friend's, and
    `model` is what ranked.
    """

    anchor: str | None
    friend_id: str | None = None
    crowd: int = 0
    terms: Mapping[str, float] = field(default_factory=dict)
    parts: Mapping[str, float] = field(default_factory=dict)
    friend_part: float = 0.0
    model: str = ""


@dataclass(frozen=True)
class Tip:
    """A style that fits, the best first; `tell` works out why, once it is asked for."""

    style_id: str
    score: float
    tell: Callable[[], Why] = field(repr=False)

    @cached_property
    def why(self) -> Why:
        """What it follows from. Of most that fits nobody asks, because it is not here."""
        return self.tell()


Ranker = Callable[[Question], Sequence[Tip]]


@dataclass(frozen=True)
class Choice:
    """What to offer, what that follows from, and how many others each rule left out."""

    tip: Tip
    anchor: VariantView
    variant: VariantView
    kind: Kind
    left_out: Mapping[str, int] = field(default_factory=dict)

    @property
    def reason(self) -> dict[str, Any]:
        """What the choice was made of, as it is kept with the offer: numbers, and no name."""
        why = self.tip.why
        return {
            "score": self.tip.score,
            "terms": dict(why.terms),
            "parts": dict(why.parts),
            "friend_part": why.friend_part,
            "crowd": why.crowd,
            "model": why.model,
            "left_out": dict(self.left_out),
        }


def offer_not_found() -> NotFound:
    """The one answer for every offer that somebody may not see."""
    return NotFound("offer_not_found", "This offer isn’t here.")


# The rules that leave something out, in the order in which they are asked.
OWNED, REFUSED, WAITING, NOT_HERE = "owned", "refused", "waiting", "not_here"
BARRED, UNSAID, LESSER = "barred", "unsaid", "lesser"
LEAVING_OUT = (OWNED, REFUSED, WAITING, NOT_HERE, BARRED, UNSAID, LESSER)


def wanted(
    tips: Sequence[Tip],
    owned: Collection[str],
    refused: Collection[str],
    waiting: Collection[str],
) -> tuple[list[Tip], dict[str, int]]:
    """What fits and somebody neither has, nor said no to, nor was offered already, and how much
    was left out for each.
    """
    left, left_out = list(tips), {}
    for rule, styles in ((OWNED, owned), (REFUSED, refused), (WAITING, waiting)):
        kept = [tip for tip in left if tip.style_id not in styles]
        left_out[rule] = len(left) - len(kept)
        left = kept
    return left, left_out


def choose(
    tips: Sequence[Tip],
    here: Mapping[str, tuple[VariantView, VariantView]],
    *,
    barred: Collection[str] = (),
    named: Collection[str],
    friends: int,
) -> Choice | None:
    """Of what fits and is here: what a friend has, else what many have; else nothing.

    `here` is what was bought and the variant to offer with it, by the style of the latter; what is
    `barred` is here too, and the brand’s terms keep it from being offered; `named`
    are the friends who may be named to somebody with so many friends. Of two offers of a kind the
    better tip comes first.
    """
    found = [
        Choice(tip, *here[tip.style_id], kind)
        for tip in tips
        if tip.style_id in here and (kind := kind_of(tip, named, friends)) is not None
    ]
    order: Sequence[Kind] = ("friend", "a_friend", "crowd")
    best = min(found, key=lambda one: order.index(one.kind), default=None)
    if best is None:
        return None
    away = sum(tip.style_id not in here for tip in tips)
    counts = {
        NOT_HERE: away - len(barred),
        BARRED: len(barred),
        UNSAID: len(tips) - away - len(found),
        LESSER: len(found) - 1,
    }
    return replace(best, left_out=counts)


def kind_of(tip: Tip, named: Collection[str], friends: int) -> Kind | None:
    """In which way a tip may be offered, if at all."""
    why = tip.why
    if why.friend_id in named:
        return "friend"
    if why.friend_id is not None and friends >= LEAST_FRIENDS:
        return "a_friend"
    return "crowd" if why.crowd >= LEAST_CROWD else None


def pick_variant(
    variants: Sequence[VariantView], sizes: Collection[str] | None, anchor: Mapping[str, str]
) -> VariantView | None:
    """The variant in somebody's size and a colour that goes with the anchor's, if there is one.

    Sizes are None where a style has but one: a bottle of 50 ml fits everybody.
    """
    fitting = [
        one
        for one in variants
        if (sizes is None or not one.size or one.size in sizes) and goes(anchor, one.colours)
    ]
    return min(fitting, key=lambda one: one.sku, default=None)


def goes(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two colours go together: a neutral with all, others with their kin and opposite."""
    hues = [_hue(colours.get("a", "")) for colours in (one, other)]
    if hues[0] is None or hues[1] is None:
        return True
    apart = abs(hues[0] - hues[1])
    apart = min(apart, 360 - apart)
    return apart <= 45 or apart >= 150


@lru_cache(maxsize=1024)
def _hue(colour: str) -> float | None:
    """The hue in degrees of a colour such as #CBA36A; None for a neutral or unknown one."""
    if len(colour) != 7:
        return None
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    return hue * 360 if saturation > 0.25 and 0.15 < lightness < 0.9 else None


@dataclass(frozen=True)
class OfferFacts:
    """All that may be said of an offer just now; what may not, is empty or nought.

    `friend` is a name, `a_friend` says that there is one; they have the piece, or else like a look
    with it. `has_anchor` says that they bought what was bought, `goes_with` that a look of theirs
    shows both. `left` is a fresh count of few pieces.
    """

    buyer: str
    anchor: str
    piece: str
    colour: str
    size: str
    percent: int
    sku: str = ""
    friend: str = field(default="", repr=False)
    a_friend: bool = False
    likes: bool = False
    has_anchor: bool = False
    goes_with: bool = False
    crowd: int = 0
    left: int = 0


def printed(text: str, most: int, columns: int = PAPER_COLUMNS) -> tuple[str, ...]:
    """A text on lines of paper; nothing where it takes more lines than these."""
    lines = textwrap.wrap(text, columns)
    return tuple(lines) if len(lines) <= most else ()
