"""Outfits, as an API: seeing, laying out, arranging, publishing, putting away."""

from dataclasses import dataclass
from typing import Any

from flask_smorest import Blueprint

from core import clock
from retail.crowds.queries import crowds
from retail.journeys.looks.arrange import arrange as arrange_look
from retail.journeys.looks.lay_out import lay_out
from retail.journeys.looks.publish import publish
from retail.outfits import queries, service
from retail.outfits.queries import OutfitView
from retail.outfits.service import PieceChange
from retail.social import queries as social
from web.auth import current_member, find_member, guarded
from web.openapi import schema_of
from web.schemas.outfits import Arrangement, NewOutfit, Publication
from web.write import read, write


@dataclass(frozen=True)
class PieceCrowd:
    """How many people bought a style of this brand, from ten up and rounded down."""

    style_id: str
    people: int


@dataclass(frozen=True)
class OutfitDetail:
    """An outfit with how many like it, whether the asking member does, and what is bought of it."""

    outfit: OutfitView
    likes: int
    is_liked: bool
    crowds: tuple[PieceCrowd, ...]


outfits = guarded(Blueprint("outfits", __name__, description="What people share"), "anyone")
making = guarded(Blueprint("outfit_making", __name__, description="What is one’s own"), "member")


@outfits.get("/outfits/<outfit_id>")
@read
@outfits.response(200, schema_of(OutfitDetail))
def show(session: Any, outfit_id: str) -> OutfitDetail:
    """An outfit that everyone may see, or a published one of one's own."""
    member = find_member()
    viewer_id = member.id if member else None
    outfit = queries.get_visible(session, outfit_id, viewer_id=viewer_id)
    count = social.like_count(session, outfit_id, member_id=viewer_id)
    styles = [piece.style_id for piece in outfit.pieces if piece.is_shown]
    bought = crowds(session, styles, now=clock.now())
    told = tuple(PieceCrowd(*each) for each in bought.items() if each[1])
    return OutfitDetail(outfit, count.likes, count.is_liked, told)


@making.get("/me/outfits")
@read
@making.response(200, schema_of(OutfitView)(many=True))
def list_own(session: Any) -> list[OutfitView]:
    """The member's own outfits in every state, newest first."""
    return queries.outfits_of(session, current_member().id)


@making.get("/me/outfits/<outfit_id>")
@read
@making.response(200, schema_of(OutfitView))
def show_own(session: Any, outfit_id: str) -> OutfitView:
    """One of the member's own outfits, with all its pieces."""
    return _own(session, outfit_id)


@making.post("/outfits")
@write
@making.arguments(NewOutfit)
@making.response(201, schema_of(OutfitView))
def create(session: Any, wish: dict[str, str]) -> OutfitView:
    """Lay out a receipt of the member's; the same receipt again gives the same outfit."""
    outfit_id = lay_out(session, wish["receipt_id"], member=current_member(), now=clock.now())
    return _own(session, outfit_id)


@making.put("/outfits/<outfit_id>/arrangement")
@write
@making.arguments(Arrangement)
@making.response(200, schema_of(OutfitView))
def arrange(session: Any, wish: dict[str, Any], outfit_id: str) -> OutfitView:
    """Put the pieces, the words and the background as the owner wants them."""
    wish["placements"] = [PieceChange(**piece) for piece in wish.pop("pieces")]
    wish["expected_version"] = wish.pop("version")
    member_id = current_member().id
    arrange_look(session, outfit_id, member_id=member_id, **wish, now=clock.now())
    return _own(session, outfit_id)


@making.put("/outfits/<outfit_id>/publication")
@write
@making.arguments(Publication)
@making.response(200, schema_of(OutfitView))
def show_to(session: Any, wish: dict[str, Any], outfit_id: str) -> OutfitView:
    """Show the outfit to an audience; choosing everyone is agreeing to public looks."""
    publish(session, outfit_id, member=current_member(), **wish, now=clock.now())
    return _own(session, outfit_id)


@making.delete("/outfits/<outfit_id>/publication")
@write
@making.response(200, schema_of(OutfitView))
def put_away(session: Any, outfit_id: str) -> OutfitView:
    """Take the outfit from everybody's sight."""
    service.put_away(session, outfit_id, member_id=current_member().id, now=clock.now())
    return _own(session, outfit_id)


@making.post("/outfits/<outfit_id>/restoration")
@write
@making.response(200, schema_of(OutfitView))
def restore(session: Any, outfit_id: str) -> OutfitView:
    """Take an outfit that was put away out again, as a draft."""
    service.restore(session, outfit_id, member_id=current_member().id, now=clock.now())
    return _own(session, outfit_id)


def _own(session: Any, outfit_id: str) -> OutfitView:
    return queries.get_own(session, outfit_id, member_id=current_member().id)
