"""My phone in a fitting room: linked by the code on its screen, until that is wiped or I leave.

Where no reader tells what is in the room, its phone does, by scanning labels.
"""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from core import clock
from core.errors import Conflict, Invalid, SwingtagError
from retail.brands import queries as brands
from retail.catalogue import queries as catalogue
from retail.catalogue.digital_link import piece_not_found
from retail.catalogue.queries import VariantView
from retail.catalogue.scanned import find_gtin
from retail.devices import queries as devices
from retail.fitting_rooms import labels, links
from retail.fitting_rooms.links import LinkView
from retail.fitting_rooms.rules import Spot
from retail.journeys.floor.show_room import show_room
from web.auth import current_member, guarded, settings
from web.fields import read_form
from web.limits import GUESSES, LIKES, limited
from web.pages.again import shown_again
from web.schemas.devices import RoomCode, RoomLabel
from web.write import glances, read, write

my_room = guarded(Blueprint("my_room", __name__, url_prefix="/me/room"), by="member_page")


@my_room.get("")
@read
def show(session: Any, error: SwingtagError | None = None, **_unused: Any) -> str:
    """The room that my phone is linked to, or how to link it."""
    code = (request.form.get("code") or request.args.get("code", ""))[:12]
    page = shown_room(session)
    if not page["link"] and code and error is None:
        page["asks"], error = _asks(session, code)
    return render_template("shopper/room.html", code=code, error=error, **page)


@my_room.post("/link")
@limited(GUESSES)
@shown_again(show)
@write
def link(session: Any) -> Any:
    """Link my phone to the room whose screen shows a code."""
    told = {"member": current_member(), "now": clock.now(), "key": settings().key}
    links.link(session, read_form(RoomCode)["code"], **told)
    return redirect("/me/room", 303)


@my_room.post("/unlink")
@write
def unlink(session: Any) -> Any:
    """Part my phone from the room; its screen forgets me at once."""
    links.unlink_member(session, current_member().id)
    flash(_("Unlinked. The room’s screen shows nothing of you any more."))
    return redirect("/me/room", 303)


@my_room.post("/pieces")
@shown_again(show)
@limited(LIKES)
@write
def bring_in(session: Any) -> Any:
    """Show a piece on the room's screen: the phone read its label."""
    linked, found = _linked(session), _labelled(session, read_form(RoomLabel)["label"])
    labels.bring_in(session, linked, found.id, now=clock.now())
    flash(_("It’s on the room’s screen."))
    return redirect("/me/room", 303)


@my_room.post("/pieces/<variant_id>/out")
@shown_again(show)
@write
def take_out(session: Any, variant_id: str) -> Any:
    """Take a piece that was scanned off the room's screen."""
    labels.take_out(session, _linked(session), variant_id, now=clock.now())
    return redirect("/me/room", 303)


def _linked(session: Any) -> LinkView:
    """The room that my phone is linked to. Raises Conflict."""
    found = links.link_of(session, current_member().id)
    if found is None:
        raise Conflict("room_not_linked", _("Your phone isn’t linked to a room any more."))
    return found


def _labelled(session: Any, label: str) -> VariantView:
    """The piece of my brand with this label. Raises NotFound."""
    gtin = find_gtin(label)
    found = catalogue.find_variant(session, current_member().brand_id, gtin=gtin) if gtin else None
    if found is None or found.is_never_shareable:
        raise piece_not_found()
    return found


def shown_room(session: Any) -> dict[str, Any]:
    """What a page about my room needs; without a link there is no room in it."""
    me = current_member()
    found = links.link_of(session, me.id)
    told = {"brand": brands.get_brand(session, me.brand_id), "link": found}
    return told if found is None else told | _room_of(session, found)


def _room_of(session: Any, found: LinkView) -> dict[str, Any]:
    # What goes with it stands on the big screen; ranking it again for the phone is not worth it.
    with glances() as ask:
        page = show_room(ask, lambda: session, found.spot, goes_with=None, now=clock.now())
    scanned = labels.scanned_in(session, found.session_id)
    return {"page": page, "place": _place(session, found.spot), "scanned": scanned}


def _place(session: Any, spot: Spot) -> dict[str, str]:
    """What the room and its store are called."""
    zone = devices.zones_in(session, [spot.store_id])[spot.zone_id]
    return {"room": zone.name, "store": brands.get_store(session, spot.store_id).name}


def _asks(session: Any, code: str) -> tuple[dict[str, str] | None, SwingtagError | None]:
    """Which room to link to, or why there is none."""
    told = {"member": current_member(), "now": clock.now(), "key": settings().key}
    try:
        return _place(session, links.is_shown(session, code, **told)), None
    except (Invalid, Conflict) as error:
        return None, error
