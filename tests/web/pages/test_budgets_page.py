"""The page of budgets: campaigns' and vouchers', with what tills hold."""

from collections.abc import Callable

import pytest

from core.clock import FixedClock
from core.transaction import Database
from loyalty.campaigns import service as campaigns
from loyalty.vouchers import redemptions, service
from retail.brands.queries import StoreView
from retail.liability.budgets import budgets_of
from tests.builders.brands import new_store
from tests.builders.campaigns import facts, line, new_campaign, ten_per_cent
from tests.builders.staff_accounts import COOKIE, new_staff, sign_in_staff
from tests.builders.visitor import Visitor
from tests.builders.vouchers import QUARTER, basket, new_code
from tests.conftest import KEY, NOON, both_databases

Visit = Callable[[], Visitor]


@pytest.fixture
def store(db: Database, clock: FixedClock) -> StoreView:
    del clock
    with db.write() as session:
        return new_store(session)


def reader(db: Database, store: StoreView, visit: Visit, role: str) -> Visitor:
    with db.write() as session:
        staff = new_staff(session, store.brand_id, role=role)
        return visit().sign_in(sign_in_staff(session, staff), cookie=COOKIE)


@both_databases
def test_what_was_given_and_what_tills_hold_is_gone(
    db: Database, store: StoreView, visit: Visit
) -> None:
    place = {"programme_id": store.brand_id}
    with db.write() as session:
        coats = ten_per_cent(limits={"budget_minor": 1000})
        view = new_campaign(session, coats, **place)
        sold = facts(line("1", 9_000), owner_id=None)
        campaigns.execute(session, store.brand_id, sold, source="sale", now=NOON)
        code = new_code(session, campaign_id="may", uses=2, **place)
        service.set_budget(session, campaign_id="may", currency="GBP", limit_minor=2000, **place)
        when = {**place, "now": NOON, "key": KEY, "basket": basket(), "codes": (code,)}
        redemptions.redeem_now(session, source="one", **when)
        redemptions.reserve(session, source="two", until=NOON + QUARTER, **when)
        found = budgets_of(session, store.brand_id, now=NOON)
    assert [(one.id, one.given, one.held, one.left, one.recent) for one in found] == [
        (view.id, 900, 0, 100, 900),
        ("may", 1000, 500, 1000, 1000),
    ]
    page = reader(db, store, visit, "marketer").open("/staff/budgets").text
    assert "1 needs a look." in page
    assert "nearly gone" in page
    assert page.index("90%") < page.index("50%")


def test_without_budgets_the_page_says_where_they_begin(
    db: Database, store: StoreView, visit: Visit
) -> None:
    assert "No budget yet" in reader(db, store, visit, "marketer").open("/staff/budgets").text
    assert reader(db, store, visit, "operator").open("/staff/budgets").status == 403
