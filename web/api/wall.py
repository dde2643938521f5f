"""The brand wall, as an API: what hangs there, and asking for somebody to look at a look."""

from dataclasses import dataclass
from typing import Any

from flask_smorest import Blueprint

from core import clock
from retail.brands import queries as brands
from retail.journeys.looks.report_look import report_look
from retail.wall_page import queries
from retail.wall_page.queries import WallPage
from web.auth import current_member, guarded
from web.limits import REPORTS, limited
from web.openapi import schema_of
from web.schemas.wall import WallQuery
from web.write import read, write


@dataclass(frozen=True)
class Reported:
    """Somebody will look at it; the answer is the same the second time."""

    outfit_id: str


walls = guarded(Blueprint("walls", __name__, description="The brand wall"), "anyone")
reports = guarded(Blueprint("reports", __name__, description="Reports of what hangs"), "member")


@walls.get("/wall")
@read
@walls.arguments(WallQuery, location="query")
@walls.response(200, schema_of(WallPage))
def show(session: Any, query: dict[str, Any]) -> WallPage:
    """The looks on the wall of a brand or a store, newest first, page by page."""
    brand = brands.get_brand_by_slug(session, query.pop("brand"))
    slug = query.pop("store", None)
    store_id = brands.get_store_by_slug(session, brand.id, slug).id if slug else None
    return queries.get_wall(session, brand.id, store_id=store_id, **query)


@reports.put("/outfits/<outfit_id>/report")
@limited(REPORTS)
@write
@reports.response(200, schema_of(Reported))
def report(session: Any, outfit_id: str) -> Reported:
    """Ask the shop to look at a look; once for each member and look."""
    report_look(session, outfit_id, member=current_member(), now=clock.now())
    return Reported(outfit_id)
