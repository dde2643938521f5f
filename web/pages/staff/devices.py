"""The devices of whoever's stores: let in by the code that they show, renamed, revoked."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext as _

from core import clock
from core.errors import Invalid, SwingtagError
from retail.brands import queries as brands
from retail.brands.queries import StoreView
from retail.devices import queries, rules, service
from retail.staff import roles
from web.auth import current_staff, guarded, needs, settings
from web.fields import read_form
from web.limits import GUESSES, limited
from web.pages.again import shown_again
from web.schemas.devices import AntennasForm, LetInForm, RenameForm
from web.write import read, write

staff_devices = guarded(
    Blueprint("staff_devices", __name__, url_prefix="/staff/devices"), by="staff_page"
)


@staff_devices.get("")
@needs(roles.MANAGE_DEVICES)
@read
def show(session: Any, error: SwingtagError | None = None, **_unused: Any) -> str:
    """What stands where, and when it was last heard of."""
    return render_template("staff/devices.html", error=error, **_standing(session))


@staff_devices.post("")
@needs(roles.MANAGE_DEVICES)
@limited(GUESSES)
@shown_again(show)
@write
def let_in(session: Any) -> Any:
    """Let the device in that shows a code."""
    given, brand_id = read_form(LetInForm), current_staff().brand_id
    place = rules.check_place(_store(session, given.pop("store")), *_typed(given))
    told = {"brand_id": brand_id, "now": clock.now(), "key": settings().key}
    service.let_in(session, given["code"], place, **told)
    flash(_("It’s in. Within a few seconds it begins by itself."))
    return redirect("/staff/devices", 303)


@staff_devices.post("/<device_id>/rename")
@needs(roles.MANAGE_DEVICES)
@shown_again(show)
@write
def rename(session: Any, device_id: str) -> Any:
    """Call a device something else."""
    device = queries.get_device(session, device_id, store_ids=my_stores(session))
    service.rename(session, device, read_form(RenameForm)["name"])
    return redirect("/staff/devices", 303)


@staff_devices.post("/<device_id>/antennas")
@needs(roles.MANAGE_DEVICES)
@shown_again(show)
@write
def remap(session: Any, device_id: str) -> Any:
    """Say anew in which zones a reader's antennas are."""
    device = queries.get_device(session, device_id, store_ids=my_stores(session))
    service.remap(session, device, read_form(AntennasForm)["antennas"])
    flash(_("Saved. Its next reads count there."))
    return redirect("/staff/devices", 303)


@staff_devices.post("/<device_id>/revoke")
@needs(roles.MANAGE_DEVICES)
@write
def revoke(session: Any, device_id: str) -> Any:
    """Let a device do nothing from now on."""
    device = queries.get_device(session, device_id, store_ids=my_stores(session))
    service.revoke(session, device, now=clock.now())
    flash(_("Revoked. It can do nothing from now on."))
    return redirect("/staff/devices", 303)


def _standing(session: Any) -> dict[str, Any]:
    """What stands in my stores, and what is to be known of it."""
    stores, now = my_stores(session), clock.now()
    found = queries.devices_in(session, stores)
    zones = queries.zones_in(session, stores)
    return {
        "devices": found,
        "stores": stores,
        "silent": {one.id for one in found if rules.is_silent(one.seen_at, now)},
        "typed": {one.id: rules.as_typed(one.antennas_in(zones)) for one in found},
        "now": now,
        "options": [(store.id, store.name) for store in stores.values()],
    }


def my_stores(session: Any) -> dict[str, StoreView]:
    """Where whoever is signed in works, by id."""
    me = current_staff()
    found = brands.list_stores(session, me.brand_id)
    return {store.id: store for store in found if me.store_id in (None, store.id)}


def _store(session: Any, asked: str) -> str:
    """The store that was chosen, or the only one. Raises Invalid."""
    mine = my_stores(session)
    if not asked and len(mine) == 1:
        return next(iter(mine))
    if asked not in mine:
        problem = {"store": [_("Choose where it stands.")]}
        raise Invalid("device_invalid", _("Choose where it stands."), fields=problem)
    return asked


def _typed(given: dict[str, str]) -> tuple[str, str, str]:
    return given["zone"], given["name"], given["antennas"]
