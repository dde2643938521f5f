"""What a room's screen says of goods, as the plain values for which its parts are cast."""

from typing import Any, NamedTuple

from retail.catalogue.queries import StyleView, VariantView
from retail.journeys.floor.show_room import RoomPage
from web.pages.drawing import garment

MOST_PICKS, MOST_COLOURS = 6, 4
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
    return ShownGoods(
        hero=(*_hero(shown, style), page.likers, page.crowd),
        picks=tuple(
            (one.id, one.style_name, one.size, garment(one), one.style_id == shown.style_id)
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
    article, publication = (press.title, press.publication) if press else (None, None)
    worn_by = style.worn_by[0] if style.worn_by else ""
    return (
        (garment(shown), worn_by, article, publication),
        (shown.style_name, shown.price_minor, shown.currency, shown.colour_name, shown.size),
        (style.story, style.designer, style.origin, style.worn_by),
    )
