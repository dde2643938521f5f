"""Who checked in at a store and lets themselves be greeted: names, the card of one, "not them"."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from core import clock
from core.errors import NotFound, SwingtagError
from retail.brands import queries as brands
from retail.brands.queries import StoreView
from retail.greetings import service
from retail.journeys.floor.hold_saved import hold_saved
from retail.journeys.floor.show_greetings import card_of, greeted_in
from retail.staff import roles
from web.auth import current_staff, guarded, needs, settings
from web.pages.again import shown_again
from web.pages.fragments import unless_known
from web.pages.staff import requests as room_requests
from web.pages.staff.devices import my_stores
from web.pages.staff.greeting_words import how_long_ago, spoken, stock_words
from web.write import read, write

staff_greetings = guarded(
    Blueprint("staff_greetings", __name__, url_prefix="/staff/greetings"), by="staff_page"
)
staff_greetings_live = guarded(
    Blueprint("staff_greetings_live", __name__, url_prefix="/staff/live/greetings"), by="staff_live"
)


@staff_greetings.get("")
@needs(roles.GREET)
@read
def choose(session: Any) -> Any:
    """Which store, for those who work in several: nobody sees who is in another than theirs."""
    stores = list(my_stores(session).values())
    if len(stores) == 1:
        return redirect(_page(stores[0]))
    return render_template("staff/greetings_choose.html", stores=stores)


# Reading is a write: each look is noted in the transaction that shows.
@staff_greetings.get("/<store_slug>")
@needs(roles.GREET)
@write
def show(session: Any, store_slug: str, error: SwingtagError | None = None, **asked: str) -> str:
    """The card of the newest, or of the one asked for, and the names of all."""
    content = _content(session, store_slug, who=asked.get("greeting_id", ""))
    page = {"cleared": request.args.get("cleared"), "error": error, "now": clock.now()}
    rooms = room_requests.content(session, only=store_slug) if _brings() else None
    return render_template("staff/greetings.html", rooms=rooms, **content, **page)


@staff_greetings_live.get("/<store_slug>/card")
@needs(roles.GREET)
@write
def card(session: Any, store_slug: str) -> Any:
    """The card, as part of the page."""
    return unless_known(
        render_template("staff/greeting_card.html", **_content(session, store_slug))
    )


@staff_greetings_live.get("/<store_slug>/names")
@needs(roles.GREET)
@write
def names(session: Any, store_slug: str) -> Any:
    """Who is here, as part of the page."""
    content = _content(session, store_slug, has_card=False)
    return unless_known(render_template("staff/greeting_names.html", **content))


@staff_greetings.post("/<store_slug>/<greeting_id>/clear")
@needs(roles.GREET)
@write
def clear(session: Any, store_slug: str, greeting_id: str) -> Any:
    """It is not them who stands here."""
    store = _store(session, store_slug)
    service.clear(session, greeting_id, store_id=store.id, now=clock.now())
    return redirect(f"{_page(store)}?cleared={greeting_id}", 303)


@staff_greetings.post("/<store_slug>/<greeting_id>/bring-back")
@needs(roles.GREET)
@write
def bring_back(session: Any, store_slug: str, greeting_id: str) -> Any:
    """It is them after all."""
    store = _store(session, store_slug)
    service.bring_back(session, greeting_id, store_id=store.id, now=clock.now())
    return redirect(f"{_page(store)}?who={greeting_id}", 303)


@staff_greetings.post("/<store_slug>/<greeting_id>/hold/<variant_id>")
@needs(roles.SEE_HOLDS)
@shown_again(show)
@write
def hold(session: Any, store_slug: str, greeting_id: str, variant_id: str) -> Any:
    """Keep a saved piece back for them."""
    store, told = _store(session, store_slug), {"now": clock.now(), "settings": settings()}
    kept = hold_saved(session, store, greeting_id, variant_id, **told)
    flash(_("Held. Its code is %(code)s.", code=kept.code))
    return redirect(f"{_page(store)}?who={greeting_id}", 303)


def _brings() -> bool:
    return current_staff().may(roles.BRING_PIECES)


def _content(
    session: Any, store_slug: str, *, who: str = "", has_card: bool = True
) -> dict[str, Any]:
    store, me, now = _store(session, store_slug), current_staff(), clock.now()
    age = settings().minimum_age_years
    people = greeted_in(session, store, viewer=me, now=now, minimum_age=age)
    asked_for = who or request.args.get("who")
    chosen = next((one for one in people if one.greeting.id == asked_for), None)
    shown = chosen or next(iter(people), None)
    opened = (
        card_of(session, store, shown, viewer=me, now=now, key=settings().key)
        if has_card and shown
        else None
    )
    return {
        "store": store,
        "people": people,
        "shown": shown,
        "who": chosen.greeting.id if chosen else "",
        "card": opened,
        "spoken": spoken,
        "how_long_ago": how_long_ago,
        "stock_words": stock_words,
    }


def _store(session: Any, slug: str) -> StoreView:
    """A store in which whoever is signed in works. Raises NotFound, as for none."""
    found = brands.get_store_by_slug(session, current_staff().brand_id, slug)
    if found.id not in my_stores(session):
        raise NotFound("store_not_found", "We don’t know this store.")
    return found


def _page(store: StoreView) -> str:
    return f"/staff/greetings/{store.slug}"
