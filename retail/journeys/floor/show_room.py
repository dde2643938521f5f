"""Show a fitting room: what is in it, sizes and colours here, what goes with it, what is coming."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy.orm import Session

from core.glance import Ask
from retail.accounts import queries as accounts
from retail.catalogue import queries as catalogue
from retail.catalogue.known import free_here, known_styles
from retail.catalogue.queries import StyleView, VariantView
from retail.fitting_rooms.queries import RequestView
from retail.fitting_rooms.rules import RoomState, Spot
from retail.journeys.offers.rank_goods import GoesWith
from retail.offers.rules import pick_variant
from retail.opinions import queries as opinions
from retail.opinions.views import ScreenOpinion
from retail.product_likes import among_friends
from retail.product_likes.among_friends import FriendsHere
from retail.room_page.queries import RoomHere, StyleHere, find_room_here

MOST_TIPS, LOOKED_AT_FIRST, LOOKED_AT = 3, 8, 60
# Opens the session when it is wanted, and gives the same one again.
Late = Callable[[], Session]


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
    """A request with its piece; without one it is a call for somebody to come."""

    request: RequestView
    variant: VariantView | None


@dataclass(frozen=True)
class Shopper:
    """Whose phone is linked, as far as a room's screen shows anything for them."""

    sizes: Mapping[str, str]
    friends: FriendsHere
    opinion: ScreenOpinion | None = None


@dataclass(frozen=True)
class RoomPage:
    """What a room's screens show. `strange` counts tags that we don't know.

    `likers` are the people who like what is shown or a look with it, rounded down; what is said
    of stock is so until `fresh_until`; `shopper` is who linked their phone, if somebody did.
    """

    room: RoomState | None
    inside: tuple[VariantView, ...] = ()
    strange: int = 0
    shown: VariantView | None = None
    style: StyleView | None = None
    sizes: tuple[Choice, ...] = ()
    colours: tuple[Choice, ...] = ()
    crowd: int = 0
    likers: int = 0
    fresh_until: datetime | None = None
    shopper: Shopper | None = None
    asked: tuple[Asked, ...] = ()
    tips: tuple[VariantView, ...] = ()

    @property
    def tells_of_somebody(self) -> bool:
        """Whether it has anything of whoever linked their phone, or a name of staff."""
        return self.shopper is not None or any(one.request.staff_name for one in self.asked)

    @property
    def choice(self) -> Choice | None:
        """What is shown, with what is free of it."""
        return next((one for one in self.sizes if one.is_shown), None)

    def asked_for(self, variant_id: str) -> Asked | None:
        """The last request for a piece, however it stands."""
        return self._last(lambda one: one.variant is not None and one.variant.id == variant_id)

    @property
    def call(self) -> Asked | None:
        """The last call for somebody to come, however it stands."""
        return self._last(lambda one: one.variant is None)

    def is_own_size(self, variant: VariantView) -> bool:
        """Whether a variant is in the size that whoever linked their phone keeps with us."""
        return self.shopper is not None and variant.size == self.shopper.sizes.get(
            variant.category_code
        )

    def _last(self, which: Callable[[Asked], bool]) -> Asked | None:
        return next((one for one in self.asked[::-1] if which(one)), None)


def show_room(
    ask: Ask, session: Late, spot: Spot, *, goes_with: GoesWith | None, now: datetime
) -> RoomPage:
    """A room as of now: about goods alone, and for a linked phone what its friends agreed to.

    The session is opened only where a phone is linked.
    """
    room = find_room_here(ask, spot, now=now)
    return show_what_is_here(room, ask, session, goes_with=goes_with, now=now)


def show_what_is_here(
    room: RoomHere | None, ask: Ask, session: Late, *, goes_with: GoesWith | None, now: datetime
) -> RoomPage:
    """As `show_room`, of a room that was read just now."""
    if room is None:
        return RoomPage(None)
    known, here = room.goods, room.shown
    inside = tuple(known[one] for one in dict.fromkeys(room.inside) if one and one in known)
    asked = tuple(Asked(one, known.get(one.variant_id or "")) for one in room.requests)
    shown = _shown(known.get(room.state.shown_variant_id or ""), inside, here)
    strange = sum(one not in known for one in room.inside)
    shopper = _shopper(session, room, shown, now)
    if shown is None or here is None:
        return RoomPage(room.state, strange=strange, asked=asked, shopper=shopper)
    sizes, colours = _choices(here.goods, shown, {one.id for one in inside})
    return RoomPage(
        room.state,
        inside=inside,
        strange=strange,
        shown=shown,
        style=here.style,
        sizes=sizes,
        colours=colours,
        crowd=here.crowd,
        likers=here.likers,
        fresh_until=here.fresh_until,
        shopper=shopper,
        asked=asked,
        tips=_tips(ask, room, _sizes(inside, shopper), inside, goes_with, now),
    )


