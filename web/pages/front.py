"""The front door: a demo's hub while developing, the way to each shop otherwise."""

from typing import Any

from flask import Blueprint, redirect, render_template
from flask_babel import gettext as _

from retail.brands import queries as brands
from web.auth import guarded, settings
from web.pages.demo import hub
from web.write import read

front = guarded(Blueprint("front", __name__), by="anyone")


@front.get("/")
@read
def show(session: Any) -> Any:
    """Where everything begins."""
    if settings().is_development:
        return hub.page(session)
    found = brands.list_brands(session)
    if len(found) == 1:
        return redirect(f"/b/{found[0].slug}")
    shops = [(brand.name, f"/b/{brand.slug}") for brand in found]
    return render_template("shopper/choose.html", shops=shops, lead=_("Each with its own league."))
