"""Occasions of members: who wears what where, as an API."""

from typing import Any

from flask import Response
from flask_smorest import Blueprint

from core import clock
from retail.brands import queries as brands
from retail.journeys.occasions.plan_outfit import piece_with, plan_outfit
from retail.journeys.occasions.show_occasion import show_occasion
from retail.occasions import icalendar, importer, queries, service
from retail.occasions.importer import BroughtIn, PreviewedEvent
from retail.occasions.queries import OccasionPage
from retail.occasions.rules import NewOccasion
from web.auth import current_member, guarded
from web.limits import CALENDARS, INVITATIONS, LIKES, limited
from web.openapi import schema_of
from web.schemas import occasions as schemas
from web.schemas.occasions import OccasionMade, OccasionRead
from web.write import read, write

TEXT = {"type": "string"}

occasions = guarded(
    Blueprint("occasions", __name__, description="Occasions: who brings what where"), "member"
)


@occasions.get("/me/occasions")
@read
@occasions.arguments(schemas.OccasionsQuery, location="query")
@occasions.response(200, schema_of(OccasionPage))
def list_occasions(session: Any, query: dict[str, Any]) -> OccasionPage:
    """What the member made or was asked to: to come, the next first, or over, the last first."""
    is_past = query.pop("past")
    me, now = current_member(), clock.now()
    return queries.occasions_of(session, me.id, now=now, is_past=is_past, **query)


@occasions.post("/me/occasions")
@limited(LIKES)
@write
@occasions.arguments(schemas.OccasionWish)
@occasions.response(201, schema_of(OccasionMade))
def make(session: Any, wish: NewOccasion) -> OccasionMade:
    """Make an occasion, to which the member comes."""
    made = service.make(session, wish, member=current_member(), now=clock.now())
    return OccasionMade(made or "")


@occasions.get("/me/occasions/<occasion_id>")
@read
@occasions.response(200, schema_of(OccasionRead))
def show(session: Any, occasion_id: str) -> OccasionRead:
    """An occasion with the member's own plan, and who plans the same as far as both agreed."""
    me, now = current_member(), clock.now()
    return schemas.told(show_occasion(session, occasion_id, viewer=me, now=now))


@occasions.put("/me/occasions/<occasion_id>")
@limited(LIKES)
@write
@occasions.arguments(schemas.OccasionWish)
@occasions.response(204)
def edit(session: Any, wish: NewOccasion, occasion_id: str) -> None:
    """Change one's own occasion."""
    service.edit(session, occasion_id, wish, member=current_member())


@occasions.delete("/me/occasions/<occasion_id>")
@limited(LIKES)
@write
@occasions.response(204)
def remove(session: Any, occasion_id: str) -> None:
    """Delete one's own occasion, for everybody."""
    service.remove(session, occasion_id, member=current_member())


@occasions.put("/me/occasions/<occasion_id>/answer")
@limited(LIKES)
@write
@occasions.arguments(schemas.OccasionAnswer)
@occasions.response(204)
def answer(session: Any, sent: dict[str, str], occasion_id: str) -> None:
    """Come, or don't, or leave; the plan of who does not come goes."""
    reply, now = sent["answer"], clock.now()
    service.answer(session, occasion_id, reply, member=current_member(), now=now)


@occasions.post("/me/occasions/<occasion_id>/guests")
@limited(INVITATIONS)
@write
@occasions.arguments(schemas.Guests)
@occasions.response(204)
def invite(session: Any, sent: dict[str, list[str]], occasion_id: str) -> None:
    """Ask friends to come to one's own occasion; each is told once."""
    who = {"member": current_member(), "now": clock.now()}
    service.invite(session, occasion_id, sent["friend_ids"], **who)


@occasions.delete("/me/occasions/<occasion_id>/guests/<friend_id>")
@limited(LIKES)
@write
@occasions.response(204)
def uninvite(session: Any, occasion_id: str, friend_id: str) -> None:
    """Ask somebody no more; without having asked them nothing changes."""
    service.uninvite(session, occasion_id, friend_id, member=current_member())


@occasions.post("/me/occasions/<occasion_id>/plan")
@limited(LIKES)
@write
@occasions.arguments(schemas.PlannedOutfit)
@occasions.response(204)
def plan(session: Any, sent: dict[str, Any], occasion_id: str) -> None:
    """Plan to wear pieces or a look of one's own as well; nobody else reads the plan."""
    plan_outfit(session, occasion_id, **sent, member=current_member(), now=clock.now())


@occasions.delete("/me/occasions/<occasion_id>/plan/<variant_id>")
@limited(LIKES)
@write
@occasions.response(204)
def unplan(session: Any, occasion_id: str, variant_id: str) -> None:
    """Plan a piece no more, and twin in it no more."""
    me = current_member()
    service.unplan(session, occasion_id, piece_with(session, me, variant_id), member=me)


@occasions.put("/me/occasions/<occasion_id>/twins/<friend_id>/<variant_id>")
@limited(LIKES)
@write
@occasions.response(200, schema_of(OccasionRead))
def twin(session: Any, occasion_id: str, friend_id: str, variant_id: str) -> OccasionRead:
    """Wish to wear a piece together with a friend who plans it too; twins once both wish it."""
    me, now = current_member(), clock.now()
    piece = piece_with(session, me, variant_id)
    service.wish_to_twin(session, occasion_id, friend_id, piece, member=me, now=now)
    return schemas.told(show_occasion(session, occasion_id, viewer=me, now=now))


@occasions.delete("/me/occasions/<occasion_id>/twins/<friend_id>/<variant_id>")
@limited(LIKES)
@write
@occasions.response(204)
def twin_no_more(session: Any, occasion_id: str, friend_id: str, variant_id: str) -> None:
    """Wish it no more; twins are twins no more."""
    me = current_member()
    piece = piece_with(session, me, variant_id)
    service.undo_wish(session, occasion_id, friend_id, piece, member=me)


@occasions.get("/me/occasions/calendar.ics")
@read
@occasions.response(200, TEXT, content_type="text/calendar")
def download(session: Any) -> Response:
    """What the member made or comes to, as an iCalendar file."""
    now = clock.now()
    events = queries.calendar_of(session, current_member().id, now=now)
    says = {"Content-Disposition": 'attachment; filename="occasions.ics"'}
    text = icalendar.write(events, now=now)
    return Response(text, content_type="text/calendar; charset=utf-8", headers=says)


@occasions.post("/me/occasions/calendar/preview")
@limited(CALENDARS)
@read
@occasions.arguments(schemas.CalendarText)
@occasions.response(200, schema_of(PreviewedEvent)(many=True))
def preview(session: Any, sent: dict[str, str]) -> list[PreviewedEvent]:
    """What a calendar would make; nothing is written. Of what repeats, the first time alone."""
    me, now = current_member(), clock.now()
    zone = brands.get_brand(session, me.brand_id).zone
    return importer.preview(session, sent["calendar"], member=me, zone=zone, now=now)


@occasions.post("/me/occasions/calendar")
@limited(CALENDARS)
@write
@occasions.arguments(schemas.PickedEvents)
@occasions.response(200, schema_of(BroughtIn))
def bring_in(session: Any, sent: dict[str, Any]) -> BroughtIn:
    """Make the picked events of a calendar, each once however often it is sent."""
    me, now = current_member(), clock.now()
    zone = brands.get_brand(session, me.brand_id).zone
    picked = set(sent["uids"])
    return importer.bring_in(session, sent["calendar"], picked, member=me, zone=zone, now=now)
