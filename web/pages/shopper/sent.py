"""Send a piece to one friend with a line, and see what friends sent."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from core import clock
from core.errors import SwingtagError
from retail.brands import queries as brands
from retail.catalogue import shelf
from retail.catalogue.digital_link import gtin_in, piece_not_found
from retail.friends import queries as friends
from retail.sent_pieces import queries, service
from retail.sent_pieces.rules import LINE_LENGTH, check_shareable
from web.auth import current_member, guarded
from web.fields import read_form
from web.limits import LIKES, SENDS, limited
from web.pages.again import shown_again
from web.schemas.shelf import Send
from web.write import read, write

sent = guarded(Blueprint("sent", __name__), by="member_page")


@sent.get("/01/<gtin>/send")
@read
def choose(session: Any, gtin: str, error: SwingtagError | None = None) -> Any:
    """Choose the friend, and what to say."""
    me, code = current_member(), gtin_in(gtin)
    piece = shelf.sold_as(session, code, [me.brand_id]).get(me.brand_id)
    if piece is None:
        raise piece_not_found()
    check_shareable(is_never_shareable=piece.is_never_shareable)
    return _form(session, code, piece, error)


@sent.post("/01/<gtin>/send")
@shown_again(choose)
@limited(SENDS)
@write
def send(session: Any, gtin: str) -> Any:
    """Send it."""
    wish, me = read_form(Send), current_member()
    friend = friends.get_friend(session, me.id, wish["friend"])
    service.send(session, gtin, friend.id, line=wish["line"], member=me, now=clock.now())
    flash(_("Sent to %(name)s, and you can take it back below.", name=friend.name))
    return redirect("/me/sent#mine", 303)


@sent.get("/me/sent")
@read
def mine(session: Any) -> Any:
    """What friends sent me, and what I sent them."""
    me = current_member()
    found = {
        "received": queries.received_by(session, me.id, brand_id=me.brand_id),
        "sent": queries.sent_by(session, me.id, brand_id=me.brand_id),
        "muted": queries.muted_by(session, me.id),
    }
    brand = brands.get_brand(session, me.brand_id)
    return render_template("shopper/sent.html", brand=brand, **found)


@sent.post("/me/sent/<friend_id>/<variant_id>/take-back")
@limited(LIKES)
@write
def take_back(session: Any, friend_id: str, variant_id: str) -> Any:
    """Take back what I sent."""
    service.take_back(session, friend_id, variant_id, member=current_member())
    flash(_("Taken back. It’s gone from their page, too."))
    return redirect("/me/sent", 303)


@sent.post("/me/sent/<friend_id>/<variant_id>/put-away")
@limited(LIKES)
@write
def put_away(session: Any, friend_id: str, variant_id: str) -> Any:
    """Have what a friend sent me be gone."""
    service.put_away(session, friend_id, variant_id, member=current_member())
    return redirect("/me/sent", 303)


@sent.post("/me/sent/<friend_id>/mute")
@limited(LIKES)
@write
def mute(session: Any, friend_id: str) -> Any:
    """Hear nothing of what a friend sends."""
    service.mute(session, friend_id, member=current_member(), now=clock.now())
    flash(_("Muted. They aren’t told, and you can turn it off below."))
    return redirect("/me/sent", 303)


@sent.post("/me/sent/<friend_id>/unmute")
@limited(LIKES)
@write
def unmute(session: Any, friend_id: str) -> Any:
    """Hear of it again."""
    service.unmute(session, friend_id, member=current_member())
    return redirect("/me/sent", 303)


def _form(session: Any, gtin: str, piece: Any, error: SwingtagError | None) -> str:
    me = current_member()
    return render_template(
        "shopper/send.html",
        brand=brands.get_brand(session, me.brand_id),
        piece=piece,
        gtin=gtin,
        friends=friends.friends_of(session, me.id),
        already=queries.sent_to(session, me.id, piece.id),
        chosen=request.form.get("friend"),
        limit=LINE_LENGTH,
        error=error,
    )
