"""The page of terms: in words, tried on past receipts, changed as a new version, by few."""

import json
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from werkzeug.test import TestResponse

from core import clock as core_clock
from core.clock import FixedClock
from core.transaction import Database
from loyalty.earning import queries
from retail.brands.queries import StoreView
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.receipts import line, new_receipt
from tests.builders.staff_accounts import COOKIE, new_staff, sign_in_staff
from tests.builders.terms import POUNDS, give_terms, terms_document
from tests.builders.tiers import new_tiers
from tests.builders.visitor import Visitor

Visit = Callable[[], Visitor]
DAY = timedelta(days=1)
FRIDAYS = {
    "id": "fridays",
    "kind": "multiplier",
    "percent": 200,
    "scope": {"includes": ["category:coats"], "places": ["store:soho"]},
    "window": {"weekdays": [4], "from_time": "18:00", "last_day": "2026-12-24"},
    "caps": {"per_day": 100},
}
DEED = {"id": "won", "kind": "action", "action": "season_won", "points": 25}


@pytest.fixture
def store(db: Database, clock: FixedClock) -> StoreView:
    del clock
    with db.write() as session:
        store = new_store(session)
        member = new_member(session, store.brand_id)
        lines = (line(total_minor=4_200),)
        new_receipt(
            session, store=store, member=member, lines=lines, sold_at=core_clock.now() - DAY
        )
        new_receipt(session, store=store, lines=lines, sold_at=core_clock.now() - DAY)
        return store


def reader(db: Database, store: StoreView, visit: Visit, **who: str) -> Visitor:
    with db.write() as session:
        staff = new_staff(session, store.brand_id, **{"role": "marketer"} | who)
        return visit().sign_in(sign_in_staff(session, staff), cookie=COOKIE)


def typed(*rules: object, version: int = 1, **more: object) -> dict[str, str]:
    document = terms_document(*rules, **more)  # type: ignore[arg-type]
    return {"terms": json.dumps(document), "version": str(version)}


def test_terms_and_tiers_stand_in_words(db: Database, store: StoreView, visit: Visit) -> None:
    page = reader(db, store, visit)
    assert "Nothing earns yet" in page.open("/staff/points").text
    with db.write() as session:
        give_terms(session, store.brand_id, POUNDS, FRIDAYS, DEED, expiry={"kind": "none"})
        new_tiers(session, programme_id=store.brand_id)
    text = " ".join(page.open("/staff/points").text.split())
    for words in (
        "version 1",
        "1 for each £1",
        "200% of what the other rules give; of coats; in soho; to 24 Dec 2026; on Fri; from 18:00",
        "; at most 100 a day",
        "25 for a season won",
        "Points never run out.",
        "tier:gold",
    ):
        assert words in text


def test_others_are_tried_on_receipts_of_members_and_hold_once_they_are_set(
    db: Database, store: StoreView, visit: Visit
) -> None:
    with db.write() as session:
        give_terms(session, store.brand_id)
    page = reader(db, store, visit).open("/staff/points")
    triple = typed(POUNDS | {"points": 3}, expiry={"kind": "sliding", "days": 60})
    text = try_out(page, triple).get_data(as_text=True)
    assert "would have earned 126 points and 0 credits" in text
    assert "Under what holds now: 42 and 0." in text
    with db.read() as session:
        assert [one for one, _ in queries.versions(session, store.brand_id)] == [1]
    assert "Version 2 holds from now on." in page.send("/staff/points", **triple).text
    late = page.send("/staff/points", **typed(POUNDS, version=1))
    assert (late.status, "Somebody set other terms meanwhile" in late.text) == (409, True)
    with db.read() as session:
        assert [one for one, _ in queries.versions(session, store.brand_id)] == [2, 1]


def test_what_makes_no_sense_is_named_and_changes_nothing(
    db: Database, store: StoreView, visit: Visit
) -> None:
    page = reader(db, store, visit).open("/staff/points")
    wrong = typed(DEED | {"action": "sharing"}, version=0)
    tried = try_out(page, wrong)
    page.send("/staff/points", **wrong)
    for status, text in (
        (tried.status_code, tried.get_data(as_text=True)),
        (page.status, page.text),
    ):
        assert status == 422
        assert "rules.0.action" in text
        assert '"sharing"' in unescape(text), "what was typed stays"
    page.send("/staff/points", terms="{", version="0")
    assert (page.status, "no JSON" in page.text) == (422, True)
    with db.read() as session:
        assert queries.versions(session, store.brand_id) == []


def try_out(page: Visitor, values: dict[str, str]) -> TestResponse:
    """Press the other button of the form."""
    return page.api("POST", "/staff/points/preview", data=page.form("/staff/points") | values)


@pytest.mark.parametrize("role", ["marketer", "assistant"])
def test_whoever_works_in_one_store_or_may_not_sees_nothing(
    db: Database, store: StoreView, visit: Visit, role: str
) -> None:
    page = reader(db, store, visit, role=role, store_id=store.id)
    assert page.open("/staff/points").status == 403
    assert page.api("POST", "/staff/points", data=typed(POUNDS, version=0)).status_code in (
        400,
        403,
    )
    with db.read() as session:
        assert queries.versions(session, store.brand_id) == []
