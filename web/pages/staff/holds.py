"""What is held for members in the stores of whoever is signed in: handed over, or put back."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext as _

from core import clock
from retail.brands import queries as brands
from retail.catalogue import held, holds
from retail.journeys.holds.hold_piece import MEMBER
from retail.journeys.holds.show_holds import shown_holds
from retail.staff import roles
from web.auth import current_staff, guarded, needs
from web.write import read, write

staff_holds = guarded(
    Blueprint("staff_holds", __name__, url_prefix="/staff/holds"), by="staff_page"
)


@staff_holds.get("")
@needs(roles.SEE_HOLDS)
@read
def show(session: Any) -> str:
    """What is held, what ends first at the top; by codes, never by names."""
    now = clock.now()
    # What fitting rooms asked for stands among the requests.
    every = held.held_in(session, _stores(session), now=now)
    found = [one for one in every if one.holder_kind == MEMBER]
    return render_template("staff/holds.html", holds=shown_holds(session, found, now=now), now=now)


@staff_holds.post("/<hold_id>/done")
@needs(roles.SEE_HOLDS)
@write
def done(session: Any, hold_id: str) -> Any:
    """Its holder has it."""
    holds.hand_over(session, hold_id, store_ids=_stores(session), now=clock.now())
    flash(_("Noted: they have it."))
    return redirect("/staff/holds", 303)


@staff_holds.post("/<hold_id>/give-back")
@needs(roles.SEE_HOLDS)
@write
def give_back(session: Any, hold_id: str) -> Any:
    """Put it back for everyone."""
    holds.void(session, hold_id, store_ids=_stores(session), now=clock.now())
    flash(_("Back on the shelf."))
    return redirect("/staff/holds", 303)


def _stores(session: Any) -> list[str]:
    """Where whoever is signed in works."""
    me = current_staff()
    found = brands.list_stores(session, me.brand_id)
    return [store.id for store in found if me.store_id in (None, store.id)]
