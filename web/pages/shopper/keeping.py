"""Like a piece, keep it until pay day, and be reminded on the day chosen."""

from typing import Any

from flask import Blueprint, flash, redirect
from flask_babel import gettext as _

from core import clock
from retail.catalogue.digital_link import gtin_in
from retail.product_likes import service as likes
from retail.saves import reminders, service
from web.auth import current_member, guarded
from web.fields import read_form
from web.limits import LIKES, limited
from web.pages.again import shown_again
from web.pages.shopper.piece import address, own_address, show
from web.schemas.shelf import Remind
from web.write import write

keeping = guarded(Blueprint("keeping", __name__), by="member_page")


@keeping.post("/01/<gtin>/like")
@shown_again(show)
@limited(LIKES)
@write
def like(session: Any, gtin: str) -> Any:
    """Like it."""
    state = likes.like(session, gtin, member=current_member(), now=clock.now())
    return redirect(own_address(session, state.gtin), 303)


@keeping.post("/01/<gtin>/unlike")
@limited(LIKES)
@write
def unlike(session: Any, gtin: str) -> Any:
    """Take my like back."""
    state = likes.unlike(session, gtin, member=current_member())
    return redirect(own_address(session, state.gtin), 303)


@keeping.post("/01/<gtin>/save")
@limited(LIKES)
@write
def keep(session: Any, gtin: str) -> Any:
    """Keep the piece."""
    member = current_member()
    state = service.save_piece(session, gtin, member=member, now=clock.now())
    return redirect(own_address(session, state.gtin), 303)


@keeping.post("/01/<gtin>/unsave")
@limited(LIKES)
@write
def let_go(session: Any, gtin: str) -> Any:
    """Keep it no more."""
    state = service.unsave_piece(session, gtin, member=current_member())
    return redirect(own_address(session, state.gtin), 303)


@keeping.post("/01/<gtin>/remind")
@shown_again(show)
@limited(LIKES)
@write
def remind(session: Any, gtin: str) -> Any:
    """Be reminded of it on a day."""
    wish, me, now = read_form(Remind), current_member(), clock.now()
    piece = service.kept_piece(session, gtin, member=me)
    reminders.remind(session, piece.id, member=me, **wish, now=now)
    return redirect(own_address(session, gtin_in(gtin)), 303)


@keeping.post("/01/<gtin>/remind-not")
@limited(LIKES)
@write
def stop(session: Any, gtin: str) -> Any:
    """Keep it without a reminder."""
    piece = service.kept_piece(session, gtin, member=current_member())
    reminders.stop(session, piece.id, member=current_member())
    return redirect(own_address(session, gtin_in(gtin)), 303)


@keeping.get("/01/<gtin>/save")
@keeping.get("/01/<gtin>/unsave")
@keeping.get("/01/<gtin>/like")
@keeping.get("/01/<gtin>/unlike")
@keeping.get("/01/<gtin>/remind")
@keeping.get("/01/<gtin>/remind-not")
def back(gtin: str) -> Any:
    """Whoever had to sign in on the way finds the piece again."""
    return redirect(address(gtin_in(gtin), None))


@keeping.post("/me/saved/pieces/<variant_id>/let-go")
@limited(LIKES)
@write
def let_go_of_mine(session: Any, variant_id: str) -> Any:
    """Take a piece from my list."""
    service.let_go(session, variant_id, member=current_member())
    return redirect("/me/saved", 303)


@keeping.post("/me/saved/pay-day/forget")
@limited(LIKES)
@write
def forget_pay_day(session: Any) -> Any:
    """Have my pay day forgotten."""
    reminders.forget_pay_day(session, member=current_member())
    flash(_("Forgotten. What you keep from now has no day until you choose one."))
    return redirect("/me/saved", 303)
