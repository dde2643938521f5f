"""Browsers that receive a member's pushes, as an API."""

from typing import Any

from flask_smorest import Blueprint

from core import clock
from retail.notifications import rules, service
from web.auth import current_member, guarded, settings
from web.schemas.push import Endpoint, Subscription
from web.write import write

push = guarded(Blueprint("push", __name__, description="Notifications on a phone"), "member")


@push.put("/me/push-subscription")
@write
@push.arguments(Subscription)
@push.response(204)
def subscribe(session: Any, given: dict[str, Any]) -> None:
    """Have this browser receive the member's pushes, and nobody else's."""
    endpoint = rules.check_endpoint(given["endpoint"], settings().push_services)
    member, keys = current_member(), given["keys"]
    who = {"member_id": member.id, "brand_id": member.brand_id, "now": clock.now()}
    service.subscribe(session, **who, endpoint=endpoint, **keys)


@push.delete("/me/push-subscription")
@write
@push.arguments(Endpoint)
@push.response(204)
def unsubscribe(session: Any, given: dict[str, str]) -> None:
    """Have this browser receive no more of them."""
    service.unsubscribe_browser(session, member_id=current_member().id, **given)
