"""What a brand owes, for its accounts."""

from typing import Any

from flask_smorest import Blueprint

from core import clock
from retail.liability.queries import Liability, liability_of
from web.auth import current_key, guarded
from web.openapi import schema_of
from web.schemas.liability import LiabilityQuery
from web.write import read

liability = guarded(
    Blueprint("liability", __name__, description="Points and vouchers outstanding"), "integrator"
)


@liability.get("/liability")
@read
@liability.arguments(LiabilityQuery, location="query")
@liability.response(200, schema_of(Liability))
def show(session: Any, query: dict[str, Any]) -> Liability:
    """Points and vouchers outstanding by the month in which they end; about nobody."""
    return liability_of(session, current_key().brand_id, now=clock.now(), **query)
