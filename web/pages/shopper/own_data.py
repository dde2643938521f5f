"""What is kept about me: to see, to take along, and to delete."""

import json
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template
from flask import session as browser
from flask_babel import gettext as _

from core import clock
from retail.brands import queries as brands
from retail.journeys.members import own_data as copies
from retail.journeys.members.erase_member import erase_member
from retail.own_data.rules import FILE_NAME, as_text
from web.auth import clear_session_cookie, current_member, guarded, settings
from web.write import read, write

own_data_pages = guarded(Blueprint("own_data_pages", __name__), by="member_page")


@own_data_pages.get("/me/data")
@read
def show(session: Any) -> Any:
    """What is kept, part by part, where that is quick; and the way to a copy."""
    me = current_member()
    brand = brands.get_brand(session, me.brand_id)
    state = copies.state(session, member=me, now=clock.now())
    parts = _parts(session) if state and not state.expires_at and state.is_ready else {}
    return render_template("shopper/own_data.html", brand=brand, copy=state, parts=parts)


@own_data_pages.post("/me/data")
@write
def ask(session: Any) -> Any:
    """Have a copy gathered."""
    copies.ask(session, member=current_member(), now=clock.now())
    return redirect("/me/data", 303)


@own_data_pages.post("/me/data/download")
@write
def download(session: Any) -> Response:
    """My copy, as a file."""
    me, key = current_member(), settings().key
    text = as_text(copies.take(session, member=me, now=clock.now(), key=key))
    disposition = f'attachment; filename="{FILE_NAME}"'
    headers = {"Content-Disposition": disposition}
    return Response(text, content_type="application/json; charset=utf-8", headers=headers)


@own_data_pages.get("/me/delete")
@read
def farewell(session: Any) -> Any:
    """What deleting does, before it is done."""
    brand = brands.get_brand(session, current_member().brand_id)
    return render_template("shopper/delete.html", brand=brand)


@own_data_pages.post("/me/delete")
@write
def delete(session: Any) -> Any:
    """Erase me."""
    me = current_member()
    address = f"/b/{brands.get_brand(session, me.brand_id).slug}"
    erase_member(session, member=me, now=clock.now(), key=settings().key)
    return _gone(address)


def _gone(address: str) -> Any:
    browser.clear()
    flash(_("Gone. We’ve deleted what we kept about you."))
    response = redirect(address, 303)
    clear_session_cookie(response)
    return response


def _parts(session: Any) -> dict[str, str]:
    key = settings().key
    document = copies.gather(session, member=current_member(), now=clock.now(), key=key)
    titles = {
        "profile": _("Profile and signed-in devices"),
        "consents": _("What you agreed to"),
        "receipts": _("Receipts you claimed"),
        "outfits": _("Looks"),
        "likes": _("Likes given and got"),
        "league": _("League"),
        "points": _("Points"),
        "vouchers": _("Vouchers"),
        "voucher_uses": _("Where you used vouchers"),
        "looks_at_my_data": _("Who looked at your data"),
    }
    return {
        titles.get(name) or _(name.replace("_", " ").capitalize()): json.dumps(
            document[name], ensure_ascii=False, indent=2
        )
        for name in copies.EXPORTERS
    }
