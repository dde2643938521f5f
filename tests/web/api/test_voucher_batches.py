"""An integrator's HTTP: a batch is made by the worker, exported, used at tills, and voided."""

from typing import Any

import pytest
from flask import Flask

from core.transaction import database
from jobs.schedule import new_worker
from loyalty.vouchers import windows
from loyalty.vouchers.codes import code_of
from loyalty.vouchers.service import issue
from tests.conftest import NOON, both_databases
from tests.web.api.test_vouchers import Shop
from web.auth import settings

pytestmark = both_databases

TERMS = {"kind": "percent", "value": 20, "scope": {"includes": ["category:hats"]}}
WANTED: dict[str, Any] = {
    "reference": "leaflet",
    "size": 3,
    "terms": TERMS,
    "first_day": "2026-11-22",
    "last_day": "2026-11-29",
}


@pytest.fixture
def shop(app: Flask) -> Shop:
    return Shop(app)


def test_a_batch_is_made_exported_used_and_voided(app: Flask, shop: Shop) -> None:
    me = {"by": shop.integrator}
    first = shop.call("POST", "/voucher-batches", **me, json=WANTED)
    assert (first.status_code, first.json["state"]) == (202, "making")
    assert first.json["valid_until"] == "2026-11-30T00:00:00Z"
    assert shop.call("POST", "/voucher-batches", **me, json=WANTED).json == first.json
    with app.app_context():
        new_worker(database()).run_all()
    path = f"/voucher-batches/{first.json['id']}"
    assert shop.call("GET", path, **me).json["state"] == "ready"
    sent = shop.call("GET", f"{path}/codes.csv", **me)
    assert sent.is_streamed
    head, *rows = sent.text.split()
    assert head == "code,state,uses_left"
    assert [row.partition(",")[2] for row in rows] == ["issued,1"] * 3
    code = rows[0].partition(",")[0]
    sold = shop.ask("/voucher-redemptions", code)
    assert sold.json["discount_minor"] == 600
    assert shop.call("POST", f"{path}/void", **me).json["ended"] == 3
    refused = shop.ask("/vouchers/validate", rows[1].partition(",")[0]).json["refused"]
    assert refused[0]["reason"] == "void"


def test_batches_are_listed_by_pages_with_what_came_of_them_and_why_they_are_void(
    app: Flask, shop: Shop
) -> None:
    me = {"by": shop.integrator}
    made = [
        shop.call("POST", "/voucher-batches", **me, json=WANTED | {"reference": f"May {number}"})
        for number in range(3)
    ]
    with app.app_context():
        new_worker(database()).run_all()
    path = f"/voucher-batches/{made[0].json['id']}"
    code = shop.call("GET", f"{path}/codes.csv", **me).text.split()[1].partition(",")[0]
    assert shop.ask("/voucher-redemptions", code).status_code == 201
    voided = shop.call("POST", f"{path}/void", **me, json={"reason": "Printed wrong"}).json
    assert (voided["ended"], voided["batch"]["void_reason"]) == (3, "Printed wrong")
    assert shop.call("POST", f"{path}/void", **me, json={"reason": ""}).status_code == 422
    later = shop.call("POST", f"{path}/void", **me, json={"reason": "Another"}).json
    assert (later["ended"], later["batch"]["void_reason"]) == (0, "Printed wrong")

    first = shop.call("GET", "/voucher-batches?limit=2", **me).json
    assert [one["reference"] for one in first["batches"]] == ["May 2", "May 1"]
    rest = shop.call("GET", f"/voucher-batches?limit=2&after={first['next_after']}", **me).json
    (oldest,) = rest["batches"]
    assert rest["next_after"] is None
    assert oldest == shop.call("GET", path, **me).json | {
        "reference": "May 0",
        "uses": 1,
        "discount_minor": 600,
    }
    assert shop.call("GET", "/voucher-batches?after=x", **me).status_code == 422
    assert shop.call("GET", "/voucher-batches").status_code == 403


