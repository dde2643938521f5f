"""What a room's screen says of goods, as the plain values for which its parts are cast."""

from functools import lru_cache
from typing import Any, NamedTuple

from babel.dates import format_date

from retail.catalogue.queries import PressFeature, StyleView, VariantView
from retail.journeys.floor.show_room import RoomPage
from web.pages.drawing import garment

MOST_PICKS, MOST_COLOURS, MOST_SEEN = 6, 4, 3
_GREY = "#808080"
Values = tuple[Any, ...]


class ShownGoods(NamedTuple):
    """Arguments of the macros of `fitting_room/goods.html`, in their order; each of one type by its
    place."""

    hero: Values
    picks: tuple[Values, ...]
    sizes: tuple[Values, ...]
    colours: tuple[Values, ...]


def goods_of(page: RoomPage) -> ShownGoods | None:
    """What a page shows of goods, if anything."""
    shown, style = page.shown, page.style
    if shown is None or style is None:
        return None
    picks = page.inside[:MOST_PICKS]
    # A size that is not inside is a choice of the style; one that is, is that very piece.
    is_inside = shown in picks
    return ShownGoods(
        hero=(*_hero(shown, style), page.likers, page.crowd),
        picks=tuple(
            (
                one.id,
                one.style_name,
                one.size,
                garment(one),
                one == shown if is_inside else one.style_id == shown.style_id,
            )
            for one in picks
        ),
        sizes=tuple(
            (
                *(one.variant.id, one.label, one.is_shown, one.is_inside, one.free),
                page.is_own_size(one.variant),
            )
            for one in page.sizes
            if one.label
        ),
        colours=tuple(_colour(one.variant, shown) for one in page.colours[:MOST_COLOURS]),
    )


def _colour(one: VariantView, shown: VariantView) -> Values:
    hue = one.colours.get("a", _GREY)
    return one.id, one.colour_name, hue, one.colour_name == shown.colour_name


def _hero(shown: VariantView, style: StyleView) -> Values:
    press = style.press[0] if style.press else None
    article, told_in = (press.title, _told_in(press)) if press else (None, None)
    worn_by = style.worn_by[:MOST_SEEN]
    return (
        (garment(shown), worn_by, article, told_in),
        (shown.style_name, shown.price_minor, shown.currency, shown.colour_name, shown.size),
        # What was written stands below where somebody who wore it has the tag: one need not be of
        # the other.
        (
            style.story,
            style.designer,
            style.origin,
            *((article, told_in) if worn_by else (None,) * 2),
        ),
    )


@lru_cache(maxsize=1024)
def _told_in(press: PressFeature) -> str:
    """Where and when something was written, in the catalogue's own language."""
    return f"{press.publication}, {format_date(press.on, 'd MMMM y', locale='en_GB')}"
