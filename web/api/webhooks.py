"""Webhook endpoints, as an API: who is told, what was handed over, what is sent again."""

from dataclasses import dataclass
from typing import Any

from flask_smorest import Blueprint

from core import clock
from retail.webhooks import queries, service
from retail.webhooks.queries import DeliveryPage, EndpointView
from web.auth import current_key, guarded, settings
from web.openapi import schema_of
from web.schemas.webhooks import DeliveryQuery, NewEndpoint, Replay
from web.write import read, write, write_rebuilt


@dataclass(frozen=True)
class EndpointAndSecret:
    """An endpoint, and its signing secret the one time that it is shown; null from then on."""

    endpoint: EndpointView
    secret: str | None


@dataclass(frozen=True)
class Sent:
    """The id under which a message is on its way, in its turn."""

    message_id: str


@dataclass(frozen=True)
class Replayed:
    """How many messages are sent again; what waits anyway is not counted."""

    messages: int


webhooks = guarded(Blueprint("webhooks", __name__, description="Webhook endpoints"), "integrator")


@webhooks.get("/webhook-endpoints")
@read
@webhooks.response(200, schema_of(EndpointView)(many=True))
def list_endpoints(session: Any) -> list[EndpointView]:
    """The brand's endpoints, oldest first."""
    return queries.list_endpoints(session, current_key().brand_id)


@webhooks.post("/webhook-endpoints")
@write_rebuilt
@webhooks.arguments(NewEndpoint)
@webhooks.response(200, schema_of(EndpointAndSecret))
def create(session: Any, given: dict[str, Any]) -> EndpointAndSecret:
    """Have an address told; its secret is shown in this answer only. Once for each address."""
    place = {"brand_id": current_key().brand_id, "allows_local": settings().is_development}
    made = service.create(session, **place, **given, now=clock.now(), key=settings().key)
    return EndpointAndSecret(*made)


@webhooks.get("/webhook-endpoints/<endpoint_id>")
@read
@webhooks.response(200, schema_of(EndpointView))
def show(session: Any, endpoint_id: str) -> EndpointView:
    """One endpoint: since when it fails, or why it is disabled."""
    return queries.get_endpoint(session, endpoint_id, brand_id=current_key().brand_id)


@webhooks.delete("/webhook-endpoints/<endpoint_id>")
@write
@webhooks.response(204)
def remove(session: Any, endpoint_id: str) -> None:
    """Forget an endpoint with its log and all that waits for it."""
    service.remove(session, endpoint_id, brand_id=current_key().brand_id)


@webhooks.put("/webhook-endpoints/<endpoint_id>/secrets/<int:version>")
@write_rebuilt
@webhooks.response(200, schema_of(EndpointAndSecret))
def rotate(session: Any, endpoint_id: str, version: int) -> EndpointAndSecret:
    """Make the secret's next version, shown once; the last signs too, for 24 hours more."""
    asked = {"brand_id": current_key().brand_id, "version": version}
    made = service.rotate(session, endpoint_id, **asked, now=clock.now(), key=settings().key)
    return EndpointAndSecret(*made)


@webhooks.post("/webhook-endpoints/<endpoint_id>/disable")
@write
@webhooks.response(200, schema_of(EndpointView))
def disable(session: Any, endpoint_id: str) -> EndpointView:
    """Call it no more; what waits and what happens meanwhile can be replayed."""
    return service.disable(session, endpoint_id, brand_id=current_key().brand_id, now=clock.now())


@webhooks.post("/webhook-endpoints/<endpoint_id>/enable")
@write
@webhooks.response(200, schema_of(EndpointView))
def enable(session: Any, endpoint_id: str) -> EndpointView:
    """Call it again, for what happens from now on."""
    return service.enable(session, endpoint_id, brand_id=current_key().brand_id, now=clock.now())


@webhooks.post("/webhook-endpoints/<endpoint_id>/test")
@write
@webhooks.response(200, schema_of(Sent))
def test(session: Any, endpoint_id: str) -> Sent:
    """Send a message of type `endpoint.test`, in its turn."""
    brand_id = current_key().brand_id
    return Sent(service.send_test(session, endpoint_id, brand_id=brand_id, now=clock.now()))


@webhooks.get("/webhook-endpoints/<endpoint_id>/deliveries")
@read
@webhooks.arguments(DeliveryQuery, location="query")
@webhooks.response(200, schema_of(DeliveryPage))
def list_deliveries(session: Any, query: dict[str, Any], endpoint_id: str) -> DeliveryPage:
    """What was or is to be handed over, the newest first, with the last tries of each."""
    brand_id = current_key().brand_id
    return queries.list_deliveries(session, endpoint_id, brand_id=brand_id, **query)


@webhooks.post("/webhook-endpoints/<endpoint_id>/replay")
@write
@webhooks.arguments(Replay)
@webhooks.response(200, schema_of(Replayed))
def replay(session: Any, wish: dict[str, Any], endpoint_id: str) -> Replayed:
    """Send one message, or all since an instant, again under their ids."""
    place = {"brand_id": current_key().brand_id, "now": clock.now()}
    return Replayed(service.replay(session, endpoint_id, **place, **wish))
