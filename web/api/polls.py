"""Polls, as an API: ask which of two looks, vote, close."""

from dataclasses import dataclass
from typing import Any

from flask_smorest import Blueprint

from core import clock
from retail.journeys.looks.ask_poll import ask_poll
from retail.journeys.looks.remove_poll import remove_poll
from retail.polls import queries, service
from retail.polls.queries import PollView
from web.auth import current_member, find_member, guarded
from web.limits import LIKES, POLLS, limited
from web.openapi import schema_of
from web.schemas.polls import NewPoll, Vote
from web.write import read, write


@dataclass(frozen=True)
class Asked:
    """A poll that was made."""

    id: str


polls = guarded(Blueprint("polls", __name__, description="Which of two?"), "member")
open_polls = guarded(Blueprint("open_polls", __name__, description="Polls as they stand"), "anyone")


@polls.post("/me/polls")
@limited(POLLS)
@write
@polls.arguments(NewPoll)
@polls.response(201, schema_of(Asked))
def ask(session: Any, wish: dict[str, Any]) -> Asked:
    """Ask friends or everyone which of two looks."""
    looks = tuple(wish.pop("looks"))
    return Asked(ask_poll(session, looks, member=current_member(), **wish, now=clock.now()))


@polls.get("/me/polls")
@read
@polls.response(200, schema_of(PollView)(many=True))
def list_mine(session: Any) -> list[PollView]:
    """The member's own polls that are still seen, newest first."""
    return queries.polls_of(session, current_member().id, now=clock.now())


@polls.get("/me/friends/polls")
@read
@polls.response(200, schema_of(PollView)(many=True))
def list_friends(session: Any) -> list[PollView]:
    """What the member's friends ask just now, what closes first at the top."""
    return queries.polls_of_friends(session, current_member().id, now=clock.now())


@polls.post("/me/polls/<poll_id>/closing")
@write
@polls.response(204)
def close(session: Any, poll_id: str) -> None:
    """Take no more votes; once more changes nothing."""
    service.close(session, poll_id, member=current_member(), now=clock.now())


@polls.delete("/me/polls/<poll_id>")
@write
@polls.response(204)
def remove(session: Any, poll_id: str) -> None:
    """Take a poll away with its votes."""
    remove_poll(session, poll_id, member=current_member(), now=clock.now())


@open_polls.get("/polls/<poll_id>")
@read
@open_polls.response(200, schema_of(PollView))
def show(session: Any, poll_id: str) -> PollView:
    """A poll; its result for who asked, who voted, and everybody once it has closed."""
    return queries.get_poll(session, poll_id, viewer=find_member(), now=clock.now())


@polls.put("/polls/<poll_id>/vote")
@limited(LIKES)
@write
@polls.arguments(Vote)
@polls.response(200, schema_of(PollView))
def vote(session: Any, wish: dict[str, str], poll_id: str) -> PollView:
    """Vote, or move one's vote; the same again changes nothing."""
    return service.vote(session, poll_id, member=current_member(), **wish, now=clock.now())


@polls.delete("/polls/<poll_id>/vote")
@limited(LIKES)
@write
@polls.response(200, schema_of(PollView))
def take_back(session: Any, poll_id: str) -> PollView:
    """Take one's vote back while the poll is open."""
    return service.take_back(session, poll_id, member=current_member(), now=clock.now())
