"""The states that a fitting room's screen can be in, each brought about by its people."""

from collections.abc import Callable

from core.transaction import database
from retail.catalogue.models import Stock, Style
from retail.crowds.models import StyleCrowd
from retail.product_likes.models import ProductLikeCount
from tests.builders.accounts import new_member
from tests.builders.room_friends import (
    a_new,
    boots_go_with_it,
    friend_likes_it,
    friends_answered,
    friends_asked,
    picture_shown,
)
from tests.builders.rooms import Room
from tests.conftest import NOON

Act = Callable[[Room], object]


def one_piece(room: Room) -> None:
    room.read(a_new(room.floor.trench_10))


def several(room: Room) -> None:
    one_piece(room)
    room.read(a_new(room.floor.navy_12))
    room.read(a_new(room.floor.trench_12))


def something_strange(room: Room) -> None:
    one_piece(room)
    room.read("urn:epc:id:sgtin:9999999.999999.1")


def another_size(room: Room) -> None:
    one_piece(room)
    room.touch("show", variant_id=room.floor.trench_12.id)


def asked_for(room: Room) -> None:
    another_size(room)
    room.touch("ask", variant_id=room.floor.trench_12.id)


def none_here(room: Room) -> None:
    with room.app.app_context(), database().write() as session:
        session.query(Stock).update({"on_hand": 0})
    another_size(room)


def to_order(room: Room) -> None:
    none_here(room)
    room.touch("order", variant_id=room.floor.trench_12.id)


def called(room: Room) -> None:
    one_piece(room)
    room.touch("call")


# How a request stands after staff, or its time, did something to it.
STANDS: dict[str, dict[str, object]] = {
    "asked for and late": {"late_at": NOON},
    "accepted": {"state": "accepted", "staff_name": "Mia & Co"},
    "on the way": {"state": "on_way", "staff_name": "Mia"},
    "at the door": {"state": "at_door", "staff_name": "Mia"},
    "lapsed": {"state": "cancelled", "ended_at": NOON, "ended_how": "lapsed"},
    "called off": {"state": "cancelled", "ended_at": NOON, "ended_how": "staff"},
    "brought": {"state": "done", "ended_at": NOON, "staff_name": "Mia"},
}


def german(room: Room) -> None:
    several(room)
    room.touch("language", language="de")


def german_and_empty(room: Room) -> None:
    room.touch("language", language="de")


def linking(room: Room) -> None:
    one_piece(room)
    room.touch("link")


def linked(room: Room) -> None:
    several(room)
    with room.app.app_context(), database().write() as session:
        sarah = new_member(session, room.floor.store.brand_id, display_name="Sarah Lewis")
    room.link(room.phone_of(sarah))


def tip_asked_for(room: Room) -> None:
    pairs = boots_go_with_it(room)
    room.touch("ask", variant_id=pairs[0].id)


def counted(room: Room) -> None:
    one_piece(room)
    told = {"style_id": room.floor.trench_10.style_id, "brand_id": room.floor.store.brand_id}
    with room.app.app_context(), database().write() as session:
        session.add(StyleCrowd(people=40, counted_at=NOON, **told))
        session.add(ProductLikeCount(likes=30, counted_at=NOON, **told))


def told_of(room: Room) -> None:
    one_piece(room)
    with room.app.app_context(), database().write() as session:
        for style in session.query(Style):
            style.story, style.designer = "Cut by <Ida> & Ola", 'Ida "O\'" Olsen'
            style.origin, style.worn_by = "Leeds", ["Ann", "Bo & Co", "<i>Cy</i>"]
            style.press = [{"on": "2026-01-02", "publication": "A & B", "title": "<New>"}]


STATES: dict[str, Act] = {
    "nobody": lambda room: None,
    "one piece": one_piece,
    "several": several,
    "something strange": something_strange,
    "another size": another_size,
    "asked for": asked_for,
    **dict.fromkeys(STANDS, asked_for),
    "none here": none_here,
    "to order in": to_order,
    "called": called,
    "German": german,
    "German and empty": german_and_empty,
    "a code": linking,
    "a phone": linked,
    "a story": told_of,
    "many": counted,
    "something goes with it": boots_go_with_it,
    "what goes with it was asked for": tip_asked_for,
    "friends are asked": friends_asked,
    "friends answered": friends_answered,
    "a picture of one's own": picture_shown,
    "a friend likes it": friend_likes_it,
}
