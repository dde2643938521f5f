"""Campaigns at the marketers' desk: the list, and the editor with what a basket would be given."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask_babel import gettext as _

from core import clock, cursor
from core.errors import Conflict, Forbidden, Invalid, SwingtagError
from loyalty.campaigns import queries, service
from loyalty.campaigns.definition import NO_LIMITS, Definition, read_campaign
from loyalty.campaigns.evaluate import Running, evaluate
from loyalty.campaigns.queries import CampaignView
from retail.brands import queries as brands
from retail.journeys.campaigns.sample_basket import sample_basket
from retail.staff import roles
from retail.staff.queries import SignedInStaff
from web.auth import current_staff, guarded, needs
from web.errors import STATUS_OF_KIND
from web.language import put_into_words
from web.pages.staff import campaign_form as forms
from web.pages.staff.boxes import DAYS
from web.pages.staff.campaign_form import Planned, Rule, Typed
from web.pages.staff.campaign_preview import preview_of
from web.write import read, write

staff_campaigns = guarded(
    Blueprint("staff_campaigns", __name__, url_prefix="/staff/campaigns"), by="staff_page"
)
_PAGE = 50
EXAMPLE = {
    "format": "swingtag-campaign/1",
    "name": "A tenth off from £50",
    "limits": {"uses_each": 1, "budget_minor": 50_000},
    "rules": [
        {
            "conditions": [{"kind": "buyer"}, {"kind": "basket_total", "at_least_minor": 5_000}],
            "benefits": [{"kind": "percent_off", "per_cent": 10}],
        }
    ],
}


@dataclass(frozen=True)
class Desk:
    """What is on the desk: a campaign, None for a new one, what is typed, and what was wrong."""

    campaign: CampaignView | None
    typed: Typed
    error: SwingtagError | None = None

    @property
    def address(self) -> str:
        """Where its form is sent."""
        return f"/staff/campaigns/{self.campaign.id if self.campaign else 'new'}"

    @property
    def seen(self) -> str:
        """The edition of a draft that is on the desk, also while what is typed is looked at."""
        was_refused = self.error is not None and self.error.code == "campaign_changed"
        held = None if was_refused else request.form.get("seen")
        return held or (queries.edition(self.campaign) if self.campaign else "")

    @property
    def wrong(self) -> dict[str, list[str]]:
        """What is wrong, by path."""
        found: dict[str, list[str]] = self.error.data.get("fields", {}) if self.error else {}
        return found


@staff_campaigns.get("")
@needs(roles.PLAN_CAMPAIGNS)
@read
def show(session: Any) -> str:
    """Every campaign with its state, when it runs, and how much of its budget is spent."""
    me = current_staff()
    after = cursor.read_instant(request.args.get("after") or None)
    found = queries.page(session, me.brand_id, after=after, limit=_PAGE + 1)
    last = found[_PAGE - 1] if found[_PAGE:] else None
    page = {"brand": brands.get_brand(session, me.brand_id), "now": clock.now()}
    page["more"] = cursor.pack_instant(last.created_at, last.id) if last else None
    return render_template("staff/campaigns.html", campaigns=found[:_PAGE], me=me, **page)


@staff_campaigns.get("/new")
@needs(roles.PLAN_CAMPAIGNS)
@read
def new(session: Any) -> str:
    """An empty editor, or one with an example to start from."""
    return _page(session, Desk(None, _beginning(session, is_example="example" in request.args)))


@staff_campaigns.post("/new")
@needs(roles.PLAN_CAMPAIGNS)
@write
def create(session: Any) -> Any:
    """Preview, add and remove rows, or plan the campaign."""
    return _edited(session, None)


@staff_campaigns.get("/<campaign_id>")
@needs(roles.PLAN_CAMPAIGNS)
@read
def edit(session: Any, campaign_id: str, error: SwingtagError | None = None) -> str:
    """The editor of a draft; of what was started, what it does."""
    view = queries.get(session, campaign_id, programme_id=current_staff().brand_id)
    return _page(session, Desk(view, _typed(session, view), error))


@staff_campaigns.post("/<campaign_id>")
@needs(roles.PLAN_CAMPAIGNS)
@write
def change(session: Any, campaign_id: str) -> Any:
    """Preview, add and remove rows, or save the draft."""
    brand_id = current_staff().brand_id
    return _edited(session, queries.get(session, campaign_id, programme_id=brand_id))


def planner() -> SignedInStaff:
    """Who plans for the whole brand. Raises Forbidden for who works in one store."""
    me = current_staff()
    if me.store_id is not None:
        sentence = _("Campaigns are the whole brand’s; ask somebody who works for every store.")
        raise Forbidden("brand_only", sentence)
    return me


def _edited(session: Any, view: CampaignView | None) -> Any:
    typed = forms.typed_form(request.form)
    deed = request.form.get("do", "preview")
    if deed != "save":
        forms.do(typed, deed, request.form)
        return _page(session, Desk(view, typed))
    try:
        _save(session, view, _planned(session, typed))
    except (Conflict, Forbidden, Invalid) as error:
        # Told what came between, who saves once more puts theirs over it.
        view = view and queries.get(session, view.id, programme_id=current_staff().brand_id)
        answer = make_response(_page(session, Desk(view, typed, put_into_words(error))))
        answer.status_code = STATUS_OF_KIND[error.kind]
        return answer
    flash(_("Saved as a draft. It gives nothing until it is started."))
    return redirect("/staff/campaigns", 303)


def _save(session: Any, view: CampaignView | None, plan: Planned) -> None:
    given = {
        "programme_id": planner().brand_id,
        "definition": plan.definition,
        "starts_at": plan.starts_at,
        "ends_at": plan.ends_at,
    }
    if view is None:
        service.draft(session, now=clock.now(), **given)
    else:
        service.plan_again(session, view.id, **given, seen=request.form.get("seen"))


def _planned(session: Any, typed: Typed) -> Planned:
    brand = brands.get_brand(session, current_staff().brand_id)
    return forms.planned(typed, zone=brand.zone, currency=brand.currency)


def _typed(session: Any, view: CampaignView) -> Typed:
    brand = brands.get_brand(session, current_staff().brand_id)
    when = {"starts_at": view.starts_at, "ends_at": view.ends_at}
    there = {"zone": brand.zone, "currency": brand.currency}
    return forms.typed_definition(view.definition, **when, **there)


def _beginning(session: Any, *, is_example: bool) -> Typed:
    brand = brands.get_brand(session, current_staff().brand_id)
    blank = Definition("", (), NO_LIMITS)
    typed = forms.typed_definition(
        read_campaign(EXAMPLE) if is_example else blank,
        clock.now(),
        None,
        zone=brand.zone,
        currency=brand.currency,
    )
    typed.rules = typed.rules or [Rule()]
    return typed


def _page(session: Any, desk: Desk) -> str:
    me, now = current_staff(), clock.now()
    typed, wrong = desk.typed, dict(desk.wrong)
    plan = None
    try:
        plan = _planned(session, typed)
    except Invalid as unfinished:
        # Until something was sent, an empty box is not wrong yet.
        wrong = {**unfinished.data["fields"], **wrong} if request.method == "POST" else wrong
    is_member = request.method == "GET" or "sample_member" in request.form
    sample = sample_basket(session, me.brand_id, is_member=is_member, at=now)
    given = evaluate([Running("", plan.definition)], sample.facts) if plan else None
    return render_template(
        "staff/campaign.html",
        brand=brands.get_brand(session, me.brand_id),
        desk=desk,
        wrong=wrong,
        rules=[
            {sort: forms.rows(typed, number, sort, wrong) for sort in ("conditions", "benefits")}
            for number in range(len(typed.rules))
        ],
        limits=forms.limit_boxes(typed, wrong),
        kinds={sort: forms.new_kinds(sort) for sort in ("conditions", "benefits")},
        days=DAYS,
        sample=sample,
        is_member=is_member,
        given=given,
        preview=preview_of(
            sample,
            plan.definition if plan else None,
            given,
            ends_at=plan.ends_at if plan else None,
        ),
        me=me,
        now=now,
    )
