"""A brand's front page on a phone."""

from typing import Any

from flask import Blueprint, render_template

from core import clock
from retail.brands import queries as brands
from web.auth import guarded
from web.pages.viewer import viewer_of
from web.pages.wall import trending_with_likes
from web.write import read

brand = guarded(Blueprint("brand", __name__), by="anyone")
LOOKS = 6


@brand.get("/b/<brand_slug>")
@read
def show(session: Any, brand_slug: str) -> Any:
    """How it works, where to type a code, and what trends."""
    found = brands.get_brand_by_slug(session, brand_slug)
    return render_template(
        "shopper/brand.html",
        brand=found,
        stores=brands.list_stores(session, found.id),
        trending=trending_with_likes(session, found.id, now=clock.now(), limit=LOOKS),
        viewer=viewer_of(found.id),
    )
