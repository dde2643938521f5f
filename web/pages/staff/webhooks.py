"""Webhooks: the systems that are told what happens, what came of it, and sending it again."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext

from core import clock
from core.errors import Forbidden, SwingtagError
from retail.staff import roles
from retail.webhooks import queries, rules, service
from retail.webhooks.queries import Counts, EndpointView
from web.auth import current_staff, guarded, needs, settings
from web.fields import limits, read_form
from web.pages.again import shown_again
from web.schemas.webhooks import NewEndpointForm, NextSecret, ReplayForm
from web.write import read, write

staff_webhooks = guarded(
    Blueprint("staff_webhooks", __name__, url_prefix="/staff/webhooks"), by="staff_page"
)
_PAGE = 25


@staff_webhooks.get("")
@needs(roles.MANAGE_WEBHOOKS)
@read
def show(session: Any, error: SwingtagError | None = None) -> str:
    """The brand's endpoints and how each does."""
    brand_id = _brand_id()
    endpoints = queries.list_endpoints(session, brand_id)
    counts = queries.counts_of(session, brand_id)
    page = {"endpoints": endpoints, "counts": counts, "none": Counts(), "types": rules.TYPES}
    form = limits(NewEndpointForm)
    return render_template("staff/webhooks.html", error=error, limits=form, **page)


@staff_webhooks.post("")
@needs(roles.MANAGE_WEBHOOKS)
@shown_again(show)
@write
def add(session: Any) -> Any:
    """Have an address told, and show its secret this once."""
    given, place = read_form(NewEndpointForm), {"brand_id": _brand_id()}
    local, now = settings().is_development, clock.now()
    wish = {**place, **given, "allows_local": local}
    return _secret(*service.create(session, **wish, now=now, key=settings().key))


@staff_webhooks.get("/<endpoint_id>")
@needs(roles.MANAGE_WEBHOOKS)
@read
def look(session: Any, endpoint_id: str, error: SwingtagError | None = None, **_unused: Any) -> str:
    """One endpoint with its log, page by page."""
    brand_id, state = _brand_id(), request.args.get("state")
    shown = {"state": state if state in rules.STATES else None, "limit": _PAGE}
    after = request.args.get("after") or None
    place = {"brand_id": brand_id, "after": after}
    log = queries.list_deliveries(session, endpoint_id, **place, **shown)
    page = {"endpoint": queries.get_endpoint(session, endpoint_id, brand_id=brand_id), "log": log}
    return render_template("staff/webhook.html", error=error, state=shown["state"], **page)


@staff_webhooks.post("/<endpoint_id>/secret")
@needs(roles.MANAGE_WEBHOOKS)
@shown_again(look)
@write
def rotate(session: Any, endpoint_id: str) -> Any:
    """Give it a new secret, and show that this once."""
    wish = {"brand_id": _brand_id(), **read_form(NextSecret)}
    return _secret(
        *service.rotate(session, endpoint_id, **wish, now=clock.now(), key=settings().key)
    )


@staff_webhooks.post("/<endpoint_id>/test")
@needs(roles.MANAGE_WEBHOOKS)
@shown_again(look)
@write
def test(session: Any, endpoint_id: str) -> Any:
    """Send a test."""
    service.send_test(session, endpoint_id, brand_id=_brand_id(), now=clock.now())
    return _back(endpoint_id, _("A test is on its way. Open this page again to see the answer."))


@staff_webhooks.post("/<endpoint_id>/replay")
@needs(roles.MANAGE_WEBHOOKS)
@shown_again(look)
@write
def replay(session: Any, endpoint_id: str) -> Any:
    """Send one message, or all of the last hours, again."""
    now, wish = clock.now(), read_form(ReplayForm)
    hours = wish.pop("hours", None)
    since = now - timedelta(hours=hours) if hours else None
    place = {"brand_id": _brand_id(), "since": since}
    count = service.replay(session, endpoint_id, **place, **wish, now=now)
    said = ngettext("%(num)s message is sent again.", "%(num)s messages are sent again.", count)
    return _back(endpoint_id, said)


@staff_webhooks.post("/<endpoint_id>/disable")
@needs(roles.MANAGE_WEBHOOKS)
@write
def disable(session: Any, endpoint_id: str) -> Any:
    """Call it no more."""
    service.disable(session, endpoint_id, brand_id=_brand_id(), now=clock.now())
    return _back(endpoint_id, _("Disabled. What happens meanwhile can be sent later."))


@staff_webhooks.post("/<endpoint_id>/enable")
@needs(roles.MANAGE_WEBHOOKS)
@write
def enable(session: Any, endpoint_id: str) -> Any:
    """Call it again."""
    service.enable(session, endpoint_id, brand_id=_brand_id(), now=clock.now())
    return _back(endpoint_id, _("Enabled. What was missed is sent when you say so."))


@staff_webhooks.post("/<endpoint_id>/delete")
@needs(roles.MANAGE_WEBHOOKS)
@write
def delete(session: Any, endpoint_id: str) -> Any:
    """Forget it with its log."""
    service.remove(session, endpoint_id, brand_id=_brand_id())
    flash(_("Deleted, with its log."))
    return redirect("/staff/webhooks", 303)


def _brand_id() -> str:
    """Systems belong to the brand, so who works in one store only does not see them."""
    me = current_staff()
    if me.store_id is not None:
        raise Forbidden("store_too_narrow", _("Webhooks are looked after for the whole brand."))
    return me.brand_id


def _secret(endpoint: EndpointView, secret: str | None) -> str:
    return render_template("staff/webhook_secret.html", endpoint=endpoint, secret=secret)


def _back(endpoint_id: str, said: str) -> Any:
    flash(said)
    return redirect(f"/staff/webhooks/{endpoint_id}", 303)
