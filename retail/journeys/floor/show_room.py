"""Show a fitting room: what is in it, sizes and colours here, what goes with it, what is coming."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from retail.catalogue import queries as catalogue
from retail.catalogue.queries import StockView, StyleView, VariantView
from retail.catalogue.shelf import on_shelf
from retail.catalogue.sizes import size_order
from retail.crowds.queries import crowds
from retail.fitting_rooms import queries
from retail.fitting_rooms.queries import RequestView
from retail.fitting_rooms.rules import RoomState, Spot
from retail.offers.rules import Question, Ranker, pick_variant

MOST_TIPS, LOOKED_AT = 3, 60


@dataclass(frozen=True)
class Choice:
    """A size or colour: the variant that it leads to, and what is free of it here.

    `free` is None where nothing can be said, because it was not counted within five minutes.
    """

    variant: VariantView
    is_shown: bool
    is_inside: bool
    free: int | None

    @property
    def label(self) -> str:
        """Its size, as one reads it out."""
        return self.variant.size


@dataclass(frozen=True)
class Asked:
    """A request with its piece."""

    request: RequestView
    variant: VariantView


@dataclass(frozen=True)
class RoomPage:
    """What a room's screens show. `strange` counts tags that we don't know."""

    room: RoomState | None
    inside: tuple[VariantView, ...] = ()
    strange: int = 0
    shown: VariantView | None = None
    style: StyleView | None = None
    sizes: tuple[Choice, ...] = ()
    colours: tuple[Choice, ...] = ()
    crowd: int = 0
    asked: tuple[Asked, ...] = ()
    tips: tuple[VariantView, ...] = ()

    @property
    def choice(self) -> Choice | None:
        """What is shown, with what is free of it."""
        return next((one for one in self.sizes if one.is_shown), None)

    def asked_for(self, variant_id: str) -> Asked | None:
        """The request for a piece that is not over, or was brought."""
        return next((one for one in self.asked[::-1] if one.variant.id == variant_id), None)


def show_room(session: Session, spot: Spot, *, ranker: Ranker | None, now: datetime) -> RoomPage:
    """A room as of now; about goods alone, as nobody here is known."""
    room = queries.find_room(session, spot.zone_id)
    if room is None:
        return RoomPage(None)
    ids = queries.variants_in(session, room.id)
    requests = queries.requests_of(session, room.id)
    wanted = {one for one in (*ids, room.shown_variant_id) if one}
    known = catalogue.get_variants(
        session, spot.brand_id, wanted | {one.variant_id for one in requests}
    )
    inside = tuple(known[one] for one in dict.fromkeys(ids) if one in known)
    strange = sum(one not in known for one in ids)
    asked = tuple(Asked(one, known[one.variant_id]) for one in requests)
    shown = _shown(known.get(room.shown_variant_id or ""), inside)
    if shown is None:
        return RoomPage(room, strange=strange, asked=asked)
    sizes, colours = _choices(session, spot, shown, {one.id for one in inside}, now)
    return RoomPage(
        room,
        inside,
        strange,
        shown,
        catalogue.get_style(session, spot.brand_id, shown.style_id),
        sizes,
        colours,
        crowds(session, [shown.style_id], now=now)[shown.style_id],
        asked,
        _tips(session, spot, inside, ranker, now),
    )


def is_to_choose(session: Session, spot: Spot, variant_id: str, page: RoomPage) -> bool:
    """Whether a room may show or ask for a variant: of a style in it, or of what goes with that."""
    found = catalogue.get_variants(session, spot.brand_id, [variant_id]).get(variant_id)
    styles = {one.style_id for one in (*page.inside, *page.tips)}
    return found is not None and found.style_id in styles


def _shown(chosen: VariantView | None, inside: Sequence[VariantView]) -> VariantView | None:
    """What somebody chose, as long as its style is inside; else what came first."""
    if chosen is not None and any(one.style_id == chosen.style_id for one in inside):
        return chosen
    return inside[0] if inside else None


def _choices(
    session: Session, spot: Spot, shown: VariantView, inside: Collection[str], now: datetime
) -> tuple[tuple[Choice, ...], tuple[Choice, ...]]:
    every = sorted(
        catalogue.variants_of(session, spot.brand_id, shown.style_id),
        key=lambda one: (size_order(one.size), one.sku),
    )
    stock = catalogue.stock_for(session, spot.store_id, [one.id for one in every], now=now)

    def choice(one: VariantView) -> Choice:
        return Choice(one, one.id == shown.id, one.id in inside, _free(stock.get(one.id)))

    sizes = tuple(choice(one) for one in every if one.colour_name == shown.colour_name)
    first: dict[str, VariantView] = {}
    for one in every:
        if one.colour_name not in first or one.size == shown.size:
            first[one.colour_name] = one
    first[shown.colour_name] = shown
    return sizes, tuple(choice(first[colour]) for colour in sorted(first))


def _free(stock: StockView | None) -> int | None:
    """What is free, where that was counted just now."""
    return stock.on_hand if stock is not None and stock.is_fresh else None


def _tips(
    session: Session,
    spot: Spot,
    inside: Sequence[VariantView],
    ranker: Ranker | None,
    now: datetime,
) -> tuple[VariantView, ...]:
    """What goes with what is inside: free here, in the sizes that are inside or in one size."""
    if ranker is None or not inside:
        return ()
    anchors = tuple(dict.fromkeys(one.style_id for one in inside))
    tips = ranker(Question(anchors, (), {}, frozenset(anchors), now))[:LOOKED_AT]
    sizes: dict[str, set[str]] = {}
    for one in inside:
        sizes.setdefault(one.category_code, set()).add(one.size)
    styles = [tip.style_id for tip in tips]
    here = on_shelf(session, spot.store_id, spot.brand_id, styles, sizes, now=now)
    found = []
    for style in styles:
        anchor = inside[0].colours
        shelf = here.get(style, [])
        mine = sizes.get(shelf[0].category_code) if shelf else None
        variant = pick_variant(shelf, mine, anchor)
        found += [variant] if variant is not None else []
    return tuple(found[:MOST_TIPS])
