"""What friends think, as an API: ask about pieces or a look, answer, take back.

Pictures are taken on the page, with the member's own phone.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_smorest import Blueprint

from core import clock
from retail.catalogue.queries import VariantView
from retail.opinions import queries, reports, service
from retail.opinions.rules import Wish
from retail.opinions.views import AskedView, OpinionView
from web.auth import current_member, guarded, settings
from web.limits import LIKES, OPINIONS, limited
from web.openapi import schema_of
from web.schemas.opinions import AnswerFriend, AskFriends, ReportOpinion
from web.write import read, write


@dataclass(frozen=True)
class NewOpinion:
    """A question that was put to friends."""

    id: str


@dataclass(frozen=True)
class PieceInQuestion:
    """A piece that is asked about; its id is also the choice that says “this one”."""

    variant_id: str
    style_name: str
    colour_name: str
    size: str


@dataclass(frozen=True)
class FriendsAnswer:
    """What a friend said: a piece's id, `none`, `yes` or `no`, and a line."""

    friend_id: str
    name: str
    choice: str
    reply: str
    answered_at: datetime


@dataclass(frozen=True)
class OwnOpinion:
    """A question of the member's own; `waiting` are the friends who have not answered."""

    id: str
    kind: str
    words: str
    pieces: tuple[PieceInQuestion, ...]
    is_in_room: bool
    asked_at: datetime
    ends_at: datetime
    answers: tuple[FriendsAnswer, ...]
    waiting: tuple[str, ...]


@dataclass(frozen=True)
class AskedOpinion:
    """What a friend asks the member, who answers one of `choices`; before, `choice` is empty."""

    id: str
    kind: str
    words: str
    pieces: tuple[PieceInQuestion, ...]
    asker_id: str
    asker_name: str
    asked_at: datetime
    choices: tuple[str, ...]
    choice: str
    reply: str


friend_opinions = guarded(
    Blueprint("friend_opinions", __name__, description="What friends think"), "member"
)


@friend_opinions.post("/me/opinions")
@limited(OPINIONS)
@write
@friend_opinions.arguments(AskFriends)
@friend_opinions.response(201, schema_of(NewOpinion))
def ask(session: Any, wish: dict[str, Any]) -> NewOpinion:
    """Ask chosen friends about pieces in the room that the phone is linked to, or about a look."""
    about = Wish(tuple(wish["friends"]), wish["words"], tuple(wish["pieces"]), wish["look"])
    who = {"member": current_member(), "now": clock.now(), "key": settings().key}
    return NewOpinion(service.ask(session, about, **who))


@friend_opinions.get("/me/opinions")
@read
@friend_opinions.response(200, schema_of(OwnOpinion)(many=True))
def list_mine(session: Any) -> list[OwnOpinion]:
    """What the member asks just now, with all answers, the newest first."""
    return [_own(one) for one in queries.own(session, current_member().id, now=clock.now())]


@friend_opinions.get("/me/friends/opinions")
@read
@friend_opinions.response(200, schema_of(AskedOpinion)(many=True))
def list_asked(session: Any) -> list[AskedOpinion]:
    """What friends ask the member just now, the newest first."""
    return [_asked(one) for one in queries.asked_of(session, current_member(), now=clock.now())]


@friend_opinions.put("/me/friends/opinions/<opinion_id>/answer")
@limited(LIKES)
@write
@friend_opinions.arguments(AnswerFriend)
@friend_opinions.response(204)
def answer(session: Any, said: dict[str, Any], opinion_id: str) -> None:
    """Answer, or answer something else than before, as long as it is not over."""
    service.answer(session, opinion_id, **said, member=current_member(), now=clock.now())


@friend_opinions.delete("/me/friends/opinions/<opinion_id>")
@limited(LIKES)
@write
@friend_opinions.response(204)
def put_away(session: Any, opinion_id: str) -> None:
    """Be asked no more, and have the answer gone; once more changes nothing."""
    service.put_away(session, opinion_id, member=current_member())


@friend_opinions.post("/me/friends/opinions/<opinion_id>/report")
@limited(LIKES)
@write
@friend_opinions.arguments(ReportOpinion)
@friend_opinions.response(204)
def report(session: Any, said: dict[str, Any], opinion_id: str) -> None:
    """Have somebody look at it; it is gone for the member, and nobody learns who reported it."""
    reports.report(session, opinion_id, **said, member=current_member(), now=clock.now())


@friend_opinions.delete("/me/opinions/<opinion_id>")
@limited(LIKES)
@write
@friend_opinions.response(204)
def take_back(session: Any, opinion_id: str) -> None:
    """Take back what the member asked, with its picture and all answers."""
    service.take_back(session, opinion_id, member=current_member())


def _own(seen: OpinionView) -> OwnOpinion:
    answers = tuple(
        FriendsAnswer(one.friend_id, one.name, one.choice, one.reply, one.answered_at)
        for one in seen.answers
    )
    pieces = _pieces(seen.pieces)
    about = (seen.id, seen.kind, seen.words, pieces, seen.is_in_room, seen.asked_at, seen.ends_at)
    return OwnOpinion(*about, answers, seen.waiting)


def _asked(seen: AskedView) -> AskedOpinion:
    who = (seen.asker_id, seen.asker_name, seen.asked_at)
    said = (seen.choices, seen.choice, seen.reply)
    return AskedOpinion(seen.id, seen.kind, seen.words, _pieces(seen.pieces), *who, *said)


def _pieces(pieces: tuple[VariantView, ...]) -> tuple[PieceInQuestion, ...]:
    return tuple(
        PieceInQuestion(one.id, one.style_name, one.colour_name, one.size) for one in pieces
    )
