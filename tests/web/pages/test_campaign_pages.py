"""The marketers' desk: campaigns typed without scripts, foreseen, started, moved."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from core import clock as time
from core.clock import FixedClock
from core.transaction import Database
from loyalty.campaigns import once, queries, service
from loyalty.campaigns.definition import read_campaign, tell_campaign
from loyalty.campaigns.queries import CampaignView
from retail.brands.queries import StoreView
from retail.receipts import codes
from retail.receipts import queries as receipts
from retail.receipts.given import basket_source
from tests.builders.campaigns import facts, line, new_campaign, past_shop, ten_per_cent, told
from tests.builders.receipts import line as line_input
from tests.builders.receipts import new_receipt
from tests.builders.staff_accounts import COOKIE, new_staff, sign_in_staff
from tests.builders.visitor import Visitor
from tests.conftest import KEY

Visit = Callable[[], Visitor]
DESK = "/staff/campaigns"
PLAN: dict[str, str] = {
    "name": "Coats",
    "starts_at": "2026-11-27T09:00",
    "priority": "3",
    "rules.0.here": "1",
    "rules.0.conditions.0.kind": "basket_total",
    "rules.0.conditions.0.at_least_minor": "50.00",
    "rules.0.benefits.0.kind": "percent_off",
    "rules.0.benefits.0.per_cent": "10",
    "rules.0.benefits.0.scope.includes": "category:coats, category:knits",
    "limits.budget_minor": "500",
}


@pytest.fixture
def store(db: Database, clock: FixedClock) -> StoreView:
    del clock
    with db.write() as session:
        return past_shop(session, days=10)[0]


@pytest.fixture
def marketer(db: Database, store: StoreView, visit: Visit) -> Visitor:
    with db.write() as session:
        staff = new_staff(session, store.brand_id, role="marketer")
        return visit().sign_in(sign_in_staff(session, staff), cookie=COOKIE)


def all_of(db: Database, store: StoreView) -> list[CampaignView]:
    with db.read() as session:
        return queries.campaigns(session, store.brand_id)


def send(marketer: Visitor, deed: str, **values: str) -> Visitor:
    return marketer.send(marketer.path, do=deed, **values)


def test_without_campaigns_an_example_begins_one(
    db: Database, store: StoreView, marketer: Visitor
) -> None:
    assert "Start from an example" in marketer.open(DESK).text
    marketer.open(f"{DESK}/new?example=1")
    assert "A tenth off from £50" in marketer.text
    assert "gives" in marketer.text
    marketer.send(f"{DESK}/new", do="save")
    (saved,) = all_of(db, store)
    assert (saved.name, saved.state) == ("A tenth off from £50", "draft")
    assert tell_campaign(saved.definition)["limits"] == {"uses_each": 1, "budget_minor": 50_000}
    assert "Saved as a draft" in marketer.text


def test_what_is_typed_becomes_the_campaign_and_comes_back_the_same(
    db: Database, store: StoreView, marketer: Visitor
) -> None:
    marketer.open(f"{DESK}/new").send(f"{DESK}/new", do="save", **PLAN)
    (saved,) = all_of(db, store)
    told = tell_campaign(saved.definition)
    assert told["rules"][0]["conditions"][0]["at_least_minor"] == 5000
    assert told["rules"][0]["benefits"][0]["scope"] == {
        "includes": ["category:coats", "category:knits"]
    }
    assert (told["priority"], told["limits"]) == (3, {"budget_minor": 50_000})
    assert saved.starts_at.isoformat() == "2026-11-27T09:00:00+00:00"
    marketer.open(f"{DESK}/{saved.id}").send(f"{DESK}/{saved.id}", do="save")
    (again,) = all_of(db, store)
    assert (again.definition, again.starts_at) == (saved.definition, saved.starts_at)


def test_rows_come_and_go_and_what_was_typed_stays(marketer: Visitor) -> None:
    marketer.open(f"{DESK}/new").send(f"{DESK}/new", do="preview", **PLAN)
    kind = {"new.rules.0.conditions": "weekdays"}
    send(marketer, "add:rules.0.conditions", **kind)
    typed = marketer.form(f"{DESK}/new")
    assert typed["rules.0.conditions.1.kind"] == "weekdays"
    assert typed["rules.0.conditions.0.at_least_minor"] == "50.00"
    assert typed["name"] == "Coats"
    send(marketer, "remove:rules.0.conditions.0")
    typed = marketer.form(f"{DESK}/new")
    assert typed["rules.0.conditions.0.kind"] == "weekdays"
    assert "rules.0.conditions.1.kind" not in typed
    send(marketer, "add:rules")
    assert "Rule 2" in marketer.text
    send(marketer, "remove:rules.1")
    assert "Rule 2" not in marketer.text
    for nonsense in ("remove:rules.9", "remove:rules.0.conditions.9", "add:rules.7.benefits"):
        assert send(marketer, nonsense).status == 200


@pytest.mark.parametrize(
    ("path", "typed", "said"),
    [
        ("rules.0.conditions.0.at_least_minor", "1.005", "Write an amount"),
        ("rules.0.conditions.0.at_least_minor", "fifty", "Write an amount"),
        ("rules.0.benefits.0.per_cent", "101", "from 1 to 100"),
        ("limits.budget_minor", "-1", "from 1 to"),
        ("priority", "1001", "from 0 to 1000"),
        ("starts_at", "soon", "Write a day and a time"),
        ("ends_at", "2026-11-26T09:00", "some time after it starts"),
        ("name", "", "Give it a name"),
        ("rules.0.benefits.1.wallet", "gold", "one of points, credits"),
    ],
)
def test_what_is_wrong_stands_beside_its_box_and_nothing_is_saved(
    db: Database, store: StoreView, marketer: Visitor, path: str, typed: str, said: str
) -> None:
    more = {"rules.0.benefits.1.kind": "points", "rules.0.benefits.1.points": "5"}
    marketer.open(f"{DESK}/new").send(f"{DESK}/new", do="save", **PLAN | more | {path: typed})
    assert marketer.status == 422
    beside = marketer.text.split(f'name="{path}"')[1].split("</div>")[0]
    assert said in beside
    if not path.endswith("wallet"):  # None of its choices is what was sent.
        assert marketer.form(f"{DESK}/new")[path] == typed
    assert all_of(db, store) == []


def test_the_sample_basket_shows_what_it_gets_and_why(marketer: Visitor) -> None:
    scope = {"rules.0.benefits.0.scope.includes": ""}
    marketer.open(f"{DESK}/new").send(f"{DESK}/new", do="preview", **PLAN | scope)
    assert "Coats: £18.90 off" in marketer.text
    assert "The basket comes to GBP 189.00; it needs GBP 50.00." in marketer.text
    send(marketer, "preview", **{"rules.0.conditions.0.at_least_minor": "500"})
    assert "gives nothing" in marketer.text


def test_a_campaign_is_started_stopped_copied_and_a_draft_thrown_away(
    db: Database, store: StoreView, marketer: Visitor
) -> None:
    marketer.open(f"{DESK}/new").send(f"{DESK}/new", do="save", **PLAN)
    (saved,) = all_of(db, store)
    place = f"{DESK}/{saved.id}"
    assert "is started" in marketer.open(place).send(f"{place}/start").text
    assert "stays as it is" in marketer.open(place).text
    assert marketer.send(place, do="save").status == 409
    assert "is stopped" in marketer.open(place).send(f"{place}/stop").text
    marketer.open(place).send(f"{place}/copy", name="Coats again")
    assert marketer.path.startswith(DESK)
    assert "Coats again" in marketer.text
    copied = marketer.path
    assert "The draft is gone" in marketer.send(f"{copied}/discard").text
    assert [one.state for one in all_of(db, store)] == ["stopped"]


def test_a_file_is_tried_before_it_changes_anything(
    db: Database, store: StoreView, marketer: Visitor
) -> None:
    marketer.open(f"{DESK}/new").send(f"{DESK}/new", do="save", **PLAN)
    (saved,) = all_of(db, store)
    file = json.loads(marketer.open(f"{DESK}/{saved.id}/file").text)
    assert file == tell_campaign(saved.definition)
    text = json.dumps(file | {"priority": 9})
    assert "would change" in upload(marketer, text).text
    assert all_of(db, store)[0].definition.priority == 3
    marketer.send(f"{DESK}/file", do="import", text=text)
    assert marketer.path == f"{DESK}/{saved.id}"
    assert all_of(db, store)[0].definition.priority == 9
    assert "would be new" in upload(marketer, json.dumps(file | {"name": "Other"})).text
    for wrong in ("{", "[]", json.dumps(file | {"rules": []}), "\udcff"):
        assert upload(marketer, wrong).status == 422


def upload(marketer: Visitor, text: str) -> Visitor:
    form: dict[str, Any] = dict(marketer.open(f"{DESK}/file").form(f"{DESK}/file"))
    form["file"] = (io.BytesIO(text.encode("utf-8", "surrogateescape")), "campaign.json")
    marketer.page = marketer.client.post(
        f"{DESK}/file",
        data=form,
        content_type="multipart/form-data",
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    return marketer


def test_past_receipts_tell_what_a_campaign_would_have_cost(
    db: Database, store: StoreView, marketer: Visitor
) -> None:
    with db.write() as session:
        view = new_campaign(session, ten_per_cent(), programme_id=store.brand_id)
    page = marketer.open(f"{DESK}/{view.id}/past")
    # Ten receipts of 1, 2, 3, 1, … coats at £189.
    assert "The last 4 weeks would have cost £359.10." in page.text
    assert page.text.count("<rect") == 5
    assert "too few to tell" in page.text
    assert "£359.10" in marketer.open(f"{DESK}/past").text


def test_past_receipts_tell_credits_beside_points_and_draw_them_where_nothing_else_is_given(
    db: Database, store: StoreView, marketer: Visitor
) -> None:
    to_all = {"kind": "points", "points": 40, "wallet": "credits"}
    with db.write() as session:
        of = read_campaign(told(to_all))
        view = new_campaign(session, of, programme_id=store.brand_id)
    text = marketer.open(f"{DESK}/{view.id}/past").text
    assert "Credits in each week" in text
    # Every other of ten receipts is a member's.
    assert "<dt>Credits</dt><dd>200</dd>" in text


def test_who_works_in_one_store_may_look_and_not_change(
    db: Database, store: StoreView, visit: Visit
) -> None:
    with db.write() as session:
        staff = new_staff(session, store.brand_id, role="marketer", store_id=store.id)
        local = visit().sign_in(sign_in_staff(session, staff), cookie=COOKIE)
        view = new_campaign(session, ten_per_cent(), programme_id=store.brand_id)
    assert local.open(DESK).status == 200
    assert local.open(f"{DESK}/{view.id}").send(f"{DESK}/{view.id}/stop").status == 403
    assert local.open(f"{DESK}/new").send(f"{DESK}/new", do="save", **PLAN).status == 403
    assert [one.state for one in all_of(db, store)] == ["started"]


def test_points_go_to_the_wallet_that_is_chosen(
    db: Database, store: StoreView, marketer: Visitor
) -> None:
    points = {"rules.0.benefits.0.kind": "points", "rules.0.benefits.0.points": "40"}
    plan = {**PLAN, **points, "rules.0.benefits.0.wallet": "credits"}
    marketer.open(f"{DESK}/new").send(f"{DESK}/new", do="save", **plan)
    (saved,) = all_of(db, store)
    assert tell_campaign(saved.definition)["rules"][0]["benefits"] == [
        {"kind": "points", "points": 40, "wallet": "credits"}
    ]
    marketer.open(f"{DESK}/{saved.id}")
    assert marketer.form(f"{DESK}/{saved.id}")["rules.0.benefits.0.wallet"] == "credits"
    assert "40 extra credits" in marketer.text
    assert "<span>Extra credits</span><span>+40" in marketer.text


def test_the_editor_shows_what_phone_and_paper_then_say(
    db: Database, store: StoreView, marketer: Visitor, clock: FixedClock
) -> None:
    scope = {"rules.0.benefits.0.scope.includes": ""}
    points = {"rules.0.benefits.1.kind": "points", "rules.0.benefits.1.points": "40"}
    marketer.open(f"{DESK}/new").send(f"{DESK}/new", do="save", **PLAN | scope | points)
    plan = marketer.open(f"{DESK}/{all_of(db, store)[0].id}").text
    with db.write() as session:
        view = all_of(db, store)[0]
        service.start(session, view.id, programme_id=store.brand_id, now=time.now())
        clock.instant = view.starts_at
        basket = facts(line("1", 18_900), at=view.starts_at)
        place = basket_source(store.id, "77")
        begun = {"fingerprint": "coat", "bought_at": view.starts_at, "lines": 1}
        once.begin(session, store.brand_id, place, **begun, now=view.starts_at)
        service.execute(session, store.brand_id, basket, source=place, now=view.starts_at)
        bought = {"lines": (line_input(total_minor=17_010, discount_minor=1_890),)}
        receipt = new_receipt(session, store=store, number="77", **bought)
        paper = receipts.slip(session, receipt.id, brand_id=None, key=KEY, public_url="")
    phone = marketer.open(f"/r/{codes.shown_token(KEY, receipt.id, receipt.token_hash)}").text
    assert [(one.name, one.amount) for one in (*paper.lines[1:], *paper.extras)] == [
        ("Coats", "-18.90"),
        ("Extra points", "+40"),
    ]
    for said in ("<span>Coats</span><span>-18.90</span>", "<span>Extra points</span><span>+40"):
        assert said in plan
    for said in ("Coats: £18.90 off", "40 extra points"):
        assert said in plan
        assert said in phone
