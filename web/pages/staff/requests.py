"""What fitting rooms ask for: taken on by one, brought to the door, handed over."""

from typing import Any

from flask import Blueprint, redirect, render_template
from flask_babel import gettext as _

from core import clock
from core.errors import SwingtagError
from retail.catalogue import queries as catalogue
from retail.devices import queries as devices
from retail.fitting_rooms import queries, requests
from retail.staff import roles
from web.auth import current_staff, guarded, needs
from web.pages.again import shown_again
from web.pages.fragments import unless_known
from web.pages.staff.devices import my_stores
from web.write import read, write

staff_requests = guarded(
    Blueprint("staff_requests", __name__, url_prefix="/staff/requests"), by="staff_page"
)
staff_requests_live = guarded(
    Blueprint("staff_requests_live", __name__, url_prefix="/staff/live/requests"), by="staff_live"
)


@staff_requests.get("")
@needs(roles.BRING_PIECES)
@read
def show(session: Any, error: SwingtagError | None = None, **_unused: Any) -> str:
    """What waits, the oldest first."""
    page = content(session) | {"now": clock.now(), "error": error}
    return render_template("staff/requests.html", **page)


@staff_requests_live.get("/queue")
@needs(roles.BRING_PIECES)
@read
def queue(session: Any) -> Any:
    """What waits, as part of the page: its buttons stand on a page of their own."""
    return unless_known(render_template("staff/request_queue.html", **content(session)))


@staff_requests.get("/<request_id>")
@needs(roles.BRING_PIECES)
@read
def look(session: Any, request_id: str, error: SwingtagError | None = None) -> str:
    """One request and what can be done about it."""
    queries.get_request(session, request_id, store_ids=my_stores(session))
    page = content(session, request_id) | {"error": error, "now": clock.now()}
    return render_template("staff/request.html", **page)


@staff_requests.post("/<request_id>/accept")
@needs(roles.BRING_PIECES)
@shown_again(look)
@write
def accept(session: Any, request_id: str) -> Any:
    """Take it on."""
    me, told = current_staff(), {"store_ids": my_stores(session), "now": clock.now()}
    requests.accept(session, request_id, staff_id=me.id, staff_name=me.name, **told)
    return redirect(f"/staff/requests/{request_id}", 303)


@staff_requests.post("/<request_id>/at-door")
@needs(roles.BRING_PIECES)
@shown_again(look)
@write
def at_door(session: Any, request_id: str) -> Any:
    """It’s at the door."""
    requests.at_door(session, request_id, store_ids=my_stores(session), now=clock.now())
    return redirect(f"/staff/requests/{request_id}", 303)


@staff_requests.post("/<request_id>/done")
@needs(roles.BRING_PIECES)
@shown_again(look)
@write
def done(session: Any, request_id: str) -> Any:
    """It was handed over."""
    requests.done(session, request_id, store_ids=my_stores(session), now=clock.now())
    return redirect("/staff/requests", 303)


def content(session: Any, request_id: str | None = None) -> dict[str, Any]:
    """What waits, with piece and place; or one request alone. Rooms have names, shoppers none."""
    stores = my_stores(session)
    found = queries.requests_in(session, stores)
    if request_id is not None:
        found = [queries.get_request(session, request_id, store_ids=stores)]
    brand_id, ids = current_staff().brand_id, {one.variant_id for one in found}
    return {
        "requests": found,
        "pieces": catalogue.get_variants(session, brand_id, ids),
        "zones": devices.zones_in(session, stores),
        "stores": stores,
        "words": {
            "asked": _("Waits for somebody"),
            "accepted": _("On its way"),
            "at_door": _("At the door"),
            "done": _("Handed over"),
            "cancelled": _("Called off"),
        },
    }
