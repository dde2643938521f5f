"""The liability report: for whom, in which form, and what may be assumed."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from core.clock import FixedClock
from core.transaction import Database
from retail.brands.queries import StoreView
from tests.builders.brands import new_store
from tests.builders.points import earn
from tests.builders.staff import new_integrator_key
from tests.builders.staff_accounts import COOKIE, new_staff, sign_in_staff
from tests.builders.visitor import Visitor
from tests.builders.vouchers import new_voucher
from tests.conftest import KEY, NOON

Visit = Callable[[], Visitor]
PAGE = "/staff/liability"


@pytest.fixture
def store(db: Database, clock: FixedClock) -> StoreView:
    del clock
    with db.write() as session:
        store = new_store(session)
        for number in range(10):
            ends = {"programme_id": store.brand_id, "expires_at": NOON + timedelta(days=20)}
            earn(session, f"m{number}", 125, **ends)
        new_voucher(session, None, programme_id=store.brand_id, value=2500)
        return store


def reader(db: Database, store: StoreView, visit: Visit, **account: Any) -> Visitor:
    with db.write() as session:
        staff = new_staff(session, store.brand_id, **account)
        return visit().sign_in(sign_in_staff(session, staff), cookie=COOKIE)


@pytest.mark.parametrize("role", ["marketer", "manager", "operator"])
def test_those_who_keep_the_books_read_it(
    db: Database, store: StoreView, visit: Visit, role: str
) -> None:
    page = reader(db, store, visit, role=role).open(PAGE)
    assert (page.status, page.text.count("1,250")) == (200, 4)
    assert "December 2026" not in page.text
    assert "Dec 2026" in page.text
    assert page.text.count("£25.00") == 2
    assert page.text.count("<rect") == 2


def test_others_do_not(db: Database, store: StoreView, visit: Visit) -> None:
    assert reader(db, store, visit, role="assistant").open(PAGE).status == 403
    local = reader(db, store, visit, role="manager", store_id=store.id)
    assert local.open(PAGE).status == 403
    assert local.open(f"{PAGE}.csv").status == 403
    assert "/staff/liability" not in local.open("/staff").text


def test_a_worth_is_an_assumption_and_a_wrong_one_is_said_so(
    db: Database, store: StoreView, visit: Visit
) -> None:
    marketer = reader(db, store, visit, role="marketer")
    assert "£12.50" not in marketer.open(PAGE).text
    assert "worth £12.50, if so assumed" in marketer.open(f"{PAGE}?hundred_points=1").text
    for wrong in ("much", "-1", "NaN", "1e9"):
        page = marketer.open(f"{PAGE}?hundred_points={wrong}")
        assert (page.status, "Write an amount" in page.text) == (422, True)


def test_the_file_and_the_api_say_the_same(
    app: Flask, db: Database, store: StoreView, visit: Visit
) -> None:
    page = reader(db, store, visit, role="operator").open(f"{PAGE}.csv?hundred_points=1")
    rows = list(csv.DictReader(io.StringIO(page.text)))
    assert [(row["what"], row["count"], row["amount_minor"]) for row in rows] == [
        ("points", "1250", "1250"),
        ("points, pending", "0", ""),
        ("points, owed back", "0", ""),
        ("vouchers", "1", "2500"),
    ]
    with db.write() as session:
        _, key = new_integrator_key(session, store.brand_id, key=KEY)
    told = app.test_client().get(
        "/api/v1/liability?hundred_points=1", headers={"Authorization": f"Bearer {key}"}
    )
    assert told.json["wallets"][0]["spans"][0]["worth_minor"] == 1250
    assert told.json["vouchers"]["at_most"] == [{"currency": "GBP", "amount_minor": 2500}]
    assert app.test_client().get("/api/v1/liability").status_code == 401
