"""Pieces that came into a room, told to the operator's EPCIS repository where there is one."""

from collections.abc import Sequence

import structlog
from flask import Flask, Response, after_this_request, current_app

from connectors.epcis.documents import Seen
from connectors.epcis.teller import LOST, Repository, Teller
from connectors.webhooks.sender import Sender
from retail.journeys.floor.see_tags import Arrival
from web import metrics

log = structlog.get_logger()


def register(app: Flask) -> None:
    """Give the application who tells a repository, where its settings name one."""
    settings = app.config["SETTINGS"]
    app.extensions["epcis"] = None
    if settings.epcis_url:
        to = Repository(settings.epcis_url, settings.epcis_token, settings.public_url)
        sender = Sender(allows_local=settings.is_development)
        app.extensions["epcis"] = Teller(to, sender, _counted)


def tell_of(arrivals: Sequence[Arrival]) -> None:
    """Once this request's transaction is through, tell a repository what came in."""
    teller: Teller | None = current_app.extensions["epcis"]

    def tell_then(response: Response) -> Response:
        # A batch that was not written happens again when its reader repeats it.
        if response.status_code == 200:
            tell(teller, arrivals)
        return response

    after_this_request(tell_then)


def tell(teller: Teller | None, arrivals: Sequence[Arrival]) -> None:
    """Tell a repository, where there is one, what came in; it is written down already."""
    if teller is not None and arrivals:
        teller.tell([Seen(one.epc, one.zone_id, one.store_id, one.at) for one in arrivals])


def _counted(outcome: str, number: int) -> None:
    metrics.EPCIS_EVENTS.labels(outcome).inc(number)
    if outcome == LOST:
        log.warning("epcis.lost", events=number)
