"""Members who wish to be greeted."""

from sqlalchemy.orm import Session

from core import clock
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.greetings.rules import FIRST, Wish
from retail.journeys.floor.greet import come_in
from retail.journeys.floor.show_greetings import GreetingCard, card_of, greeted_in
from retail.journeys.members.wish_greeting import wish_greeting
from retail.staff.queries import StaffView
from retail.visits.rules import VisitView
from tests.conftest import KEY


def wishes(
    session: Session, member: MemberView, *shows: str, form: str = FIRST, title: str = ""
) -> None:
    """The member agrees to be greeted so, and shows these."""
    wish = Wish(form, title, frozenset(shows))
    wish_greeting(session, wish, member=member, now=clock.now())


def comes_in(session: Session, store: StoreView, member: MemberView) -> VisitView:
    """The member checks in at a store's door."""
    return come_in(session, store, member=member, way="door", now=clock.now())


def names_in(session: Session, store: StoreView, viewer: StaffView) -> list[str]:
    """What a colleague reads on a tablet of the store."""
    return [one.called for one in greeted_in(session, store, viewer=viewer, now=clock.now())]


def card_in(session: Session, store: StoreView, viewer: StaffView) -> GreetingCard:
    """The card that a colleague sees of the newest."""
    newest = greeted_in(session, store, viewer=viewer, now=clock.now())[0]
    return card_of(session, store, newest, viewer=viewer, now=clock.now(), key=KEY)
