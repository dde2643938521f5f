"""A member's visits, as an API."""

from typing import Any

from flask_smorest import Blueprint

from core import clock
from retail.brands import queries as brands
from retail.journeys.floor.greet import come_in, forget_visit
from retail.visits import queries
from retail.visits.rules import VisitView
from web.auth import current_member, guarded
from web.limits import CHECK_INS, LIKES, limited
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
@limited(CHECK_INS)
@write
@visits.arguments(CheckIn)
@visits.response(200, schema_of(VisitView))
def check_in(session: Any, where: dict[str, str]) -> VisitView:
    """Check in at a store, once for each of its days: again, the first visit is answered.

    Who agreed to be greeted is shown to those who work there for 15 minutes; see `/me/greeting`.
    """
    member = current_member()
    store = brands.get_store_by_slug(session, member.brand_id, where["store"])
    return come_in(session, store, member=member, way="app", now=clock.now())


@visits.delete("/me/visits/<visit_id>")
@limited(LIKES)
@write
@visits.response(204)
def forget(session: Any, visit_id: str) -> None:
    """Delete a visit, and be greeted there no more; what is not the member's changes nothing."""
    forget_visit(session, visit_id, member=current_member())
