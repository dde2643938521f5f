"""What I want to hear of, where, and when not: one form of purposes by channels."""

from datetime import time
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from connectors.push import web_push
from core import clock
from core.errors import SwingtagError
from retail.brands import queries as brands
from retail.catalogue import queries as catalogue
from retail.consent import rules as consents
from retail.journeys.members.choose_channels import choose_channels
from retail.journeys.members.sign_up_for_ranges import sign_up_for_ranges
from retail.note_page import queries as note_page
from retail.notifications import queries, rules, service
from web.auth import current_member, guarded, settings
from web.fields import read_form
from web.language import language
from web.pages.again import shown_again
from web.schemas.notes import QuietTimes
from web.write import read, write

note_choices = guarded(Blueprint("note_choices", __name__), by="member_page")


@note_choices.get("/me/notes/choices")
@read
def show(session: Any, error: SwingtagError | None = None) -> Any:
    """Everything that is on, and the quiet hours."""
    return render_template("shopper/note_choices.html", error=error, **_content(session))


@note_choices.post("/me/notes/choices")
@shown_again(show)
@write
def save(session: Any) -> Any:
    """Have exactly what is ticked on."""
    member, now = current_member(), clock.now()
    quiet = _quiet(session, member.brand_id)
    wanted = {(code, channel) for code in rules.PURPOSES for channel in _ticked(code)}
    choose_channels(session, wanted, member=member, now=now)
    service.set_quiet(session, member_id=member.id, brand_id=member.brand_id, **quiet)
    flash(_("Saved. It holds from now."))
    return redirect("/me/notes/choices", 303)


@note_choices.post("/me/notes/choices/mail")
@write
def try_mail_again(session: Any) -> Any:
    """My mailbox takes mail again."""
    member, now = current_member(), clock.now()
    service.note_mail(session, member.id, brand_id=member.brand_id, is_taken=True, now=now)
    return redirect("/me/notes/choices", 303)


@note_choices.get("/me/notes/ranges")
@read
def ranges(session: Any) -> Any:
    """The categories of which I hear."""
    member = current_member()
    return render_template(
        "shopper/ranges.html",
        brand=brands.get_brand(session, member.brand_id),
        categories=_categories(session, member.brand_id),
        chosen=queries.ranges_of(session, member.id),
    )


@note_choices.post("/me/notes/ranges")
@write
def save_ranges(session: Any) -> Any:
    """Hear of exactly what is ticked; whoever picks something agrees to hear of it."""
    member, now = current_member(), clock.now()
    known = {category.code for category in _categories(session, member.brand_id)}
    codes = known & set(request.form.getlist("category"))
    sign_up_for_ranges(session, codes, member=member, now=now)
    flash(_("Saved. It holds from now."))
    return redirect("/me/notes/ranges", 303)


@note_choices.get("/me/notes/<note_id>")
@read
def arrivals(session: Any, note_id: str) -> Any:
    """What is new, as a note of mine tells."""
    member = current_member()
    note = queries.get_own(session, note_id, member_id=member.id)
    brand = brands.get_brand(session, member.brand_id)
    styles = note_page.new_styles(session, note)
    found: dict[str, Any] = {"brand": brand, "styles": styles}
    found["drawables"] = note_page.drawables_of(session, note, styles)
    found["receipts"] = note_page.receipts_with(session, note, styles)
    return render_template("shopper/arrivals.html", **found)


def _ticked(code: str) -> list[str]:
    return [each for each in request.form.getlist(code) if each in rules.CHANNELS]


def _quiet(session: Any, brand_id: str) -> dict[str, Any]:
    given = read_form(QuietTimes)
    known = {store.id for store in brands.list_stores(session, brand_id)}
    return {
        "quiet_from": _minutes(given["quiet_from"]),
        "quiet_until": _minutes(given["quiet_until"]),
        "store_id": given["store"] if given["store"] in known else None,
        "locale": language(),
    }


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _categories(session: Any, brand_id: str) -> list[catalogue.CategoryView]:
    found = catalogue.list_categories(session, brand_id)
    return [category for category in found if not category.is_never_shareable]


def _content(session: Any) -> dict[str, Any]:
    member = current_member()
    brand = brands.get_brand(session, member.brand_id)
    setting = queries.setting_of(session, member.id, brand)
    stores = brands.list_stores(session, member.brand_id)
    has_push = bool(settings().push_key)
    return {
        "brand": brand,
        "rows": [consents.get_purpose(code) for code in rules.PURPOSES],
        "channels": [each for each in rules.CHANNELS if has_push or each != rules.PUSH],
        "push_key": web_push.public_key(settings().push_key or "") if has_push else "",
        "is_on": queries.choices_of(session, member.id),
        "quiet_from": _clock(setting.quiet.starts),
        "quiet_until": _clock(setting.quiet.ends),
        "clocks": [("", brand.name), *((each.id, each.name) for each in stores)],
        "store_id": setting.store_id or "",
        "is_mail_stopped": queries.is_mail_stopped(session, member.id),
    }


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
