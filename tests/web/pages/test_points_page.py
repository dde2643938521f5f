"""A member's points on the phone and in the API: what there is, what waits, what happened."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from core.clock import FixedClock
from core.transaction import Database
from loyalty.campaigns.definition import read_campaign
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.journeys.points.earn_points import earn_points
from retail.receipts import codes
from tests.builders.accounts import new_member, sign_in
from tests.builders.brands import new_store
from tests.builders.campaigns import new_campaign, told
from tests.builders.points import earn, spend
from tests.builders.receipts import line, new_receipt
from tests.builders.terms import give_terms
from tests.builders.tiers import new_tiers
from tests.builders.visitor import Visitor
from tests.web.pages.conftest import settings_key


@pytest.fixture
def store(db: Database) -> StoreView:
    with db.write() as session:
        store = new_store(session)
        give_terms(session, store.brand_id, expiry={"kind": "rolling", "days": 90})
        return store


@pytest.fixture
def nina(db: Database, store: StoreView) -> MemberView:
    with db.write() as session:
        return new_member(session, store.brand_id)


@pytest.fixture
def token(app: Flask, db: Database, nina: MemberView) -> str:
    with db.write() as session:
        return sign_in(session, nina, key=settings_key(app))


@pytest.fixture
def phone(visit: Callable[[], Visitor], token: str) -> Visitor:
    return visit().sign_in(token)


def buy(db: Database, store: StoreView, member: MemberView, total_minor: int) -> None:
    with db.write() as session:
        lines = (line(total_minor=total_minor),)
        receipt = new_receipt(session, store=store, member=member, lines=lines)
        earn_points(session, receipt, now=receipt.recorded_at)


def test_whoever_has_none_reads_how_to_get_some(phone: Visitor) -> None:
    assert "No points yet" in phone.open("/me/points").text
    assert 'href="/me/points"' in phone.open("/me").text


def test_what_waits_says_from_which_day_and_comes_free_on_it(
    db: Database,
    store: StoreView,
    nina: MemberView,
    phone: Visitor,
    clock: FixedClock,
    run_jobs: Callable[[], None],
) -> None:
    buy(db, store, nina, 4_200)
    text = phone.open("/me/points").text
    assert "42 points" in text
    assert "Yours on 23 December 2026" in text
    assert "Your first points stand here" in text
    # A phone that is not opened for two weeks is signed out.
    for days in (13, 13):
        clock.instant += timedelta(days=days)
        run_jobs()
        assert "Yours on 23 December 2026" in phone.open("/me/points").text
    clock.instant += timedelta(days=5)
    run_jobs()
    text = phone.open("/me/points").text
    assert "A purchase" in text
    assert "Yours to spend." in text
    # Ninety days after 22 November.
    assert "Good until 20 February 2027" in text
    for _ in range(4):
        clock.instant += timedelta(days=13)
        run_jobs()
        phone.open("/me/points")
    assert "42 points run out soon" in phone.open("/me/notes").text
    clock.instant += timedelta(days=13)
    run_jobs()
    assert "Points that ran out" in phone.open("/me/points").text
    assert "run out soon" not in phone.open("/me/notes").text


def test_points_that_idleness_ends_say_so(db: Database, nina: MemberView, phone: Visitor) -> None:
    with db.write() as session:
        give_terms(session, nina.brand_id, expiry={"kind": "sliding", "days": 60})
        earn(session, nina.id, 7, programme_id=nina.brand_id)
    text = phone.open("/me/points").text
    assert "Good until 21 January 2027, and longer if you earn or spend before" in text


def test_the_receipt_says_what_it_brings_and_when(
    app: Flask, db: Database, store: StoreView, phone: Visitor
) -> None:
    key = settings_key(app)
    with db.write() as session:
        receipt = new_receipt(session, store=store, lines=(line(total_minor=4_200),), key=key)
    address = f"/r/{codes.token(key, receipt.id)}"
    assert "42 points" not in phone.open(address).text
    phone.send(f"{address}/claim")
    text = phone.open(address).text
    assert "42 points" in text
    assert "yours on 23 December" in text


def test_a_long_statement_goes_on_page_by_page(
    db: Database, nina: MemberView, phone: Visitor
) -> None:
    with db.write() as session:
        for number in range(1, 23):
            earn(session, nina.id, number, programme_id=nina.brand_id, source=f"r:{number}")
        spend(session, nina.id, 5, programme_id=nina.brand_id)
    first = phone.open("/me/points")
    assert "Spent" in first.text
    assert "Older entries" in first.text
    older = first.text.split('href="/me/points?after=')[1].split('"')[0]
    assert "Older entries" not in phone.open(f"/me/points?after={older}").text


def test_the_api_pages_through_the_same_statement(
    app: Flask, db: Database, store: StoreView, nina: MemberView, token: str
) -> None:
    with db.write() as session:
        for number in (1, 2, 3):
            earn(session, nina.id, number, programme_id=nina.brand_id, source=f"r:{number}")
    buy(db, store, nina, 4_200)
    client, by = app.test_client(), {"Authorization": f"Bearer {token}"}
    mine = client.get("/api/v1/me/points", headers=by).get_json()
    assert mine == {
        "balance": 6,
        "pending": 42,
        "available_from": [{"points": 42, "at": "2026-12-23T00:00:00Z"}],
        "expiring": [],
    }
    first = client.get("/api/v1/me/points/statement?limit=2", headers=by).get_json()
    assert [(e["points"], e["balance_after"]) for e in first["entries"]] == [(3, 6), (2, 3)]
    after = first["next_after"]
    rest = client.get(f"/api/v1/me/points/statement?limit=2&after={after}", headers=by).get_json()
    assert [e["points"] for e in rest["entries"]] == [1]
    assert rest["next_after"] is None
    assert client.get("/api/v1/me/points/statement?after=x", headers=by).status_code == 422


def test_a_tier_stands_with_what_the_next_one_takes(
    app: Flask, db: Database, nina: MemberView, phone: Visitor, token: str
) -> None:
    client, by = app.test_client(), {"Authorization": f"Bearer {token}"}
    assert client.get("/api/v1/me/tier", headers=by).get_json()["standing"] is None
    with db.write() as session:
        new_tiers(session, programme_id=nina.brand_id)
        earn(session, nina.id, 120, programme_id=nina.brand_id, wallet="credits")
        earn(session, nina.id, 5, programme_id=nina.brand_id)
    text = phone.open("/me/points").text
    assert "Silver" in text
    assert "180 credits more make you Gold." in text
    assert "Yours until 31 December" in text
    standing = client.get("/api/v1/me/tier", headers=by).get_json()["standing"]
    assert (standing["tier"]["code"], standing["missing"]) == ("silver", 180)
    assert standing["until"] == "2027-01-01T00:00:00Z"


def test_a_tier_says_which_campaigns_it_brings(
    app: Flask, db: Database, nina: MemberView, phone: Visitor, token: str
) -> None:
    triple = {"kind": "points", "points": 30}
    with db.write() as session:
        new_tiers(session, programme_id=nina.brand_id)
        earn(session, nina.id, 120, programme_id=nina.brand_id, wallet="credits")
        earn(session, nina.id, 5, programme_id=nina.brand_id)
        for name, code in (("Early sale", "silver"), ("First fitting", "gold"), ("Hello", None)):
            labels = {"labels": [f"tier:{code}"]} if code else {}
            plan = told(triple, conditions=[{"kind": "buyer"} | labels], name=name)
            new_campaign(session, read_campaign(plan), programme_id=nina.brand_id)
    text = phone.open("/me/points").text
    assert "It brings you: Early sale." in text
    assert "That would bring: First fitting." in text
    by = {"Authorization": f"Bearer {token}"}
    told_ = app.test_client().get("/api/v1/me/tier", headers=by).get_json()
    assert (told_["brings"], told_["would_bring"]) == (["Early sale"], ["First fitting"])


def test_points_are_nobody_elses_to_read(
    app: Flask, db: Database, store: StoreView, nina: MemberView
) -> None:
    buy(db, store, nina, 4_200)
    with db.write() as session:
        other = sign_in(session, new_member(session, store.brand_id), key=settings_key(app))
    client, by = app.test_client(), {"Authorization": f"Bearer {other}"}
    assert client.get("/api/v1/me/points", headers=by).get_json()["pending"] == 0
    assert client.get("/api/v1/me/points").status_code == 401
