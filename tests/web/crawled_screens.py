"""Shared screens that a shopper's phone is linked to, whose friends agreed to different things.

One friend agreed to be named on them, one took that back, and one agreed to nothing: all three
like the same, and answered what the shopper asked from the room.
"""

from sqlalchemy.orm import Session

from core import clock
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.catalogue import queries as catalogue
from retail.consent.at_kiosks import KIOSK_LIKES
from retail.consent.rules import (
    LIKES_ON_SCREEN,
    LIKES_TO_FRIENDS,
    PRODUCT_LIKES_TO_FRIENDS,
)
from retail.devices import queries as devices
from retail.fitting_rooms import queries as rooms
from retail.journeys.members.agree import stop_all
from retail.opinions import service as opinions
from retail.product_likes import service as product_likes
from retail.social import service as social
from tests.builders.accounts import give_consent, new_member
from tests.builders.floor import linked, new_device
from tests.builders.friends import befriend
from tests.builders.kiosks import at_a_kiosk
from tests.builders.opinions import new_opinion, say
from tests.builders.outfits import lay_out_and_show
from tests.web.crawl import Role

# She stands on shared screens and nowhere else: where she is read, they were filled.
NAMED, SAID = "Phoebe", "Nightingale"
AGREED = (KIOSK_LIKES, LIKES_ON_SCREEN, LIKES_TO_FRIENDS, PRODUCT_LIKES_TO_FRIENDS)


def shared_screens(
    session: Session,
    store: StoreView,
    never: tuple[MemberView, str],
    withdrew: tuple[MemberView, str],
) -> list[Role]:
    """A room's screen and a kiosk of one whose friends these are, each with words of their own."""
    shopper = new_member(session, store.brand_id, display_name="Gus Host")
    named = new_member(session, store.brand_id, display_name=f"{NAMED} Open")
    befriend(session, shopper, named, never[0], withdrew[0])
    for one in (named, withdrew[0]):
        give_consent(session, one, *AGREED)
    room = linked(session, store, shopper)
    _like_what_is_in(session, store, room.id, (named, never[0], withdrew[0]))
    question = new_opinion(session, shopper, named, never[0], withdrew[0])
    say(session, question, named, "yes", SAID)
    say(session, question, withdrew[0], "no", withdrew[1])
    told = {"choice": "no", "reply": never[1], "on_screen": False, "now": clock.now()}
    opinions.answer(session, question, member=never[0], **told)
    stop_all(session, member=withdrew[0], now=clock.now())
    zone = devices.zones_in(session, [store.id])[room.spot.zone_id].name
    screen = new_device(session, store, "screen", zone=zone)
    kiosk = at_a_kiosk(session, store, shopper)
    return [
        Role("screen of a room whose shopper has such friends", {"device": screen}),
        Role("kiosk of one who has such friends", {"device": kiosk}),
    ]


def _like_what_is_in(
    session: Session, store: StoreView, room_id: str, friends: tuple[MemberView, ...]
) -> None:
    """Have all of them like the piece in a room, and a look with it that everyone sees."""
    ids = [one for one in rooms.variants_in(session, room_id) if one]
    (piece,) = catalogue.get_variants(session, store.brand_id, ids).values()
    look = lay_out_and_show(session, store, piece)
    for one in friends:
        social.like(session, look, member=one, now=clock.now())
        product_likes.like(session, piece.gtin or "", member=one, now=clock.now())
