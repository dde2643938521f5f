"""Whether a friend has this piece: asked by a button, and kept quiet by another."""

from typing import Any

from flask import Blueprint, flash, redirect
from flask_babel import gettext as _

from core import clock
from retail.catalogue.digital_link import gtin_in
from retail.journeys.occasions.plan_outfit import piece_with
from retail.journeys.occasions.same_outfit import ask_at_shelf
from retail.same_outfit import service
from web.auth import current_member, guarded
from web.limits import LIKES, limited
from web.pages.again import shown_again
from web.pages.destinations import asked_for
from web.pages.shopper.piece import own_address, show
from web.write import write

same_outfit = guarded(Blueprint("same_outfit_pages", __name__), by="member_page")


@same_outfit.post("/01/<gtin>/same")
@shown_again(show)
@limited(LIKES)
@write
def ask(session: Any, gtin: str) -> Any:
    """Ask whether a friend has it; the page of the piece says."""
    code = ask_at_shelf(session, gtin, member=current_member(), now=clock.now())
    return redirect(own_address(session, code), 303)


@same_outfit.get("/01/<gtin>/same")
def back(gtin: str) -> Any:
    """Whoever had to sign in on the way finds the piece again."""
    return redirect(f"/01/{gtin_in(gtin)}")


@same_outfit.post("/me/pieces/<variant_id>/quiet")
@limited(LIKES)
@write
def keep_quiet(session: Any, variant_id: str) -> Any:
    """Have no friend told of a piece of mine."""
    me = current_member()
    piece = piece_with(session, me, variant_id)
    service.keep_quiet(session, piece, member=me, now=clock.now())
    flash(_("Kept quiet. No friend is told that you have it."))
    return redirect(asked_for() or "/me/receipts", 303)


@same_outfit.post("/me/pieces/<variant_id>/speak")
@limited(LIKES)
@write
def let_speak(session: Any, variant_id: str) -> Any:
    """Let friends who agreed be told again."""
    me = current_member()
    service.let_speak(session, piece_with(session, me, variant_id), member=me)
    flash(_("Friends who agreed may be told again."))
    return redirect(asked_for() or "/me/receipts", 303)
