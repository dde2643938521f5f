"""What earns points: the terms that hold, in words and as a file, with their versions."""

import json
from typing import Any

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _

from core import clock
from core.errors import Forbidden
from loyalty.earning import queries as earning
from loyalty.earning.terms import write_terms
from retail.brands import queries as brands
from retail.journeys.points.foresee_points import SPAN, foresee_points
from retail.staff import queries as staff
from retail.staff import roles
from web.auth import current_staff, guarded, needs
from web.pages.staff.points_words import editions, expiry_words, rule_words
from web.write import read

staff_points = guarded(
    Blueprint("staff_points", __name__, url_prefix="/staff/points"), by="staff_page"
)


@staff_points.get("")
@needs(roles.SET_POINTS)
@read
def show(session: Any) -> str:
    """The terms that hold, what they gave lately, and what each version changed, by whom."""
    brand, now = brands.get_brand(session, setter_brand_id()), clock.now()
    held, versions = earning.current_terms(session, brand.id), earning.versions(session, brand.id)
    page = {"gave": foresee_points(session, brand.id, held, now=now) if held else None}
    page |= {"versions": editions(versions), "names": _names(session, versions)}
    words = {"rule_words": rule_words, "expiry_words": expiry_words, "days": SPAN.days}
    return render_template("staff/points.html", brand=brand, held=held, now=now, **page, **words)


@staff_points.get("/terms.json")
@needs(roles.SET_POINTS)
@read
def download(session: Any) -> Response:
    """The terms that hold as a file that another installation imports."""
    brand = brands.get_brand(session, setter_brand_id())
    held = earning.current_terms(session, brand.id)
    document = write_terms(held) if held else {"currency": brand.currency, "rules": []}
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    headers = {"Content-Disposition": f'attachment; filename="points-{brand.slug}.json"'}
    return Response(text, content_type="application/json", headers=headers)


def setter_brand_id() -> str:
    """The brand of who sets points and tiers. Raises Forbidden for who works in one store."""
    me = current_staff()
    if me.store_id is not None:
        sentence = _("Terms are the whole brand’s; ask somebody who works for every store.")
        raise Forbidden("brand_only", sentence)
    return me.brand_id


def _names(session: Any, versions: list[earning.VersionView]) -> dict[str, str]:
    return staff.names_of_staff(session, {one.made_by for one in versions if one.made_by})
