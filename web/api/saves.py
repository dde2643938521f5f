"""Saved looks and pieces, as an API."""

from datetime import date
from typing import Any, NamedTuple

from flask_smorest import Blueprint

from core import clock
from retail.crowds.queries import crowds
from retail.engagement import queries as engagement
from retail.engagement.rules import Engagement
from retail.journeys.looks.save import save
from retail.outfits import queries as outfits
from retail.outfits.queries import OutfitView
from retail.saves import queries, reminders, service
from retail.saves.rules import PieceState, SaveState
from retail.sharing.rules import share_id_in
from web.auth import current_member, guarded
from web.limits import LIKES, limited
from web.openapi import schema_of
from web.schemas.sharing import CameBy
from web.schemas.shelf import Remind
from web.write import read, write


class KeptPiece(NamedTuple):
    """A piece as `VariantView` tells it; `crowd` is how many people bought it, rounded down.

    0 stands for fewer than ten, presents and goods that are never shared included. `remind_on` is
    the day of its reminder, null where there is none.
    """

    id: str
    style_id: str
    style_name: str
    sku: str
    gtin: str | None
    colour_name: str
    colours: dict[str, str]
    size: str
    price_minor: int
    currency: str
    drawing: str | None
    category_code: str
    is_never_shareable: bool
    crowd: int
    remind_on: date | None


saves = guarded(Blueprint("saves", __name__, description="What to come back to"), "member")


@saves.put("/outfits/<outfit_id>/save")
@limited(LIKES)
@write
@saves.arguments(CameBy, location="query")
@saves.response(200, schema_of(SaveState))
def keep(session: Any, came: dict[str, Any], outfit_id: str) -> SaveState:
    """Save an outfit; a repeated tap changes nothing."""
    share_id = share_id_in(came["share"])
    return save(session, outfit_id, member=current_member(), share_id=share_id, now=clock.now())


@saves.delete("/outfits/<outfit_id>/save")
@limited(LIKES)
@write
@saves.response(200, schema_of(SaveState))
def let_go(session: Any, outfit_id: str) -> SaveState:
    """Save an outfit no more."""
    return service.unsave(session, outfit_id, member=current_member())


@saves.get("/me/saves")
@read
@saves.response(200, schema_of(OutfitView)(many=True))
def list_saved(session: Any) -> list[OutfitView]:
    """The outfits that the member saved and everyone may still see, the last saved first."""
    member = current_member()
    return queries.saved_by(session, member.id, brand_id=member.brand_id)


@saves.put("/me/saved-pieces/<gtin>")
@limited(LIKES)
@write
@saves.response(200, schema_of(PieceState))
def keep_piece(session: Any, gtin: str) -> PieceState:
    """Keep a piece by the number on its label; a repeated tap changes nothing."""
    return service.save_piece(session, gtin, member=current_member(), now=clock.now())


@saves.delete("/me/saved-pieces/<gtin>")
@limited(LIKES)
@write
@saves.response(200, schema_of(PieceState))
def let_piece_go(session: Any, gtin: str) -> PieceState:
    """Keep a piece no more."""
    return service.unsave_piece(session, gtin, member=current_member())


@saves.put("/me/saved-pieces/<gtin>/reminder")
@limited(LIKES)
@write
@saves.arguments(Remind)
@saves.response(204)
def remind(session: Any, wish: dict[str, Any], gtin: str) -> None:
    """Be reminded of a kept piece on a day, and have that remembered as pay day if it is one."""
    me, now = current_member(), clock.now()
    piece = service.kept_piece(session, gtin, member=me)
    reminders.remind(session, piece.id, member=me, **wish, now=now)


@saves.delete("/me/saved-pieces/<gtin>/reminder")
@limited(LIKES)
@write
@saves.response(204)
def remind_not(session: Any, gtin: str) -> None:
    """Keep a piece without a reminder."""
    piece = service.kept_piece(session, gtin, member=current_member())
    reminders.stop(session, piece.id, member=current_member())


@saves.get("/me/saved-pieces")
@read
@saves.response(200, schema_of(KeptPiece)(many=True))
def list_pieces(session: Any) -> list[KeptPiece]:
    """The pieces that the member keeps, the last kept first."""
    member = current_member()
    found = queries.pieces_saved_by(session, member.id, brand_id=member.brand_id)
    styles = [piece.style_id for piece in found]
    bought = crowds(session, styles, now=clock.now())
    days = reminders.days_of(session, member.id, [piece.id for piece in found])
    return [KeptPiece(*one, bought[one.style_id], days.get(one.id)) for one in found]


@saves.get("/me/outfits/<outfit_id>/engagement")
@read
@saves.response(200, schema_of(Engagement))
def show_engagement(session: Any, outfit_id: str) -> Engagement:
    """How many like one of the member's outfits, and how many of them went further."""
    outfits.get_own(session, outfit_id, member_id=current_member().id)
    return engagement.engagement_of_looks(session, [outfit_id])[outfit_id]
