"""My phone at a kiosk: linked by the code on its screen, until that is wiped or I end it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from core import clock
from core.errors import Conflict, Invalid, SwingtagError
from retail.brands import queries as brands
from retail.consent import queries as consent
from retail.consent.at_kiosks import KIOSK_NAME, KIOSK_POINTS
from retail.kiosks import queries, service
from web.auth import current_member, guarded, settings
from web.fields import read_form
from web.limits import GUESSES, limited
from web.pages.again import shown_again
from web.schemas.devices import RoomCode
from web.write import read, write

my_kiosk = guarded(Blueprint("my_kiosk", __name__, url_prefix="/me/kiosk"), by="member_page")


@my_kiosk.get("")
@read
def show(session: Any, error: SwingtagError | None = None) -> str:
    """The kiosk that my phone is linked to, or how to link it."""
    code = (request.form.get("code") or request.args.get("code", ""))[:12]
    page = shown_kiosk(session)
    if not page["kiosk"] and code and error is None:
        page["asks"], error = _asks(session, code)
    return render_template("shopper/kiosk.html", code=code, error=error, **page)


@my_kiosk.post("/link")
@limited(GUESSES)
@shown_again(show)
@write
def link(session: Any) -> Any:
    """Link my phone to the kiosk whose screen shows a code."""
    told = {"member": current_member(), "now": clock.now(), "key": settings().key}
    service.link(session, read_form(RoomCode)["code"], **told)
    return redirect("/me/kiosk", 303)


@my_kiosk.post("/end")
@write
def end(session: Any) -> Any:
    """End it from here; the kiosk forgets me at once."""
    service.leave(session, current_member().id)
    flash(_("Ended. The kiosk shows nothing of you any more."))
    return redirect("/me/kiosk", 303)


def shown_kiosk(session: Any) -> dict[str, Any]:
    """What a page about my kiosk needs; without a link there is no store in it."""
    me = current_member()
    found = queries.kiosk_of(session, me.id, now=clock.now())
    return {
        "brand": brands.get_brand(session, me.brand_id),
        "kiosk": found,
        "place": _store_name(session, found.store_id) if found else "",
        "is_named": consent.has_consent(session, me.id, KIOSK_NAME),
        "has_points": consent.has_consent(session, me.id, KIOSK_POINTS),
    }


def _asks(session: Any, code: str) -> tuple[str, SwingtagError | None]:
    """In which store the kiosk to link to is, or why there is none."""
    told = {"member": current_member(), "now": clock.now(), "key": settings().key}
    try:
        return _store_name(session, queries.shows_code(session, code, **told).store_id), None
    except (Invalid, Conflict) as error:
        return "", error


def _store_name(session: Any, store_id: str) -> str:
    return brands.get_store(session, store_id).name
