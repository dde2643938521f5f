"""What a link to a look, or to a poll about two, shows in somebody's chat."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from retail.outfits.queries import OutfitView
from retail.polls.queries import PollView
from web.language import language, say


class Named(Protocol):
    """A piece, by what it is called."""

    @property
    def name(self) -> str: ...


@dataclass(frozen=True)
class Preview:
    """The words, picture and addresses of a preview.

    `url` is what networks pass on, `canonical` the look's or poll's own address.
    """

    title: str
    description: str
    site_name: str
    locale: str
    url: str
    canonical: str
    picture: str
    alt: str


def preview_of(
    outfit: OutfitView,
    brand_name: str,
    address: str,
    *,
    alt: str,
    shared_address: str | None = None,
) -> Preview:
    """The preview of a look at its address, or at that of a share; `alt` is the look in words."""
    words = say("A look by %(name)s at %(brand)s", name=outfit.stylist_name, brand=brand_name)
    return Preview(
        title=title_of(outfit),
        description=say("Ad") + " · " + words if outfit.has_points_ad else words,
        site_name=brand_name,
        locale=language().replace("-", "_"),
        url=shared_address or address,
        canonical=address,
        picture=f"{address}/preview-{outfit.version}.png",
        alt=alt,
    )


def poll_preview_of(
    poll: PollView,
    brand_name: str,
    address: str,
    *,
    alt: str,
    shared_address: str | None = None,
) -> Preview:
    """The preview of a poll at its address, or at that of a share; `alt` is both looks in words."""
    name = poll.first.stylist_name
    words = say("%(name)s asks which of two looks, at %(brand)s", name=name, brand=brand_name)
    has_ad = poll.first.has_points_ad or poll.second.has_points_ad
    versions = f"{poll.first.version}-{poll.second.version}"
    return Preview(
        title=poll.question or say("Which of these two?"),
        description=say("Ad") + " · " + words if has_ad else words,
        site_name=brand_name,
        locale=language().replace("-", "_"),
        url=shared_address or address,
        canonical=address,
        picture=f"{address}/preview-{versions}.png",
        alt=alt,
    )


def title_of(outfit: OutfitView) -> str:
    """What its stylist says, or whose look it is."""
    return outfit.caption or say("%(name)s’s look", name=_first_name(outfit))


def in_words(outfit: OutfitView, pieces: Sequence[Named]) -> str:
    """What lies on the board, for those who cannot see it."""
    names = "; ".join([piece.name for piece in pieces])
    return say("%(name)s’s look laid flat:", name=_first_name(outfit)) + " " + names


def _first_name(outfit: OutfitView) -> str:
    return outfit.stylist_name.split(" ")[0]
