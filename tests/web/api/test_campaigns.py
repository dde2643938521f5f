"""An integrator plans, moves and simulates campaigns."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from core.clock import FixedClock
from core.transaction import Database
from tests.builders.brands import new_brand
from tests.builders.campaigns import past_shop, told
from tests.builders.staff import new_integrator_key
from tests.conftest import NOON, both_databases
from web.auth import settings

pytestmark = both_databases

TENTH = {"kind": "percent_off", "per_cent": 10}


class Office:
    """An integrator of a shop with receipts of twenty days."""

    def __init__(self, app: Flask, db: Database) -> None:
        self.client = app.test_client()
        with app.app_context(), db.write() as session:
            store, self.receipts = past_shop(session)
            key = settings().key
            _, self.key = new_integrator_key(session, store.brand_id, key=key)
            _, self.foreign = new_integrator_key(session, new_brand(session).id, key=key)

    def call(self, method: str, path: str = "", by: str = "", **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {by or self.key}"}
        address = f"/api/v1/campaigns{path}"
        return self.client.open(address, method=method, headers=headers, **options)

    def plan(self, method: str = "POST", path: str = "", **more: Any) -> Any:
        definition = told(TENTH) | more
        body = {"definition": definition, "starts_at": NOON.isoformat()}
        return self.call(method, path, json=body)


@pytest.fixture
def office(app: Flask, db: Database) -> Office:
    return Office(app, db)


def test_a_campaign_is_planned_changed_started_stopped_and_copied(office: Office) -> None:
    made = office.plan(name="Coats")
    place = f"/{made.json['id']}"
    assert (made.status_code, made.json["state"]) == (201, "draft")
    assert office.plan("PUT", place, name="Warm coats").json["name"] == "Warm coats"
    assert office.call("POST", f"{place}/start").json["state"] == "started"
    assert office.plan("PUT", place, name="Cold coats").status_code == 409
    assert office.call("DELETE", place).status_code == 409
    assert office.call("POST", f"{place}/stop").json["state"] == "stopped"
    copied = office.call("POST", f"{place}/copy", json={"name": "Again"}).json
    assert (copied["state"], copied["definition"]["name"]) == ("draft", "Again")
    assert office.call("DELETE", f"/{copied['id']}").status_code == 204
    assert office.call("GET", f"/{copied['id']}").status_code == 404


def test_who_read_another_edition_neither_changes_nor_starts_it(office: Office) -> None:
    made = office.plan(name="Coats").json
    place, read = f"/{made['id']}", made["edition"]
    anew = {"definition": told(TENTH) | {"name": "Warm"}, "starts_at": NOON.isoformat()}
    changed = office.call("PUT", place, json=anew | {"edition": read})
    assert changed.status_code == 200
    assert office.call("PUT", place, json=anew | {"edition": read}).status_code == 409
    assert office.call("POST", f"{place}/start?edition={read}").status_code == 409
    started = office.call("POST", f"{place}/start?edition={changed.json['edition']}")
    assert (started.status_code, started.json["name"]) == (200, "Warm")


def test_every_wrong_field_is_named_by_its_path(office: Office) -> None:
    rules = [{"benefits": [{"kind": "percent_off", "per_cent": 101}]}]
    answer = office.plan(name="", rules=rules)
    assert answer.status_code == 422
    assert set(answer.json["fields"]) == {
        "definition.name",
        "definition.rules.0.benefits.0.per_cent",
    }


def test_pages_follow_one_another_newest_first(office: Office, clock: FixedClock) -> None:
    for name in "abcde":
        office.plan(name=name)
        clock.advance(minutes=1)
    names, after = [], ""
    while after is not None:
        page = office.call("GET", f"?limit=2&after={after}" if after else "?limit=2").json
        names.append([one["name"] for one in page["campaigns"]])
        after = page["next_after"]
    assert names == [["e", "d"], ["c", "b"], ["a"]]
    assert office.call("GET", "?after=zz").status_code == 422


def test_another_brand_sees_and_moves_nothing(office: Office) -> None:
    place = f"/{office.plan(name='Coats').json['id']}"
    assert office.call("GET", by=office.foreign).json["campaigns"] == []
    for method, path in (("GET", ""), ("POST", "/start"), ("DELETE", ""), ("GET", "/export")):
        assert office.call(method, place + path, by=office.foreign).status_code == 404


def test_an_export_comes_back_in_as_the_same_campaign(office: Office) -> None:
    made = office.plan(name="Coats", limits={"uses": 5}).json
    file = office.call("GET", f"/{made['id']}/export").json
    assert file == made["definition"]
    body = {"definition": file | {"priority": 7}, "starts_at": NOON.isoformat()}
    tried = office.call("POST", "/import?dry_run=true", json=body).json
    assert (tried["is_new"], tried["campaign_id"]) == (False, made["id"])
    assert tried["changes"] == [{"field": "priority", "before": "0", "after": "7"}]
    assert office.call("GET", f"/{made['id']}").json["definition"]["priority"] == 0
    done = office.call("POST", "/import", json=body).json
    assert done["changes"] == tried["changes"]
    assert office.call("GET", f"/{made['id']}").json["definition"]["priority"] == 7
    body["definition"]["name"] = "Elsewhere"
    new = office.call("POST", "/import", json=body).json
    assert new["is_new"]
    office.call("POST", f"/{new['campaign_id']}/start")
    assert office.call("POST", "/import", json=body).status_code == 409


def test_a_draft_is_simulated_over_past_receipts(office: Office, clock: FixedClock) -> None:
    made = office.plan(name="Coats").json
    until = clock.now()
    span = {"since": (until - timedelta(days=7)).isoformat(), "until": until.isoformat()}
    answer = office.call("POST", f"/{made['id']}/simulate", json=span).json
    week = [one for one in office.receipts if one.sold_at >= until - timedelta(days=7)]
    (cost,) = answer["campaigns"]
    assert (answer["receipts"], cost["receipts"], answer["currency"]) == (7, 7, "GBP")
    assert cost["discount_minor"] == sum(one.total_minor // 10 for one in week)
    assert cost["discount_minor"] == sum(one["discount_minor"] for one in cost["weeks"])
    assert (answer["credits"], {one["credits"] for one in cost["weeks"]}) == (0, {0})
    assert cost["members"] in (None, 0)
    assert office.call("POST", "/simulate", json=span).json["campaigns"] == []
    office.call("POST", f"/{made['id']}/start")
    together = office.call("POST", "/simulate", json=span).json
    assert together["discount_minor"] == cost["discount_minor"]
    backwards = {"since": span["until"], "until": span["since"]}
    assert list(office.call("POST", "/simulate", json=backwards).json["fields"]) == ["until"]
