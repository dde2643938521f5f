"""Changing what earns points: a form, what it would have given, and terms from a file."""

import json
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from core import clock
from core.errors import Invalid, SwingtagError
from loyalty.earning import queries as earning
from loyalty.earning.foresee import Foreseen
from loyalty.earning.rules import Terms
from loyalty.earning.terms import read_terms, write_terms
from retail.brands import queries as brands
from retail.catalogue.queries import list_categories
from retail.journeys.points.foresee_points import SPAN, foresee_points
from retail.journeys.points.set_terms import set_terms
from retail.staff import roles
from web.auth import current_staff, guarded, needs
from web.fields import read_form
from web.pages.again import shown_again
from web.pages.staff import terms_form as forms
from web.pages.staff.boxes import DAYS
from web.pages.staff.points import setter_brand_id
from web.pages.staff.points_words import rule_words
from web.pages.staff.terms_fields import EXPIRIES, kinds
from web.pages.staff.terms_form import Typed
from web.schemas.points import HeldVersion
from web.write import read, write

points_edit = guarded(
    Blueprint("points_edit", __name__, url_prefix="/staff/points"), by="staff_page"
)
MOST_BYTES = 200_000


@dataclass(frozen=True)
class Tried:
    """Terms that were typed without a fault, and what they would have given."""

    terms: Terms
    gives: Foreseen


@points_edit.get("/edit")
@needs(roles.SET_POINTS)
@read
def edit(session: Any, error: SwingtagError | None = None) -> str:
    """The form with the terms that hold, or with what was typed and what is wrong."""
    return _page(session, _typed(session), error=error)


@points_edit.post("/edit")
@needs(roles.SET_POINTS)
@shown_again(edit)
@write
def save(session: Any) -> Any:
    """Have what was typed hold from now on, as the next version."""
    asked, version = forms.read(forms.typed_form(request.form)), read_form(HeldVersion)["version"]
    how = {"instead_of": version, "made_by": current_staff().id, "now": clock.now()}
    held = set_terms(session, setter_brand_id(), write_terms(asked), **how)
    flash(_("Version %(version)s holds from now on.", version=held.version))
    return redirect("/staff/points", 303)


@points_edit.post("/edit/try")
@needs(roles.SET_POINTS)
@shown_again(edit)
@read
def try_out(session: Any) -> str:
    """Add or remove a rule; or say what the receipts of the last weeks would have earned."""
    typed = forms.typed_form(request.form)
    if forms.do(typed, request.form.get("do", ""), request.form.get("new.rules", "")):
        return _page(session, typed)
    asked = forms.read(typed)
    gives = foresee_points(session, setter_brand_id(), asked, now=clock.now())
    return _page(session, typed, tried=Tried(asked, gives))


@points_edit.get("/file")
@needs(roles.SET_POINTS)
@read
def choose_file(session: Any, error: SwingtagError | None = None) -> str:
    """Where a file is chosen, or its text typed."""
    held = earning.current_terms(session, setter_brand_id())
    text = json.dumps(write_terms(held), indent=2, ensure_ascii=False) if held else ""
    typed = request.form.get("text", "") if request.method == "POST" else text
    return render_template("staff/points_file.html", error=error, held=held, text=typed)


@points_edit.post("/file")
@needs(roles.SET_POINTS)
@shown_again(choose_file)
@read
def bring_in(session: Any) -> str:
    """Put the terms of a file into the form; nothing holds until it is saved there."""
    terms = read_terms(_document())
    return _page(session, forms.typed_terms(terms), is_from_file=True)


def _typed(session: Any) -> Typed:
    brand_id = setter_brand_id()
    if request.method == "POST":
        return forms.typed_form(request.form)
    held = earning.current_terms(session, brand_id)
    currency = brands.get_brand(session, brand_id).currency
    return forms.typed_terms(held) if held else forms.beginning(currency)


def _page(
    session: Any,
    typed: Typed,
    *,
    error: SwingtagError | None = None,
    tried: Tried | None = None,
    is_from_file: bool = False,
) -> str:
    brand, now = brands.get_brand(session, setter_brand_id()), clock.now()
    held = earning.current_terms(session, brand.id)
    wrong = error.data.get("fields", {}) if error else {}
    return render_template(
        "staff/points_edit.html",
        brand=brand,
        held=held,
        gave=foresee_points(session, brand.id, held, now=now) if held and tried else None,
        tried=tried,
        error=error,
        wrong=wrong,
        head=typed.head,
        boxes=forms.head_boxes(typed, wrong),
        rules=forms.rows(typed, wrong),
        # A conflict is told of once; saving after it means to.
        version=held.version if held else 0,
        kinds=kinds(),
        called=_called(session, brand.id),
        expiries=EXPIRIES,
        weekdays=DAYS,
        rule_words=rule_words,
        days=SPAN.days,
        is_from_file=is_from_file,
    )


def _called(session: Any, brand_id: str) -> list[tuple[str, str]]:
    """The labels that rules may name, each with what it stands for."""
    goods = [(f"category:{one.code}", one.name) for one in list_categories(session, brand_id)]
    stores = [(f"store:{one.slug}", one.name) for one in brands.list_stores(session, brand_id)]
    return [*goods, *stores]


def _document() -> Any:
    sent = request.files.get("file")
    try:
        if sent is not None and sent.filename:
            return json.loads(sent.read(MOST_BYTES).decode("utf-8-sig"))
        return json.loads(request.form.get("text", ""))
    except ValueError as error:
        sentence = _("This is no JSON: %(what)s", what=error)
        raise Invalid("file_invalid", sentence, fields={"file": [sentence]}) from None
