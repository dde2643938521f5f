"""A member's own data: take it along, and leave for good."""

from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields

from core import clock
from retail.journeys.members import own_data as copies
from retail.journeys.members.erase_member import erase_member
from retail.journeys.members.own_data import CopyState
from web.auth import current_member, guarded, settings
from web.openapi import schema_of
from web.write import write, write_rebuilt

own_data = guarded(
    Blueprint("own_data", __name__, description="All that is kept about the member"), "member"
)
EVERYTHING = Schema.from_dict(
    {
        "member_id": fields.String(),
        "gathered_at": fields.String(),
        **{name: fields.Raw() for name in copies.EXPORTERS},
    },
    name="Everything",
)


@own_data.get("/me/data")
@write_rebuilt  # it says whom the log remembers as having looked
@own_data.response(200, EVERYTHING)
def take(session: Any) -> dict[str, Any]:
    """Everything that is kept about the member. A big copy is asked for first, by POST."""
    return copies.take(session, member=current_member(), now=clock.now(), key=settings().key)


@own_data.post("/me/data")
@write_rebuilt
@own_data.response(202, schema_of(CopyState))
def ask(session: Any) -> CopyState:
    """Have the copy gathered; within five minutes it is ready, for a day."""
    return copies.ask(session, member=current_member(), now=clock.now())


@own_data.delete("/me")
@write
@own_data.response(204)
def erase(session: Any) -> None:
    """Erase the member for good: looks, likes, places on running boards, name and address."""
    erase_member(session, member=current_member(), now=clock.now(), key=settings().key)
