"""Questions to friends, asked in one call."""

from io import BytesIO

from PIL import Image
from sqlalchemy.orm import Session

from core import clock
from core.errors import NotFound
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.opinions import queries, service
from retail.opinions.pictures import remade
from retail.opinions.rules import Wish
from tests.builders.accounts import new_member
from tests.builders.friends import befriend
from tests.conftest import KEY


def a_photo(kind: str = "JPEG", *, width: int = 40, height: int = 30, **more: object) -> bytes:
    """A picture as a phone might send it."""
    buffer = BytesIO()
    Image.new("RGB", (width, height), "#AA3355").save(buffer, kind, **more)
    return buffer.getvalue()


def new_opinion(
    session: Session, asker: MemberView, *friends: MemberView, words: str = "", key: bytes = KEY
) -> str:
    """The id of a question about a picture, put to these friends."""
    wish = Wish(tuple(one.id for one in friends), words, picture=remade(a_photo()))
    return service.ask(session, wish, member=asker, now=clock.now(), key=key)


def say(
    session: Session, opinion_id: str, friend: MemberView, choice: str, reply: str = ""
) -> None:
    """Have a friend answer, for the screen of a room as well."""
    said = {"choice": choice, "reply": reply, "on_screen": True, "now": clock.now()}
    service.answer(session, opinion_id, member=friend, **said)


def answers_to(session: Session, opinion_id: str, asker: MemberView) -> list[tuple[str, str]]:
    """What friends said: first names and choices."""
    seen = queries.get_own(session, opinion_id, member_id=asker.id, now=clock.now())
    return [(one.first_name, one.choice) for one in seen.answers]


def sent_picture(session: Session, store: StoreView, key: bytes) -> tuple[str, str]:
    """A question about a picture, and the id of the friend who is asked."""
    asker, friend = (new_member(session, store.brand_id) for _ in range(2))
    befriend(session, asker, friend)
    return new_opinion(session, asker, friend, key=key), friend.id


def sees_picture(session: Session, _: StoreView, key: bytes, made: tuple[str, str]) -> bool:
    """Whether the friend gets to see it."""
    opinion_id, friend_id = made
    try:
        queries.picture_for(session, opinion_id, viewer_id=friend_id, now=clock.now(), key=key)
    except NotFound:
        return False
    return True
