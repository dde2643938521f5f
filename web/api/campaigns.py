"""Campaigns for integrators: planned, started, stopped, moved as files, simulated."""

from typing import Any

from flask_smorest import Blueprint

from core import clock, cursor
from core.errors import Invalid
from loyalty.campaigns import queries, service
from loyalty.campaigns.definition import read_campaign, tell_campaign
from retail.journeys.campaigns.import_campaign import Imported, import_campaign
from retail.journeys.campaigns.run_campaign import start_campaign, stop_campaign
from retail.journeys.campaigns.simulate_campaigns import simulate_campaigns
from web.auth import current_key, guarded
from web.openapi import schema_of
from web.schemas import campaigns as schemas
from web.schemas.campaigns import (
    CampaignPage,
    CampaignReply,
    SimulationReply,
    campaign_reply,
    simulation_reply,
)
from web.write import read, write

campaigns = guarded(
    Blueprint("campaigns", __name__, description="Campaigns, as files and as they run"),
    "integrator",
)
REPLY = schema_of(CampaignReply)


@campaigns.get("/campaigns")
@read
@campaigns.arguments(schemas.CampaignsQuery, location="query")
@campaigns.response(200, schema_of(CampaignPage))
def list_campaigns(session: Any, query: dict[str, Any]) -> CampaignPage:
    """The campaigns of the brand, the newest first."""
    after, limit = cursor.read_instant(query.get("after")), query["limit"]
    found = queries.page(session, _brand(), after=after, limit=limit + 1)
    shown = found[:limit]
    more = cursor.pack_instant(shown[-1].created_at, shown[-1].id) if found[limit:] else None
    return CampaignPage(tuple(map(campaign_reply, shown)), more)


@campaigns.post("/campaigns")
@write
@campaigns.arguments(schemas.Plan)
@campaigns.response(201, REPLY)
def create(session: Any, plan: dict[str, Any]) -> CampaignReply:
    """Plan a campaign, which gives nothing until it is started."""
    made = service.draft(session, programme_id=_brand(), now=clock.now(), **_read(plan))
    return _reply(session, made)


@campaigns.get("/campaigns/<campaign_id>")
@read
@campaigns.response(200, REPLY)
def show(session: Any, campaign_id: str) -> CampaignReply:
    """One campaign, with what it gave so far."""
    return _reply(session, campaign_id)


@campaigns.put("/campaigns/<campaign_id>")
@write
@campaigns.arguments(schemas.PlanAnew)
@campaigns.response(200, REPLY)
def change(session: Any, plan: dict[str, Any], campaign_id: str) -> CampaignReply:
    """Change a draft; what was started never changes, but may be copied."""
    seen = plan.pop("edition", None)
    told = _read(plan) | {"programme_id": _brand(), "seen": seen}
    changed = service.plan_again(session, campaign_id, **told)
    return campaign_reply(changed)


@campaigns.delete("/campaigns/<campaign_id>")
@write
@campaigns.response(204)
def discard(session: Any, campaign_id: str) -> None:
    """Throw a draft away."""
    service.discard(session, campaign_id, programme_id=_brand())


@campaigns.post("/campaigns/<campaign_id>/start")
@write
@campaigns.arguments(schemas.StartQuery, location="query")
@campaigns.response(200, REPLY)
def start(session: Any, query: dict[str, str], campaign_id: str) -> CampaignReply:
    """Let it run from its start on."""
    told = {"programme_id": _brand(), "now": clock.now(), "seen": query.get("edition")}
    return campaign_reply(start_campaign(session, campaign_id, **told))


@campaigns.post("/campaigns/<campaign_id>/stop")
@write
@campaigns.response(200, REPLY)
def stop(session: Any, campaign_id: str) -> CampaignReply:
    """Let it give nothing more; what it gave stays."""
    stopped = stop_campaign(session, campaign_id, programme_id=_brand(), now=clock.now())
    return campaign_reply(stopped)


@campaigns.post("/campaigns/<campaign_id>/copy")
@write
@campaigns.arguments(schemas.CopyName)
@campaigns.response(201, REPLY)
def copy(session: Any, given: dict[str, str], campaign_id: str) -> CampaignReply:
    """Plan the same again under another name."""
    made = service.copy(
        session, campaign_id, programme_id=_brand(), name=given["name"], now=clock.now()
    )
    return _reply(session, made)


@campaigns.get("/campaigns/<campaign_id>/export")
@read
@campaigns.response(200)
def export(session: Any, campaign_id: str) -> dict[str, Any]:
    """The definition as a file that another installation imports; nothing of when it runs."""
    return tell_campaign(queries.get(session, campaign_id, programme_id=_brand()).definition)


@campaigns.post("/campaigns/import")
@write
@campaigns.arguments(schemas.PlanQuery, location="query")
@campaigns.arguments(schemas.Plan)
@campaigns.response(200, schema_of(Imported))
def bring_in(session: Any, query: dict[str, bool], plan: dict[str, Any]) -> Imported:
    """Plan what a file tells, as a new draft or over the draft of its name; or only try."""
    given = _read(plan) | {"dry_run": query["dry_run"], "now": clock.now()}
    return import_campaign(session, _brand(), given.pop("definition"), **given)


@campaigns.post("/campaigns/<campaign_id>/simulate")
@read
@campaigns.arguments(schemas.Span)
@campaigns.response(200, schema_of(SimulationReply))
def simulate(session: Any, span: dict[str, Any], campaign_id: str) -> SimulationReply:
    """What one campaign alone would have cost over past receipts; nothing is written."""
    view = queries.get(session, campaign_id, programme_id=_brand())
    chosen = {view.id: view.definition}
    return simulation_reply(simulate_campaigns(session, _brand(), chosen, **_span(span)))


@campaigns.post("/campaigns/simulate")
@read
@campaigns.arguments(schemas.Span)
@campaigns.response(200, schema_of(SimulationReply))
def simulate_all(session: Any, span: dict[str, Any]) -> SimulationReply:
    """What all that are started would have cost together, priorities and all."""
    started = queries.started(session, _brand(), now=clock.now())
    return simulation_reply(simulate_campaigns(session, _brand(), started, **_span(span)))


def _brand() -> str:
    return current_key().brand_id


def _reply(session: Any, campaign_id: str) -> CampaignReply:
    return campaign_reply(queries.get(session, campaign_id, programme_id=_brand()))


def _read(plan: dict[str, Any]) -> dict[str, Any]:
    """What was sent, as campaigns know it; wrong fields are named from the body's root."""
    try:
        return plan | {"definition": read_campaign(plan["definition"])}
    except Invalid as wrong:
        fields = {f"definition.{path}": said for path, said in wrong.data["fields"].items()}
        raise Invalid(wrong.code, wrong.detail, fields=fields) from wrong


def _span(span: dict[str, Any]) -> dict[str, Any]:
    if span["since"] >= span["until"]:
        sentence = "It ends some time after it begins."
        raise Invalid("span_unclear", sentence, fields={"until": [sentence]})
    return span
