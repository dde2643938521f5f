"""What friends send each other from a shelf, as an API."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_smorest import Blueprint

from core import clock
from retail.sent_pieces import queries, service
from retail.sent_pieces.queries import MutedView, SentView
from web.auth import current_member, guarded
from web.limits import LIKES, SENDS, limited
from web.openapi import schema_of
from web.schemas.shelf import LineSaid
from web.write import read, write


@dataclass(frozen=True)
class SentFromShelf:
    """A piece between the member and a friend: `line` is the sender's, `name` the friend's."""

    friend_id: str
    name: str
    variant_id: str
    gtin: str | None
    style_name: str
    colour_name: str
    line: str
    sent_at: datetime


@dataclass(frozen=True)
class SentPage:
    """What friends sent the member, what the member sent, and whom they mute."""

    received: tuple[SentFromShelf, ...]
    sent: tuple[SentFromShelf, ...]
    muted: tuple[MutedView, ...]


@dataclass(frozen=True)
class SentState:
    """A piece that is on its way to a friend's page."""

    friend_id: str
    variant_id: str


sent_pieces = guarded(
    Blueprint("sent_pieces", __name__, description="What friends send from a shelf"), "member"
)


@sent_pieces.put("/me/friends/<friend_id>/sent-pieces/<gtin>")
@limited(SENDS)
@write
@sent_pieces.arguments(LineSaid)
@sent_pieces.response(201, schema_of(SentState))
def send(session: Any, said: dict[str, str], friend_id: str, gtin: str) -> SentState:
    """Send a piece to one friend, by the number on its label, with a line or without."""
    who = {"member": current_member(), "now": clock.now()}
    return SentState(friend_id, service.send(session, gtin, friend_id, **said, **who))


@sent_pieces.get("/me/sent-pieces")
@read
@sent_pieces.response(200, schema_of(SentPage))
def list_sent(session: Any) -> SentPage:
    """What is between the member and their friends, the newest first."""
    me = current_member()
    received = queries.received_by(session, me.id, brand_id=me.brand_id)
    sent = queries.sent_by(session, me.id, brand_id=me.brand_id)
    return SentPage(_shown(received), _shown(sent), tuple(queries.muted_by(session, me.id)))


@sent_pieces.delete("/me/friends/<friend_id>/sent-pieces/<variant_id>")
@limited(LIKES)
@write
@sent_pieces.response(204)
def take_back(session: Any, friend_id: str, variant_id: str) -> None:
    """Take back what the member sent; once more changes nothing."""
    service.take_back(session, friend_id, variant_id, member=current_member())


@sent_pieces.delete("/me/sent-pieces/<friend_id>/<variant_id>")
@limited(LIKES)
@write
@sent_pieces.response(204)
def put_away(session: Any, friend_id: str, variant_id: str) -> None:
    """Have what a friend sent be gone; once more changes nothing."""
    service.put_away(session, friend_id, variant_id, member=current_member())


@sent_pieces.put("/me/muted-senders/<friend_id>")
@write
@sent_pieces.response(204)
def mute(session: Any, friend_id: str) -> None:
    """Hear nothing of what a friend sends; they are not told."""
    service.mute(session, friend_id, member=current_member(), now=clock.now())


@sent_pieces.delete("/me/muted-senders/<friend_id>")
@write
@sent_pieces.response(204)
def unmute(session: Any, friend_id: str) -> None:
    """Hear of it again; without a mute nothing changes."""
    service.unmute(session, friend_id, member=current_member())


def _shown(found: list[SentView]) -> tuple[SentFromShelf, ...]:
    return tuple(
        SentFromShelf(
            friend_id=one.friend_id,
            name=one.name,
            variant_id=one.piece.id,
            gtin=one.piece.gtin,
            style_name=one.piece.style_name,
            colour_name=one.piece.colour_name,
            line=one.line,
            sent_at=one.sent_at,
        )
        for one in found
    )
