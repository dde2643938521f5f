"""What is done with a whole campaign: started, stopped, copied, thrown away, moved, simulated."""

import json
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask_babel import gettext as _

from core import clock
from core.errors import Invalid, SwingtagError
from loyalty.campaigns import queries, service
from loyalty.campaigns.definition import read_campaign, tell_campaign
from loyalty.campaigns.foresee import FEWEST_MEMBERS
from retail.brands import queries as brands
from retail.journeys.campaigns.import_campaign import Imported, import_campaign
from retail.journeys.campaigns.run_campaign import start_campaign, stop_campaign
from retail.journeys.campaigns.simulate_campaigns import Simulated, simulate_campaigns
from retail.staff import roles
from web.auth import current_staff, guarded, needs
from web.fields import read_form
from web.pages.again import shown_again
from web.pages.staff.campaign_plot import draw_weeks
from web.pages.staff.campaigns import edit, planner
from web.schemas.campaigns import CopyName
from web.write import read, write

campaign_moves = guarded(
    Blueprint("campaign_moves", __name__, url_prefix="/staff/campaigns"), by="staff_page"
)
MOST_BYTES = 200_000
WEEKS = (4, 8, 12)


@campaign_moves.post("/<campaign_id>/start")
@needs(roles.PLAN_CAMPAIGNS)
@shown_again(edit)
@write
def start(session: Any, campaign_id: str) -> Any:
    """Let it run."""
    when = {"now": clock.now(), "seen": request.form.get("seen")}
    view = start_campaign(session, campaign_id, programme_id=planner().brand_id, **when)  # type: ignore[arg-type]
    return _back(_("%(name)s is started.", name=view.name))


@campaign_moves.post("/<campaign_id>/stop")
@needs(roles.PLAN_CAMPAIGNS)
@shown_again(edit)
@write
def stop(session: Any, campaign_id: str) -> Any:
    """Let it give nothing more."""
    view = stop_campaign(session, campaign_id, programme_id=planner().brand_id, now=clock.now())
    return _back(_("%(name)s is stopped.", name=view.name))


@campaign_moves.post("/<campaign_id>/discard")
@needs(roles.PLAN_CAMPAIGNS)
@shown_again(edit)
@write
def discard(session: Any, campaign_id: str) -> Any:
    """Throw a draft away."""
    service.discard(session, campaign_id, programme_id=planner().brand_id)
    return _back(_("The draft is gone."))


@campaign_moves.post("/<campaign_id>/copy")
@needs(roles.PLAN_CAMPAIGNS)
@shown_again(edit)
@write
def copy(session: Any, campaign_id: str) -> Any:
    """Plan the same again, as a draft."""
    name, plans = read_form(CopyName)["name"], {"programme_id": planner().brand_id}
    made = service.copy(session, campaign_id, name=name, now=clock.now(), **plans)
    flash(_("A copy, as a draft."))
    return redirect(f"/staff/campaigns/{made}", 303)


@campaign_moves.get("/<campaign_id>/file")
@needs(roles.PLAN_CAMPAIGNS)
@read
def download(session: Any, campaign_id: str) -> Response:
    """The campaign as a file that another installation imports."""
    view = queries.get(session, campaign_id, programme_id=current_staff().brand_id)
    text = json.dumps(tell_campaign(view.definition), indent=2, ensure_ascii=False) + "\n"
    headers = {"Content-Disposition": f'attachment; filename="campaign-{view.id}.json"'}
    return Response(text, content_type="application/json", headers=headers)


@campaign_moves.get("/past")
@needs(roles.PLAN_CAMPAIGNS)
@read
def past(session: Any) -> str:
    """What all that are started would have cost together."""
    running = queries.started(session, current_staff().brand_id, now=clock.now())
    return _past(session, running, None)


@campaign_moves.get("/<campaign_id>/past")
@needs(roles.PLAN_CAMPAIGNS)
@read
def past_of_one(session: Any, campaign_id: str) -> str:
    """What one campaign alone would have cost."""
    view = queries.get(session, campaign_id, programme_id=current_staff().brand_id)
    return _past(session, {view.id: view.definition}, view)


@campaign_moves.get("/file")
@needs(roles.PLAN_CAMPAIGNS)
def choose_file(error: SwingtagError | None = None, tried: Imported | None = None) -> str:
    """Where a file is chosen, and what it would change."""
    return render_template("staff/campaign_file.html", error=error, tried=tried, text=_text())


@campaign_moves.post("/file")
@needs(roles.PLAN_CAMPAIGNS)
@shown_again(choose_file)
@write
def bring_in(session: Any) -> Any:
    """Say what a file would change; told so, change it."""
    is_meant = request.form.get("do") == "import"
    brought = _import(session, _text(), dry_run=not is_meant)
    if not is_meant:
        return choose_file(tried=brought)
    flash(_("%(name)s is here, as a draft.", name=brought.name))
    return redirect(f"/staff/campaigns/{brought.campaign_id}", 303)


def _import(session: Any, text: str, *, dry_run: bool) -> Imported:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        sentence = _("This is no JSON file.")
        raise Invalid("file_invalid", sentence, fields={"file": [sentence]}) from None
    now = clock.now()
    definition, when = read_campaign(told), {"starts_at": now, "ends_at": None, "now": now}
    known = queries.find_by_name(session, planner().brand_id, definition.name)
    if known is not None:
        when |= {"starts_at": known.starts_at, "ends_at": known.ends_at}
    brand_id = planner().brand_id
    return import_campaign(session, brand_id, definition, dry_run=dry_run, **when)  # type: ignore[arg-type]


def _text() -> str:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return request.form.get("text", "")
    # It is read to be tried, and again to stand in the form that imports it.
    sent.stream.seek(0)
    try:
        return sent.read(MOST_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError:
        return "?"


def _past(session: Any, definitions: Any, view: Any) -> str:
    now, me = clock.now(), current_staff()
    asked = request.args.get("weeks", "")
    weeks = int(asked) if asked in map(str, WEEKS) else WEEKS[0]
    span = {"since": now - timedelta(weeks=weeks), "until": now}
    brand = brands.get_brand(session, me.brand_id)
    found = simulate_campaigns(session, me.brand_id, definitions, **span)
    return render_template(
        "staff/campaign_past.html",
        brand=brand,
        found=found,
        view=view,
        weeks=weeks,
        week_options=[(str(each), _("The last %(weeks)s weeks", weeks=each)) for each in WEEKS],
        plot=draw_weeks(found.forecast, *_days(found, brand.zone)),
        fewest=FEWEST_MEMBERS,
        now=now,
    )


def _days(found: Simulated, zone: str) -> tuple[date, date]:
    since, until = (at.astimezone(ZoneInfo(zone)).date() for at in (found.since, found.until))
    return since, until


def _back(said: str) -> Any:
    flash(said)
    return redirect("/staff/campaigns", 303)
