"""A kiosk that was let in: the board for everybody, and for whoever links their phone their own."""

from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from core import clock
from core.errors import Forbidden
from loyalty.leaderboards.rules import BoardView
from retail.accounts import queries as accounts
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.brands.queries import StoreView
from retail.devices import rules as device_rules
from retail.devices.queries import DeviceView
from retail.journeys.floor.greet import come_in, go_out
from retail.journeys.floor.show_kiosk import show_kiosk
from retail.kiosks import queries, service
from retail.kiosks.rules import KioskState
from web.auth import guarded, settings
from web.devices import current_device, find_device
from web.limits import TOUCHES, limited
from web.pages.fragments import unless_known
from web.pages.kiosk import board
from web.pages.leagues import (
    KIOSK_ROWS,
    Place,
    asked_place,
    find_board,
    my_neighbours,
    running_table,
    topics_of,
)
from web.pages.letting_in import KIOSK, to_let_in
from web.pages.wall import trending_with_likes
from web.write import read, write

kiosk_screen = guarded(Blueprint("kiosk_screen", __name__, url_prefix="/kiosk"), by="kiosk")
TRENDING = 2


@board.kiosk.get("/kiosk")
@read
def show_own(session: Any) -> Any:
    """The kiosk as it is, or how to let it in."""
    device = find_device()
    if device is None:
        return to_let_in(KIOSK[1])
    if device.role != device_rules.KIOSK:
        raise Forbidden("wrong_device", "This device is no kiosk.")
    return _page(session, device)


@kiosk_screen.get("/now")
@read
def now(session: Any) -> Response:
    """What stands on it while somebody uses it: 205 where nobody does any more."""
    kiosk = _find(session)
    if kiosk is None:
        return Response(status=205)
    return unless_known(render_template("kiosk/yours_now.html", **_content(session, kiosk)))


@kiosk_screen.post("/link")
@limited(TOUCHES)
@write
def link(session: Any) -> Any:
    """Show a code that links a phone, for a minute."""
    found = _find(session)
    if found is None or found.member_id is None:
        service.show_code(session, current_device(), now=clock.now(), key=settings().key)
    return redirect("/kiosk", 303)


@kiosk_screen.post("/stay")
@limited(TOUCHES)
@write
def stay(session: Any) -> Any:
    """Somebody is still there."""
    _touched_by(session)
    return redirect("/kiosk", 303)


@kiosk_screen.post("/check-in")
@limited(TOUCHES)
@write
def check_in(session: Any) -> Any:
    """Say that I am here, as at the store’s door."""
    member = _touched_by(session)
    if member is not None:
        come_in(session, _store(session), member=member, way="kiosk", now=clock.now())
    return redirect("/kiosk", 303)


@kiosk_screen.post("/leave")
@limited(TOUCHES)
@write
def leave(session: Any) -> Any:
    """Take that back."""
    member = _touched_by(session)
    if member is not None:
        go_out(session, _store(session), member=member, now=clock.now())
    return redirect("/kiosk", 303)


@kiosk_screen.post("/end")
@limited(TOUCHES)
@write
def end(session: Any) -> Any:
    """Wipe it; nothing of whoever used it is left."""
    service.end(session, current_device().id)
    return redirect("/kiosk", 303)


def _page(session: Any, device: DeviceView) -> str:
    kiosk = queries.find_kiosk(session, device.id, now=clock.now())
    if kiosk is None:
        shown = board.content(session, _place(session, device))
        return render_template("kiosk/board.html", device=device, **shown)
    return render_template("kiosk/yours.html", **_content(session, kiosk))


def _content(session: Any, kiosk: KioskState) -> dict[str, Any]:
    """Everything that a kiosk in use shows."""
    at, key = clock.now(), settings().key
    place = _place(session, current_device())
    found = find_board(session, place)
    # From the code on: whoever takes a name back while the part is fetched is heard of.
    topics = [f"kiosk:{kiosk.device_id}", *topics_of(found, place)]
    person = show_kiosk(session, kiosk, now=at, key=key)
    shown = {"kiosk": kiosk, "brand": place.brand, "store": place.store, "now": at}
    shown |= {"topics": topics, "person": person}
    if person is None:
        code = queries.code_shown(kiosk, now=at, key=key)
        address = f"{settings().public_url.rstrip('/')}/me/kiosk?code={code}"
        return {**shown, "code": code, "address": address}
    return {**shown, **_around(session, place, found, person.member, at)}


def _around(
    session: Any, place: Place, found: BoardView | None, me: MemberView, at: datetime
) -> dict[str, Any]:
    """What there is in this store beside a member: their place in its league, and its looks."""
    table = running_table(session, found, rows=KIOSK_ROWS, me=me.id, now=at)
    store_id = place.store.id if place.store else None
    return {
        "table": table,
        "mine": my_neighbours(session, table, me) if table else None,
        "trending": trending_with_likes(
            session, me.brand_id, store_id=store_id, now=at, limit=TRENDING
        ),
    }


def _place(session: Any, device: DeviceView) -> Place:
    brand = brands.get_brand(session, device.brand_id)
    return asked_place(session, brand.slug, brands.get_store(session, device.store_id).slug)


def _find(session: Any) -> KioskState | None:
    return queries.find_kiosk(session, current_device().id, now=clock.now())


def _touched_by(session: Any) -> MemberView | None:
    """Whoever's phone is linked: what is touched keeps the kiosk theirs for another minute."""
    found = _find(session)
    if found is None or found.member_id is None:
        return None
    service.stay(session, found, now=clock.now())
    return accounts.get_member(session, found.member_id)


def _store(session: Any) -> StoreView:
    return brands.get_store(session, current_device().store_id)
