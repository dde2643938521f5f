"""Occasions out of a calendar and into one: seen first, then picked, then brought in."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext

from core import clock
from core.errors import Invalid, SwingtagError
from retail.brands import queries as brands
from retail.occasions import icalendar, importer
from web.auth import current_member, guarded
from web.fields import read_form
from web.limits import CALENDARS, limited
from web.pages.again import shown_again
from web.schemas.occasions import PickedEvents
from web.write import read, write

calendar = guarded(Blueprint("calendar_pages", __name__), by="member_page")


@calendar.get("/me/occasions/calendar")
@read
def choose(session: Any, error: SwingtagError | None = None) -> Any:
    """Choose a calendar file."""
    brand = brands.get_brand(session, current_member().brand_id)
    return render_template("shopper/calendar.html", brand=brand, events=None, error=error)


@calendar.post("/me/occasions/calendar")
@shown_again(choose)
@limited(CALENDARS)
@read
def preview(session: Any) -> Any:
    """What it would make; nothing is written yet."""
    text, me, now = _sent_text(), current_member(), clock.now()
    brand = brands.get_brand(session, me.brand_id)
    events = importer.preview(session, text, member=me, zone=brand.zone, now=now)
    return render_template("shopper/calendar.html", brand=brand, events=events, text=text)


@calendar.post("/me/occasions/calendar/picked")
@shown_again(choose)
@limited(CALENDARS)
@write
def bring_in(session: Any) -> Any:
    """Make what was picked."""
    wish, me, now = read_form(PickedEvents), current_member(), clock.now()
    zone, picked = brands.get_brand(session, me.brand_id).zone, set(wish["uids"])
    given = {"member": me, "zone": zone, "now": now}
    brought = importer.bring_in(session, wish["calendar"], picked, **given)
    flash(ngettext("%(num)s brought in.", "%(num)s brought in.", brought.made))
    return redirect("/me/occasions", 303)


def _sent_text() -> str:
    """The text of the file. Raises Invalid where there is none, or none that can be read."""
    sent = request.files.get("file")
    # So many characters have at most four times as many bytes.
    raw = sent.stream.read(4 * icalendar.MOST_CHARACTERS + 1) if sent else b""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = ""
    if not text or "\x00" in text:
        sentence = _("Choose a calendar file that ends in .ics.")
        raise Invalid("calendar_missing", sentence, fields={"file": [sentence]})
    return text
