"""Webhook endpoints as an API: shown secrets, paging, other brands, addresses inside a network."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from core.transaction import Database
from jobs.schedule import new_worker
from retail.brands.queries import StoreView
from tests.builders.brands import new_brand, new_store
from tests.builders.receiver import listening, verifies
from tests.builders.staff import new_integrator_key, new_till_key
from tests.conftest import both_databases

ADDRESS = "/api/v1/webhook-endpoints"


class System:
    """A brand's own system, which calls with its key."""

    def __init__(self, client: FlaskClient, key: str) -> None:
        self._client, self._key = client, key

    def ask(self, method: str, path: str = "", **options: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self._key}", **options.pop("headers", {})}
        return self._client.open(ADDRESS + path, method=method, headers=headers, **options)

    def adds(self, url: str = "http://127.0.0.1:9/hooks", **more: Any) -> TestResponse:
        return self.ask("POST", json={"url": url, "name": "Warehouse"} | more)


@pytest.fixture
def store(db: Database) -> StoreView:
    with db.write() as session:
        return new_store(session)


@pytest.fixture
def system(app: Flask, db: Database, store: StoreView) -> System:
    with db.write() as session:
        return System(app.test_client(), new_integrator_key(session, store.brand_id)[1])


@both_databases
def test_a_secret_is_shown_once_and_kept_nowhere_in_words(db: Database, system: System) -> None:
    key = {"Idempotency-Key": "first"}
    wish = {"url": "http://127.0.0.1:9/hooks", "name": "Warehouse"}
    first = system.ask("POST", json=wish, headers=key).get_json()
    again = system.ask("POST", json=wish, headers=key).get_json()
    assert first["secret"].startswith("whsec_")
    assert again == {"endpoint": first["endpoint"], "secret": None}
    listed = system.ask("GET").get_data(as_text=True)
    assert "secret_version" in listed
    assert "whsec_" not in listed
    with db.read() as session:
        rows = [str(row) for row in session.execute(text("SELECT * FROM webhook_endpoint"))]
        rows += [str(row) for row in session.execute(text("SELECT * FROM replay"))]
    assert first["secret"][6:] not in "".join(rows)


def test_a_test_arrives_and_the_log_says_so_page_by_page(
    app: Flask, db: Database, system: System
) -> None:
    with listening() as far:
        made = system.adds(far.url).get_json()
        place = f"/{made['endpoint']['id']}"
        ids = [system.ask("POST", f"{place}/test").get_json()["message_id"] for _ in range(3)]
        with app.app_context():
            new_worker(db).run_all()
        assert far.ids == ids
        assert far.types == ["endpoint.test"] * 3
        assert all(verifies(made["secret"], got.headers, got.body) for got in far.got)
        page = system.ask("GET", f"{place}/deliveries?limit=2").get_json()
        rest = system.ask("GET", f"{place}/deliveries?limit=2&after={page['next_after']}")
        found = page["deliveries"] + rest.get_json()["deliveries"]
        assert [one["id"] for one in found] == ids[::-1]
        assert rest.get_json()["next_after"] is None
        assert found[0]["attempts"][0]["status"] == 200
        wish = {"since": "2026-11-22T00:00:00Z"}
        assert system.ask("POST", f"{place}/replay", json=wish).get_json() == {"messages": 3}
        assert system.ask("POST", f"{place}/replay", json={}).status_code == 422


def test_a_new_secret_comes_once_for_each_version(system: System) -> None:
    endpoint_id = system.adds().get_json()["endpoint"]["id"]
    first = system.ask("PUT", f"/{endpoint_id}/secrets/2").get_json()
    again = system.ask("PUT", f"/{endpoint_id}/secrets/2").get_json()
    assert first["secret"]
    assert again["secret"] is None
    for version in (1, 4, 10**30):
        assert system.ask("PUT", f"/{endpoint_id}/secrets/{version}").status_code == 409


def test_a_disabled_endpoint_is_neither_tested_nor_replayed_until_it_is_enabled(
    system: System,
) -> None:
    place = f"/{system.adds().get_json()['endpoint']['id']}"
    assert system.ask("POST", f"{place}/disable").get_json()["disabled_why"] == "by_hand"
    assert system.ask("POST", f"{place}/test").status_code == 409
    wish = {"since": "2026-11-22T00:00:00Z"}
    assert system.ask("POST", f"{place}/replay", json=wish).status_code == 409
    assert system.ask("POST", f"{place}/enable").get_json()["disabled_at"] is None
    assert system.ask("POST", f"{place}/test").status_code == 200
    assert system.ask("DELETE", place).status_code == 204
    assert system.ask("GET", place).status_code == 404


def test_other_brands_and_tills_see_nothing(
    app: Flask, db: Database, store: StoreView, system: System
) -> None:
    place = f"/{system.adds().get_json()['endpoint']['id']}"
    with db.write() as session:
        till = System(app.test_client(), new_till_key(session, store.brand_id, store.id)[1])
        _, key = new_integrator_key(session, new_brand(session).id)
    other = System(app.test_client(), key)
    assert till.ask("GET").status_code == 403
    assert other.ask("GET").get_json() == []
    wish = {"since": "2026-11-22T00:00:00Z"}
    for method, path, body in (
        ("GET", place, None),
        ("GET", f"{place}/deliveries", None),
        ("DELETE", place, None),
        ("PUT", f"{place}/secrets/2", None),
        ("POST", f"{place}/disable", None),
        ("POST", f"{place}/enable", None),
        ("POST", f"{place}/test", None),
        ("POST", f"{place}/replay", wish),
    ):
        assert other.ask(method, path, json=body).status_code == 404, (method, path)
    assert system.ask("GET", place).status_code == 200


@pytest.mark.parametrize(
    "url",
    [
        "http://erp.example/hooks",
        "https://127.0.0.1/hooks",
        "https://[::1]/",
        "https://169.254.169.254/latest",
        "https://localhost/",
        "https://user:secret@erp.example/",
        "https://erp.example/#part",
        "https://erp.example/a b",
        "ftp://erp.example/",
        "https://",
        "https://erp.example:99999/",
    ],
)
def test_only_plain_addresses_on_the_open_internet_are_taken(
    app: Flask, system: System, url: str
) -> None:
    told = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(told, environment="production")
    answer = system.adds(url)
    assert answer.status_code == 422
    assert "url" in answer.get_json()["fields"]


def test_a_brand_has_no_more_endpoints_than_can_be_looked_after(system: System) -> None:
    statuses = [system.adds(f"http://127.0.0.1:9/{n}").status_code for n in range(21)]
    assert statuses == [200] * 20 + [409]
    assert len(system.ask("GET").get_json()) == 20
