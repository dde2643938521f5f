"""What fitting rooms ask for: taken on by one, on its way, brought to the door, handed over."""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request
from flask_babel import gettext as _

from core import clock
from core.errors import SwingtagError
from retail.catalogue import queries as catalogue
from retail.catalogue.places import places_of
from retail.devices import queries as devices
from retail.fitting_rooms import queries, requests
from retail.fitting_rooms.queries import RequestView
from retail.fitting_rooms.requests import Helper
from retail.staff import queries as staff
from retail.staff import roles
from web.auth import current_staff, guarded, needs
from web.fields import read_form
from web.pages.again import shown_again
from web.pages.fragments import unless_known
from web.pages.staff.devices import my_stores
from web.schemas.devices import NextHelper
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
    return render_template("staff/requests.html", error=error, **content(session))


@staff_requests_live.get("/queue")
@needs(roles.BRING_PIECES)
@read
def queue(session: Any) -> Any:
    """What waits, as part of the page; in one store, where only that is looked at."""
    told = content(session, only=request.args.get("store", ""))
    return unless_known(render_template("staff/request_queue.html", **told))


@staff_requests_live.get("/late")
@needs(roles.BRING_PIECES)
@read
def late(session: Any) -> Any:
    """How many nobody took on in time, for everybody of the store, whatever they look at."""
    found = queries.count_late(session, my_stores(session))
    return unless_known(render_template("staff/request_late.html", late=found))


@staff_requests_live.get("/<request_id>")
@needs(roles.BRING_PIECES)
@read
def step(session: Any, request_id: str) -> Any:
    """Whether a request is as its page shows it: 205 where somebody moved it on."""
    one = queries.get_request(session, request_id, store_ids=my_stores(session))
    return Response(status=304 if request.args.get("seen") == mark_of(one) else 205)


@staff_requests.get("/<request_id>")
@needs(roles.BRING_PIECES)
@read
def look(session: Any, request_id: str, error: SwingtagError | None = None) -> str:
    """One request and what can be done about it."""
    one = queries.get_request(session, request_id, store_ids=my_stores(session))
    page = content(session, one) | {"error": error, "mark": mark_of(one)}
    return render_template("staff/request.html", helpers=_helpers(session, one), **page)


@staff_requests.post("/<request_id>/accept")
@needs(roles.BRING_PIECES)
@shown_again(look)
@write
def accept(session: Any, request_id: str) -> Any:
    """Take it on."""
    me = current_staff()
    told = {"by": Helper(me.id, me.name), "store_ids": my_stores(session), "now": clock.now()}
    requests.accept(session, request_id, **told)
    return redirect(f"/staff/requests/{request_id}", 303)


@staff_requests.post("/<request_id>/on-way")
@needs(roles.BRING_PIECES)
@shown_again(look)
@write
def on_way(session: Any, request_id: str) -> Any:
    """It’s on its way."""
    requests.on_way(session, request_id, store_ids=my_stores(session), now=clock.now())
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


@staff_requests.post("/<request_id>/pass-on")
@needs(roles.BRING_PIECES)
@shown_again(look)
@write
def pass_on(session: Any, request_id: str) -> Any:
    """Have a colleague bring it, or ask everybody again."""
    given, stores = read_form(NextHelper), my_stores(session)
    told: dict[str, Any] = {"held_by": given["held_by"], "store_ids": stores}
    if given["to"]:
        requests.pass_on(session, request_id, to=_helper(session, given["to"], stores), **told)
    else:
        requests.give_back(session, request_id, now=clock.now(), **told)
    return redirect(f"/staff/requests/{request_id}", 303)


@staff_requests.post("/<request_id>/cancel")
@needs(roles.BRING_PIECES)
@shown_again(look)
@write
def cancel(session: Any, request_id: str) -> Any:
    """It can’t be brought; the room is told."""
    requests.turn_down(session, request_id, store_ids=my_stores(session), now=clock.now())
    return redirect("/staff/requests", 303)


def content(session: Any, one: RequestView | None = None, *, only: str = "") -> dict[str, Any]:
    """What waits, with piece and place, in `only` one store by its slug; or one request alone.

    Rooms have names, shoppers none.
    """
    stores = {
        store_id: store
        for store_id, store in my_stores(session).items()
        if only in ("", store.slug)
    }
    found = queries.requests_in(session, stores) if one is None else [one]
    brand_id, ids = current_staff().brand_id, {one for one in (r.variant_id for r in found) if one}
    return {
        "requests": found,
        "pieces": catalogue.get_variants(session, brand_id, ids),
        "places": places_of(session, stores, ids),
        "zones": devices.zones_in(session, stores),
        "stores": stores,
        "now": clock.now(),
        "words": {
            "asked": _("Waits for somebody"),
            "accepted": _("Taken on"),
            "on_way": _("On its way"),
            "at_door": _("At the door"),
            "done": _("Handed over"),
            "cancelled": _("Called off"),
        },
    }


def mark_of(one: RequestView) -> str:
    """What a page about a request depends on."""
    return f"{one.state}.{one.staff_id or ''}.{'late' if one.late_at else ''}"


def _helpers(session: Any, one: RequestView) -> list[tuple[str, str]]:
    """Who else in the store could bring it, and that everybody is asked again."""
    found = [
        (each.id, each.name)
        for each in staff.list_staff(session, current_staff().brand_id)
        if _may_bring(each, one.store_id) and each.id != one.staff_id
    ]
    return [("", _("Anybody: ask everyone again")), *found]


def _helper(session: Any, staff_id: str, stores: Any) -> Helper:
    """A colleague who may bring things in one of these stores. Raises NotFound."""
    for each in staff.list_staff(session, current_staff().brand_id):
        if each.id == staff_id and any(_may_bring(each, store) for store in stores):
            return Helper(each.id, each.name)
    raise staff.staff_not_found()


def _may_bring(each: Any, store_id: str) -> bool:
    return each.disabled_at is None and each.works_at(store_id) and each.may(roles.BRING_PIECES)
