"""Planted words: an address, names, tokens and codes never reach logs, events, jobs or replays."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.outbox import Event, Job
from core.replay import Replay
from core.transaction import Database
from jobs.schedule import new_worker
from retail.brands.queries import StoreView
from tests.builders.brands import new_brand, new_store
from tests.builders.catalogue import new_variant
from tests.builders.staff import new_till_key
from tests.builders.visitor import Visitor
from tests.conftest import NOON, both_databases

EMAIL = "canary.bird@coal-mine.example"
NAME = "Canaria Featherstone"

Visit = Callable[[], Visitor]


class Day:
    """A day of a shopper on which everything secret is used, well and badly."""

    def __init__(self, app: Flask, db: Database, visit: Visit) -> None:
        self.app, self.db = app, db
        self.phone = visit()
        with db.write() as session:
            self.brand = new_brand(session)
            self.store: StoreView = new_store(session, brand=self.brand)
            self.variant = new_variant(session, brand_id=self.brand.id)
            _, self.till = new_till_key(session, self.brand.id, self.store.id)
        self.secrets = {"address": EMAIL, "name": NAME, "key": self.till.partition("_")[2]}

    def call(self, method: str, path: str, *, by: str = "", **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {by}"} if by else {}
        headers["Idempotency-Key"] = f"{method} {path}"
        return self.app.test_client().open(
            f"/api/v1{path}", method=method, headers=headers, **options
        )

    def work(self) -> None:
        with self.app.app_context():
            new_worker(self.db).run_all()

    def join(self) -> None:
        wish = {"brand": self.brand.slug, "email": EMAIL}
        assert self.call("POST", "/sign-in-codes", json=wish).status_code == 202
        self.work()
        code = self.phone.open("/dev/mailbox").text.partition("</data>")[0][-6:]
        assert re.fullmatch(r"\d{6}", code)
        assert self.call("POST", "/sessions", json=wish | {"code": "abcdef"}).status_code >= 400
        opened = self.call("POST", "/sessions", json=wish | {"code": code})
        assert opened.status_code in (200, 201, 422), opened.json
        if opened.status_code == 422:
            opened = self.app.test_client().post("/api/v1/sessions", json=wish | {"code": code})
        self.secrets |= {"sign-in code": code, "session": opened.json["token"]}
        self.phone.sign_in(opened.json["token"])
        changed = self.call("PATCH", "/me", by=opened.json["token"], json={"display_name": NAME})
        assert changed.status_code == 200, changed.json

    def buy(self) -> None:
        line = {"gtin": self.variant.gtin, "quantity": "1", "total_minor": 18_900}
        sale = {"till": "3", "number": "A-1", "sold_at": "2026-11-22T11:59:00Z", "currency": "GBP"}
        sold = self.call("POST", "/receipts", by=self.till, json=sale | {"lines": [line]})
        assert sold.status_code == 201, sold.json
        self.call("POST", "/receipts", by=self.till, json=sale | {"lines": [line]})
        token = sold.json["claim_url"].rsplit("/", 1)[-1]
        typed = sold.json["code"].replace("-", "")
        self.secrets |= {"receipt token": token, "typed code": typed}

    def claim(self) -> None:
        address = f"/r/{self.secrets['receipt token']}"
        self.phone.open(address).send(f"{address}/claim")
        assert self.phone.status in (200, 303)

    def invite(self) -> None:
        token = self.secrets["session"]
        assert self.call("POST", "/me/invitations", by=token, json={}).status_code == 201
        (made,) = self.call("GET", "/me/invitations", by=token).json
        invitation = made["address"].rsplit("/", 1)[-1]
        self.secrets["invitation token"] = invitation
        assert self.phone.open(f"/f/{invitation}").status == 200
        accepted = f"/friend-invitations/{invitation}/acceptance"
        assert self.call("POST", accepted, by=token).status_code == 422

    def show_card(self) -> None:
        shown = re.search(r"(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}", self.phone.open("/me/card").text)
        assert shown is not None
        self.secrets |= {"card": shown[0], "card, plain": shown[0].replace("-", "")}
        for code, status in (("0000-0000-0000-0000", 404), (shown[0], 200)):
            read = self.call("POST", "/member-cards/resolve", by=self.till, json={"code": code})
            assert read.status_code == status, read.json

    def break_down(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(**_: object) -> None:
            raise IntegrityError(f"INSERT {EMAIL}", {"email": EMAIL}, Exception(NAME))

        monkeypatch.setitem(self.app.view_functions, "health.alive", fail)
        self.app.config["PROPAGATE_EXCEPTIONS"] = False
        assert self.app.test_client().get("/healthz").status_code == 500


def rows(db: Database) -> dict[str, str]:
    """Everything that events, jobs and replays remember."""
    with db.read() as session:
        return {
            table.__tablename__: repr(
                [tuple(row) for row in session.execute(select(*table.__table__.columns))]
            )
            for table in (Event, Job, Replay)
        }


@both_databases
def test_no_planted_word_is_ever_found(
    app: Flask,
    db: Database,
    visit: Visit,
    logs: Callable[[], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    day = Day(app, db, visit)
    day.join()
    day.buy()
    day.claim()
    day.invite()
    day.show_card()
    day.break_down(monkeypatch)
    places = rows(db) | {"log": logs()}
    assert "request.failed" in places["log"]
    assert "IntegrityError" in places["log"]
    assert all(len(text) > 50 for text in places.values()), "nothing was looked at"
    found = [
        (what, where)
        for what, secret in day.secrets.items()
        for where, text in places.items()
        if secret.lower() in text.lower()
    ]
    assert found == []


def test_a_planted_word_would_be_found(db: Database) -> None:
    """The control: the search sees what a careless event would say."""
    with db.write() as session:
        session.add(Job(id="J", kind="mail", payload={"to": EMAIL}, due_at=NOON))
    assert EMAIL in rows(db)["job"]
