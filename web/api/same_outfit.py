"""Whether a friend has this already, for members and for tills before anybody pays."""

from typing import Any

from flask_babel import gettext as _
from flask_smorest import Blueprint

from core import clock
from core.errors import NotFound
from retail.accounts.queries import MemberView
from retail.catalogue import queries as catalogue
from retail.catalogue.cells import read_gtin
from retail.catalogue.queries import VariantView
from retail.journeys.baskets.read_card import read_card
from retail.journeys.occasions.plan_outfit import piece_with
from retail.journeys.occasions.same_outfit import ToSay, ask_at_shelf, ask_at_till
from retail.journeys.sales.purchase import store_of_key
from retail.same_outfit import queries, service
from retail.same_outfit.queries import Answered
from web.auth import current_key, current_member, guarded, settings
from web.limits import LIKES, limited
from web.openapi import schema_of
from web.schemas import same_outfit as schemas
from web.schemas.same_outfit import CheckedBasket, SameOutfitAnswer
from web.write import read, write

same_outfit = guarded(
    Blueprint("same_outfit", __name__, description="Does a friend have this?"), "member"
)
same_outfit_checks = guarded(
    Blueprint("same_outfit_checks", __name__, description="What else there is, at the till"), "till"
)


@same_outfit.get("/me/same-outfit")
@read
@same_outfit.response(200, schema_of(SameOutfitAnswer)(many=True))
def list_answers(session: Any) -> list[SameOutfitAnswer]:
    """What the member asked today, the last first, as far as anybody may be named now."""
    return list(map(_told, queries.asked_today(session, current_member(), now=clock.now())))


@same_outfit.post("/me/same-outfit")
@limited(LIKES)
@write
@same_outfit.arguments(schemas.AskedPiece)
@same_outfit.response(200, schema_of(SameOutfitAnswer)(many=True))
def ask(session: Any, asked: dict[str, str]) -> list[SameOutfitAnswer]:
    """Ask about a scanned piece, checked in at a store; each piece has one answer a day."""
    member, now = current_member(), clock.now()
    ask_at_shelf(session, asked["gtin"], member=member, now=now)
    return list(map(_told, queries.asked_today(session, member, now=now)))


@same_outfit.put("/me/quiet-pieces/<variant_id>")
@limited(LIKES)
@write
@same_outfit.response(204)
def keep_quiet(session: Any, variant_id: str) -> None:
    """Keep one's own piece, whatever its size, out of every answer."""
    member = current_member()
    piece = piece_with(session, member, variant_id)
    service.keep_quiet(session, piece, member=member, now=clock.now())


@same_outfit.delete("/me/quiet-pieces/<variant_id>")
@limited(LIKES)
@write
@same_outfit.response(204)
def let_speak(session: Any, variant_id: str) -> None:
    """Let a piece stand in answers again."""
    member = current_member()
    service.let_speak(session, piece_with(session, member, variant_id), member=member)


@same_outfit_checks.post("/baskets/same-outfit")
@write
@same_outfit_checks.arguments(schemas.BasketToCheck)
@same_outfit_checks.response(200, schema_of(CheckedBasket))
def check(session: Any, sent: dict[str, Any]) -> CheckedBasket:
    """What else the store has in the size; whoever shows a card finds names on their own page."""
    key, now = current_key(), clock.now()
    store = store_of_key(session, key, sent.get("store"))
    pieces = _pieces(session, store.brand_id, sent["lines"])
    member = _member(session, sent.get("card"))
    found = ask_at_till(session, pieces, member=member, store=store, now=now)
    return CheckedBasket(_sentence(found), tuple(map(_checked, found)))


def _member(session: Any, card: str | None) -> MemberView | None:
    if card is None:
        return None
    key = current_key()
    by = {"brand_id": key.brand_id, "viewer_kind": key.kind, "viewer_id": key.id}
    member = read_card(session, card, **by, now=clock.now(), key=settings().key)
    if member is None:
        raise NotFound("card_unknown", "This card opens nothing. Ask for a new code.")
    return member


def _pieces(session: Any, brand_id: str, lines: list[dict[str, str]]) -> list[VariantView]:
    """What the catalogue knows of the basket; the rest is passed over, as at a pricing."""
    found = [
        catalogue.find_variant(session, brand_id, gtin=_gtin(line.get("gtin")), sku=line.get("sku"))
        for line in lines
    ]
    return [variant for variant in found if variant is not None]


def _gtin(typed: str | None) -> str | None:
    try:
        return read_gtin(typed or "")
    except ValueError:
        return None


def _sentence(found: list[ToSay]) -> str:
    """One line for whoever stands at the till, about goods alone."""
    for each in found:
        colours = ", ".join(one.colour_name.lower() for one in each.instead.colours)
        if colours:
            name = each.variant.style_name
            return _("We also have the %(name)s here in %(colours)s.", name=name, colours=colours)
    for each in found:
        styles = ", ".join(one.style_name for one in each.instead.styles)
        if styles:
            return _("If you’d like to see something close: %(styles)s.", styles=styles)
    return ""


def _checked(said: ToSay) -> schemas.CheckedPiece:
    one = said.variant
    return schemas.CheckedPiece(
        one.sku,
        one.style_name,
        one.colour_name,
        tuple(map(schemas.other_piece, said.instead.colours)),
        tuple(map(schemas.other_piece, said.instead.styles)),
    )


def _told(answered: Answered) -> SameOutfitAnswer:
    one, friend = answered.variant, answered.friend
    named = schemas.FriendNamed(friend.id, friend.name) if friend else None
    return SameOutfitAnswer(one.gtin, one.style_name, one.colour_name, answered.place, named)
