"""Fitting rooms whose people linked a phone and have friends, or a model that knows what goes."""

from itertools import count

from core import clock
from core.transaction import database
from recommender.bundle import Shelf, fit
from recommender.interactions import Event
from retail.accounts.queries import MemberView
from retail.catalogue.queries import VariantView
from retail.consent.rules import LIKES_ON_SCREEN
from retail.journeys.looks.lay_out import lay_out
from retail.journeys.looks.publish import publish
from retail.opinions import service as opinions
from retail.opinions.pictures import remade
from retail.opinions.rules import Wish
from retail.social import service as social
from retail.training.serving import folder_of
from tests.builders.accounts import give_consent, new_member
from tests.builders.catalogue import new_stock, new_style, new_variant
from tests.builders.floor import epc_of
from tests.builders.friends import befriend
from tests.builders.opinions import a_photo, say
from tests.builders.outfits import bought, new_stylist
from tests.builders.rooms import Room
from tests.builders.tastes import SMALL
from tests.conftest import KEY
from web.auth import settings

_serials = count(100)


def a_new(piece: VariantView) -> str:
    """What the chip says of one that was in no room before."""
    return epc_of(piece, next(_serials))


def linked_with_friends(room: Room, *names: str) -> list[MemberView]:
    """Sarah, whose phone is linked to a room with two colours of a coat in it, and her friends."""
    floor = room.floor
    room.read(*(a_new(one) for one in (floor.trench_10, floor.navy_12)))
    with room.app.app_context(), database().write() as session:
        people = [
            new_member(session, floor.store.brand_id, display_name=name)
            for name in ("Sarah Lewis", *names)
        ]
        befriend(session, people[0], *people[1:])
    room.link(room.phone_of(people[0]))
    return people


def friends_asked(room: Room) -> tuple[str, list[MemberView]]:
    """Three friends are asked which of two colours, and the question's id."""
    sarah, *friends = linked_with_friends(room, "Priya Nair", "Tom Webb", "Uma Silent")
    pieces = room.floor.trench_10.id, room.floor.navy_12.id
    wish = Wish(tuple(one.id for one in friends), "Which?", variant_ids=pieces)
    with room.app.app_context(), database().write() as session:
        asked = opinions.ask(session, wish, member=sarah, now=clock.now(), key=KEY)
    return asked, friends


def friends_answered(room: Room) -> None:
    """Two of three say what they think, one of them in words."""
    asked, (priya, tom, _) = friends_asked(room)
    with room.app.app_context(), database().write() as session:
        say(session, asked, priya, room.floor.trench_10.id, "The <camel> & only.")
        say(session, asked, tom, "none")


def picture_shown(room: Room) -> None:
    """A picture of one's own stands where the coat did."""
    sarah, priya = linked_with_friends(room, "Priya Nair")
    with room.app.app_context(), database().write() as session:
        wish = Wish((priya.id,), picture=remade(a_photo()))
        asked = opinions.ask(session, wish, member=sarah, now=clock.now(), key=KEY)
        told = {"is_shown": True, "member": sarah, "now": clock.now()}
        opinions.show_picture(session, asked, **told)
        say(session, asked, priya, "yes")


def friend_likes_it(room: Room) -> None:
    """A friend who agreed to that likes somebody's look with the coat."""
    _, priya = linked_with_friends(room, "Priya Nair")
    store, now = room.floor.store, clock.now()
    with room.app.app_context(), database().write() as session:
        give_consent(session, priya, LIKES_ON_SCREEN)
        stylist = new_stylist(session, store.brand_id)
        receipt = bought(session, store, stylist, [room.floor.navy_12])
        look = lay_out(session, receipt.id, member=stylist, now=now)
        publish(session, look, member=stylist, audience="everyone", now=now)
        social.like(session, look, member=priya, now=now)


def boots_go_with_it(room: Room) -> list[VariantView]:
    """A model knows that boots go with the coat that is inside, and there are two sizes of them."""
    room.read(a_new(room.floor.trench_10))
    store = room.floor.store
    with room.app.app_context(), database().write() as session:
        boots = new_style(session, brand_id=store.brand_id, name="Pilar <boots>")
        pairs = [
            new_variant(session, brand_id=store.brand_id, style=boots, size=size)
            for size in ("10", "14")
        ]
        for pair in pairs:
            told = {"brand_id": store.brand_id, "store_id": store.id}
            new_stock(session, variant_id=pair.id, **told)
        folder = folder_of(store.brand_id, settings().data_dir)
    now = clock.now().timestamp()
    both = (room.floor.trench_10.style_id, boots.id)
    events = [Event(f"s{n}", style, "purchase", now - 9) for n in range(12) for style in both]
    events += [Event(f"t{n}", f"other-{n % 5}", "purchase", now - 9) for n in range(12)]
    Shelf(folder).publish(fit(events, [both] * 12, settings=SMALL, now=now))
    return pairs
