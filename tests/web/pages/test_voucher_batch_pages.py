"""Batches of vouchers at the desk: typed, made, watched, taken away, voided."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from core.clock import FixedClock
from core.transaction import Database, database
from jobs.schedule import new_worker
from loyalty.vouchers import batches
from loyalty.vouchers.batches import BatchRow
from loyalty.vouchers.terms import Terms
from loyalty.vouchers.windows import Window
from retail.brands.queries import StoreView
from tests.builders.brands import new_store
from tests.builders.staff_accounts import COOKIE, new_staff, sign_in_staff
from tests.builders.visitor import Visitor
from tests.conftest import NOON

Visit = Callable[[], Visitor]
DESK = "/staff/vouchers"
TYPED = {
    "reference": "leaflet",
    "size": "3",
    "first_day": "2026-11-22",
    "last_day": "2026-11-29",
    "terms.kind": "amount",
    "terms.value": "5.50",
    "terms.uses": "2",
    "terms.minimum_minor": "20",
    "terms.scope.includes": "category:hats, category:coats",
    "terms.campaign_id": "may",
}


@pytest.fixture
def store(db: Database, clock: FixedClock) -> StoreView:
    del clock
    with db.write() as session:
        return new_store(session)


@pytest.fixture
def marketer(db: Database, store: StoreView, visit: Visit) -> Visitor:
    return at_work(db, store, visit, role="marketer")


def at_work(db: Database, store: StoreView, visit: Visit, **account: str) -> Visitor:
    with db.write() as session:
        staff = new_staff(session, store.brand_id, **account)
        return visit().sign_in(sign_in_staff(session, staff), cookie=COOKIE)


def all_of(db: Database, store: StoreView) -> list[BatchRow]:
    with db.read() as session:
        return batches.page(session, store.brand_id)


def make(marketer: Visitor, **typed: str) -> Visitor:
    return marketer.open(f"{DESK}/new").send(f"{DESK}/new", **TYPED | typed)


def test_what_is_typed_is_made_taken_away_and_voided(
    app: Flask, db: Database, store: StoreView, marketer: Visitor
) -> None:
    assert "No batch here" in marketer.open(DESK).text
    make(marketer)
    (row,) = all_of(db, store)
    assert (row.terms.value, row.terms.currency, row.terms.minimum_minor) == (550, "GBP", 2000)
    assert (row.terms.uses, sorted(row.terms.scope.includes)) == (
        2,
        ["category:coats", "category:hats"],
    )
    place = f"{DESK}/{row.batch.id}"
    assert marketer.path == place
    assert "Being made" in marketer.text
    assert "data-changing" in marketer.open(f"/staff/live/vouchers/{row.batch.id}").text
    with app.app_context():
        new_worker(database()).run_all()
    assert "3 of 3" in marketer.open(f"/staff/live/vouchers/{row.batch.id}").text
    assert "£5.50 off. From £20 on." in marketer.open(place).text
    codes = marketer.open(f"{place}/codes.csv").text.split()
    assert (codes[0], len(codes), codes[1].partition(",")[2]) == (
        "code,state,uses_left",
        4,
        "issued,2",
    )
    assert "Say why" in marketer.open(place).send(f"{place}/void").text
    assert marketer.status == 422
    said = marketer.open(place).send(f"{place}/void", reason="Misprinted").text
    assert "3 vouchers are void." in said
    assert "Why: Misprinted" in said
    assert all_of(db, store)[0].batch.state == "void"
    make(marketer)
    assert len(all_of(db, store)) == 1


@pytest.mark.parametrize(
    ("path", "typed", "said"),
    [
        ("size", "many", "whole number"),
        ("size", "1000001", "1000000"),
        ("last_day", "2026-11-21", "comes later"),
        ("first_day", "", "Say from which day on."),
        ("terms.value", "0", "1"),
        ("terms.minimum_minor", "1.005", "Write an amount"),
        ("terms.minimum_minor", "Infinity", "Write an amount"),
        ("size", "1_000", "whole number"),
        ("terms.uses_per_owner", "1001", "1000"),
        ("terms.scope.includes", "x" * 121, "120"),
        ("reference", "", "Name the batch."),
    ],
)
def test_what_is_wrong_stands_beside_its_box(
    db: Database, store: StoreView, marketer: Visitor, path: str, typed: str, said: str
) -> None:
    make(marketer, **{path: typed})
    assert marketer.status == 422
    assert said in marketer.text.split(f'name="{path}"')[1].split("</div>")[0]
    assert marketer.form(f"{DESK}/new")[path] == typed
    assert all_of(db, store) == []


def test_terms_that_make_no_sense_together_are_refused(marketer: Visitor) -> None:
    make(marketer, **{"terms.kind": "percent", "terms.value": "101"})
    assert (marketer.status, "1 to 100 per cent" in marketer.text) == (422, True)
    make(marketer, **{"terms.kind": "gift", "terms.value": "1"})
    assert (marketer.status, "Say what is free" in marketer.text) == (422, True)


def test_many_batches_have_pages(db: Database, store: StoreView, marketer: Visitor) -> None:
    with db.write() as session:
        for number in range(23):
            batches.begin(
                session,
                programme_id=store.brand_id,
                source=f"batch {number:02}",
                terms=Terms("percent", 10),
                size=1,
                window=Window(NOON, NOON + timedelta(days=1)),
                now=NOON + timedelta(seconds=number),
            )
    first = marketer.open(DESK).text
    assert ("batch 22" in first, "batch 03" in first, "batch 02" in first) == (True, True, False)
    older = first.split('href="/staff/vouchers?after=')[1].split('"')[0]
    rest = marketer.open(f"{DESK}?after={older}").text
    assert ("batch 02" in rest, "batch 03" in rest, "Older ones" in rest) == (True, False, False)


def test_only_those_who_make_vouchers_for_the_brand_see_codes(
    db: Database, store: StoreView, visit: Visit, marketer: Visitor
) -> None:
    make(marketer)
    codes = f"{DESK}/{all_of(db, store)[0].batch.id}/codes.csv"
    for who in ({"role": "assistant"}, {"role": "operator"}, {"store_id": store.id}):
        assert at_work(db, store, visit, **who).open(codes).status == 403
    with db.write() as session:
        elsewhere = new_store(session)
    assert at_work(db, elsewhere, visit).open(codes).status == 404
