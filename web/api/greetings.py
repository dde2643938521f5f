"""How a member is greeted where they check in, as an API."""

from typing import Any

from flask_smorest import Blueprint

from core import clock
from retail.greetings import queries
from retail.greetings.rules import check_wish
from retail.journeys.members.wish_greeting import wish_greeting
from web.auth import current_member, guarded
from web.limits import LIKES, limited
from web.openapi import schema_of
from web.schemas.greetings import GreetingRead, GreetingWish
from web.write import read, write

greetings = guarded(
    Blueprint("greetings", __name__, description="Being greeted by name in a store"), "member"
)


@greetings.get("/me/greeting")
@read
@greetings.response(200, schema_of(GreetingRead))
def show(session: Any) -> GreetingRead:
    """How the member wishes to be greeted, and until when a store shows them just now."""
    return _mine(session)


@greetings.put("/me/greeting")
@limited(LIKES)
@write
@greetings.arguments(GreetingWish)
@greetings.response(200, schema_of(GreetingRead))
def wish(session: Any, wanted: dict[str, Any]) -> GreetingRead:
    """Be greeted so from the next check-in on: this agrees to the purpose `greeting`."""
    wish_greeting(session, check_wish(**wanted), member=current_member(), now=clock.now())
    return _mine(session)


@greetings.delete("/me/greeting")
@limited(LIKES)
@write
@greetings.response(204)
def end(session: Any) -> None:
    """Be greeted no more, also where a store shows the member just now."""
    wish_greeting(session, None, member=current_member(), now=clock.now())


def _mine(session: Any) -> GreetingRead:
    me, now = current_member(), clock.now()
    wish, is_on = queries.find_wish(session, me.id), queries.may_greet(session, me.id)
    here = queries.find_greeting(session, me.id, now=now) if is_on else None
    until = here.ends_at if here and here.is_shown(now) else None
    return GreetingRead(is_on, wish.form, wish.title, tuple(sorted(wish.shows)), until)
