"""A member's visits, as an API."""

from typing import Any

from flask_smorest import Blueprint

from core import clock
from retail.brands import queries as brands
from retail.visits import queries, service
from retail.visits.rules import VisitView
from web.auth import current_member, guarded
from web.limits import LIKES, limited
from web.openapi import schema_of
from web.schemas.visits import CheckIn
from web.write import read, write

visits = guarded(Blueprint("visits", __name__, description="Checking in at stores"), "member")


@visits.get("/me/visits")
@read
@visits.response(200, schema_of(VisitView)(many=True))
def list_visits(session: Any) -> list[VisitView]:
    """Where the member checked in during the last 14 days, the last first."""
    return queries.visits_of(session, current_member().id)


@visits.post("/me/visits")
@limited(LIKES)
@write
@visits.arguments(CheckIn)
@visits.response(200, schema_of(VisitView))
def check_in(session: Any, where: dict[str, str]) -> VisitView:
    """Check in at a store, once for each of its days: again, the first visit is answered."""
    member = current_member()
    store = brands.get_store_by_slug(session, member.brand_id, where["store"])
    return service.check_in(session, store, member=member, now=clock.now())


@visits.delete("/me/visits/<visit_id>")
@limited(LIKES)
@write
@visits.response(204)
def forget(session: Any, visit_id: str) -> None:
    """Delete a visit; what is not there, or not the member's, changes nothing."""
    service.forget(session, visit_id, member=current_member())
