"""What earns points: the terms that hold, in words, what others would have given, and a change."""

import json
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from core import clock
from core.errors import Forbidden, Invalid, SwingtagError
from loyalty.earning import queries as earning
from loyalty.earning.rules import Terms
from loyalty.earning.terms import read_terms, write_terms
from loyalty.tiers import queries as ladders
from retail.brands import queries as brands
from retail.journeys.foresee_points import SPAN, foresee_points
from retail.journeys.set_terms import set_terms
from retail.staff import roles
from web.auth import current_staff, guarded, needs
from web.fields import read_form
from web.pages.again import shown_again
from web.pages.staff.points_words import expiry_words, rule_words
from web.schemas.points import TermsForm
from web.write import read, write

staff_points = guarded(
    Blueprint("staff_points", __name__, url_prefix="/staff/points"), by="staff_page"
)


@staff_points.get("")
@needs(roles.SET_POINTS)
@read
def show(session: Any, error: SwingtagError | None = None) -> str:
    """The terms that hold and their versions, tiers, and a box to write other terms in."""
    return render_template("staff/points.html", **_page(session), error=error)


@staff_points.post("/preview")
@needs(roles.SET_POINTS)
@shown_again(show)
@read
def preview(session: Any) -> str:
    """What the receipts of the last weeks would have earned under the terms in the box."""
    asked, _version = _asked()
    would = foresee_points(session, _brand_id(), asked, now=clock.now())
    return render_template("staff/points.html", **_page(session), asked=asked, would=would)


@staff_points.post("")
@needs(roles.SET_POINTS)
@shown_again(show)
@write
def change(session: Any) -> Any:
    """Have the terms in the box hold from now on, as the next version."""
    asked, version = _asked()
    document, now = write_terms(asked), clock.now()
    held = set_terms(session, _brand_id(), document, instead_of=version, now=now)
    flash(_("Version %(version)s holds from now on.", version=held.version))
    return redirect("/staff/points", 303)


def _page(session: Any) -> dict[str, Any]:
    brand_id = _brand_id()
    held, now = earning.current_terms(session, brand_id), clock.now()
    typed = request.form.get("terms") if request.method == "POST" else None
    brand = brands.get_brand(session, brand_id)
    document = write_terms(held) if held else {"currency": brand.currency, "rules": []}
    return {
        "brand": brand,
        "held": held,
        "gave": foresee_points(session, brand_id, held, now=now) if held else None,
        "versions": earning.versions(session, brand_id),
        "ladder": ladders.find_ladder(session, brand_id),
        "typed": typed or json.dumps(document, indent=2),
        "days": SPAN.days,
        "rule_words": rule_words,
        "expiry_words": expiry_words,
        "now": now,
    }


def _asked() -> tuple[Terms, int]:
    form = read_form(TermsForm)
    try:
        document = json.loads(form["terms"])
    except ValueError as error:
        sentence = _("This is no JSON: %(what)s", what=error)
        raise Invalid("terms_unclear", sentence, fields={"terms": [sentence]}) from error
    return read_terms(document), form["version"]


def _brand_id() -> str:
    me = current_staff()
    if me.store_id is not None:
        sentence = _("Terms are the whole brand’s; ask somebody who works for every store.")
        raise Forbidden("brand_only", sentence)
    return me.brand_id