def is_to_choose(session: Session, spot: Spot, variant_id: str, page: RoomPage) -> bool:
    """Whether a room may show or ask for a variant: of a style in it, or of what goes with that."""
    found = catalogue.get_variants(session, spot.brand_id, [variant_id]).get(variant_id)
    styles = {one.style_id for one in (*page.inside, *page.tips)}
    return found is not None and found.style_id in styles


def _shown(
    chosen: VariantView | None, inside: Sequence[VariantView], here: StyleHere | None
) -> VariantView | None:
    """Of the style that is shown, what somebody chose; else what came first."""
    if here is None:
        return None
    if chosen is not None and chosen.style_id == here.style.id:
        return chosen
    return next((one for one in inside if one.style_id == here.style.id), None)


def _choices(
    goods: Sequence[tuple[VariantView, int | None]], shown: VariantView, inside: Collection[str]
) -> tuple[tuple[Choice, ...], tuple[Choice, ...]]:
    every = [Choice(one, one.id == shown.id, one.id in inside, free) for one, free in goods]
    sizes = tuple(one for one in every if one.variant.colour_name == shown.colour_name)
    first: dict[str, Choice] = {}
    for one in every:
        colour = one.variant.colour_name
        if colour not in first or one.variant.size == shown.size:
            first[colour] = one
    first |= {one.variant.colour_name: one for one in sizes if one.is_shown}
    return sizes, tuple(first[colour] for colour in sorted(first))


def _shopper(
    late: Late, room: RoomHere, shown: VariantView | None, now: datetime
) -> Shopper | None:
    """Whoever linked their phone to the room, with friends who like what is shown, and those they
    asked."""
    if room.link_id is None or room.member_id is None:
        return None
    session = late()
    sizes = accounts.get_member(session, room.member_id).sizes
    friends = FriendsHere()
    if shown is not None:
        viewer = room.member_id
        friends = among_friends.on_screen(session, shown.style_id, viewer_id=viewer)
    return Shopper(sizes, friends, opinions.on_screen(session, room.link_id, now=now))


def _sizes(inside: Sequence[VariantView], shopper: Shopper | None) -> dict[str, set[str]]:
    """By category the sizes to look for: the shopper's own, else those that came in."""
    found: dict[str, set[str]] = {}
    for one in inside:
        found.setdefault(one.category_code, set()).add(one.size)
    own = shopper.sizes if shopper else {}
    return found | {category: {size} for category, size in own.items()}


def _tips(
    ask: Ask,
    room: RoomHere,
    sizes: Mapping[str, set[str]],
    inside: Sequence[VariantView],
    goes_with: GoesWith | None,
    now: datetime,
) -> tuple[VariantView, ...]:
    """What goes with what is inside: free here, in one of these sizes or in the only one."""
    if goes_with is None or not inside:
        return ()
    styles = goes_with(tuple(dict.fromkeys(one.style_id for one in inside)))[:LOOKED_AT]
    found: list[VariantView] = []
    # Mostly the best are here; of the others nothing is read then.
    for some in (styles[:LOOKED_AT_FIRST], styles[LOOKED_AT_FIRST:]):
        free = _free_of(ask, room, some, sizes, inside[0].colours, now)
        found += islice(free, MOST_TIPS - len(found))
        if len(found) == MOST_TIPS:
            break
    return tuple(found)


def _free_of(
    ask: Ask,
    room: RoomHere,
    style_ids: Sequence[str],
    sizes: Mapping[str, set[str]],
    colours: Mapping[str, str],
    now: datetime,
) -> Iterator[VariantView]:
    """Of each of some styles, in their order, what is free here and goes with some colours."""
    spot = room.state.spot
    known = known_styles(ask, spot.brand_id, room.edition, style_ids)
    here = free_here(ask, known.values(), spot.store_id, sizes, now=now)
    picked = (
        pick_variant(here[one], sizes.get(known[one].style.category_code), colours)
        for one in style_ids
        if one in here
    )
    return (one for one in picked if one is not None)
