"""What an invitation's link opens: who invites, and one button that says yes."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext as _

from core import clock
from core.errors import SwingtagError
from retail.brands import queries as brands
from retail.friends import invitations, service
from web.auth import current_member, find_member, guarded, settings
from web.limits import GUESSES, limited, limited_look_ups
from web.pages.again import shown_again
from web.write import read, write

invitation = guarded(Blueprint("invitation", __name__), by="anyone")
accepting = guarded(Blueprint("accepting", __name__), by="member_page")


@invitation.get("/f/<token>")
@limited_look_ups
@read
def show(session: Any, token: str, error: SwingtagError | None = None) -> Any:
    """Who invites me; opening it accepts nothing."""
    viewer, now, key = find_member(), clock.now(), settings().key
    seen = invitations.open_invitation(session, token, viewer=viewer, now=now, key=key)
    brand = brands.get_brand(session, seen.brand_id)
    values = {"seen": seen, "token": token, "viewer": viewer, "error": error}
    return render_template("shopper/invitation.html", brand=brand, **values)


@accepting.post("/f/<token>/accept")
@shown_again(show)
@limited(GUESSES)
@write
def accept(session: Any, token: str) -> Any:
    """Say yes."""
    member, now, key = current_member(), clock.now(), settings().key
    friend = service.accept(session, token, member=member, now=now, key=key)
    flash(_("You and %(name)s are friends now.", name=friend.name))
    return redirect("/me/friends", 303)


@accepting.get("/f/<token>/accept")
def accept_again(token: str) -> Any:
    """Whoever had to sign in on the way to a yes finds the invitation again."""
    return redirect(f"/f/{token}")