def test_a_budget_stops_a_campaign(app: Flask, shop: Shop) -> None:
    me = {"by": shop.integrator}
    terms = {"kind": "amount", "value": 500, "currency": "GBP", "campaign_id": "may", "uses": None}
    wanted = WANTED | {"terms": terms, "size": 1}
    batch = shop.call("POST", "/voucher-batches", **me, json=wanted).json
    with app.app_context():
        new_worker(database()).run_all()
    budget = {"currency": "GBP", "limit_minor": 900}
    assert shop.call("PUT", "/voucher-budgets/may", **me, json=budget).status_code == 200
    text = shop.call("GET", f"/voucher-batches/{batch['id']}/codes.csv", **me).text
    code = text.split()[1].partition(",")[0]
    assert shop.ask("/voucher-redemptions", code).status_code == 201
    again = shop.ask("/voucher-redemptions", code, reference="A-2")
    assert again.json["refused"][0]["reason"] == "budget_used_up"


def test_tills_make_no_vouchers_and_see_no_codes(shop: Shop) -> None:
    assert shop.call("POST", "/voucher-batches", json=WANTED).status_code == 403
    batch = shop.call("POST", "/voucher-batches", by=shop.integrator, json=WANTED).json
    assert shop.call("GET", f"/voucher-batches/{batch['id']}/codes.csv").status_code == 403


_SUM = {"kind": "amount", "value": 500, "currency": "GBP"}
_HATS = {"includes": ["category:hats"], "excludes": ["category:hats", "sku:1"]}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"size": 0}, "size"),
        ({"last_day": "2026-11-21"}, "last_day"),
        ({"store": "york"}, "store"),
        ({"terms": {"kind": "amount", "value": 500}}, "terms.currency"),
        ({"terms": _SUM | {"currency": "gbp"}}, "terms.currency"),
        ({"terms": _SUM | {"currency": "XQZ"}}, "terms.currency"),
        ({"terms": {"kind": "gift"}}, "terms.title"),
        ({"terms": {"kind": "percent", "value": 101}}, "terms.value"),
        ({"terms": _SUM | {"scope": {"includes": ["hats"]}}}, "terms.scope.includes.0"),
        ({"terms": _SUM | {"scope": _HATS}}, "terms.scope"),
        ({"terms": _SUM | {"is_bound": True}}, "terms.is_bound"),
    ],
)
def test_what_makes_no_sense_is_refused_by_the_field_that_was_sent(
    shop: Shop, wrong: dict[str, Any], field: str
) -> None:
    answer = shop.call("POST", "/voucher-batches", by=shop.integrator, json=WANTED | wrong)
    assert (answer.status_code, list(answer.json["fields"])) == (422, [field])


def test_terms_by_name_can_bind_a_voucher_to_whom_it_is_given(app: Flask, shop: Shop) -> None:
    terms = _SUM | {"is_bound": True}
    named = shop.call("PUT", "/voucher-terms/birthday", by=shop.integrator, json=terms).json
    with app.app_context(), database().write() as session:
        given = issue(
            session,
            programme_id=shop.brand.id,
            terms_id=named["terms_id"],
            owner_id=shop.member.id,
            source="birthday:1",
            **windows.given("Europe/London", NOON)._asdict(),
            now=NOON,
            key=settings().key,
        )
        code = code_of(given.voucher_id, settings().key)
    for basket in ({}, {"member_id": "01SOMEBODYELSE"}):
        refused = shop.ask("/voucher-redemptions", code, **basket).json["refused"]
        assert [one["reason"] for one in refused] == ["not_theirs"]
    mine = {"member_id": shop.member.id}
    assert shop.ask("/voucher-redemptions", code, **mine).status_code == 201


def test_terms_by_name_are_in_a_currency_that_a_store_takes(shop: Shop) -> None:
    terms = _SUM | {"currency": "JPY"}
    answer = shop.call("PUT", "/voucher-terms/birthday", by=shop.integrator, json=terms)
    told = {"currency": ["None of your stores sells in JPY."]}
    assert (answer.status_code, answer.json["fields"]) == (422, told)


# No store of this brand sells in yen, which is a currency all the same.
@pytest.mark.parametrize("currency", ["gbp", "£££", "XQZ", "", "JPY"])
def test_a_budget_is_in_a_currency(shop: Shop, currency: str) -> None:
    budget = {"currency": currency, "limit_minor": 900}
    answer = shop.call("PUT", "/voucher-budgets/may", by=shop.integrator, json=budget)
    assert (answer.status_code, list(answer.json["fields"])) == (422, ["currency"])
