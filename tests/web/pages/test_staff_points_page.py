"""The page of terms: in words, tried on past receipts, changed as a new version, by few."""

import json
from collections.abc import Callable
from datetime import time, timedelta

import pytest

from core import clock as core_clock
from core.clock import FixedClock
from core.transaction import Database
from loyalty.baskets.rules import Scope
from loyalty.earning import queries
from loyalty.earning.rules import Caps, Expiry, Window
from loyalty.earning.terms import read_terms
from retail.brands.queries import StoreView
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.desk import at_desk, press
from tests.builders.receipts import line, new_receipt
from tests.builders.terms import POUNDS, give_terms, terms_document
from tests.builders.visitor import Visitor

Visit = Callable[[], Visitor]
DAY = timedelta(days=1)
EDIT = "/staff/points/edit"
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


def try_out(page: Visitor, deed: str = "preview", **values: str) -> Visitor:
    """Press a button of the form that changes nothing."""
    return press(page, EDIT, f"{EDIT}/try", do=deed, **values)


def versions(db: Database, store: StoreView) -> list[int]:
    with db.read() as session:
        return [one.terms.version for one in queries.versions(session, store.brand_id)]


def test_terms_stand_in_words(db: Database, store: StoreView, visit: Visit) -> None:
    page = at_desk(db, store, visit)
    assert "Nothing earns yet" in page.open("/staff/points").text
    with db.write() as session:
        give_terms(session, store.brand_id, POUNDS, FRIDAYS, DEED, expiry={"kind": "none"})
    text = " ".join(page.open("/staff/points").text.split())
    for words in (
        "version 1",
        "1 for each £1",
        "200% of what the other rules give; of coats; in soho; to 24 Dec 2026; on Fri; from 18:00",
        "; at most 100 a day",
        "25 for a season won",
        "Points never run out.",
    ):
        assert words in text


def test_the_first_terms_are_made_of_rules_without_a_script(
    db: Database, store: StoreView, visit: Visit
) -> None:
    page = at_desk(db, store, visit).open(EDIT)
    assert f"<code>store:{store.slug}</code> {store.name}" in page.text
    try_out(page, "add:rules", **{"new.rules": "multiplier"})
    try_out(page, "add:rules", **{"new.rules": "action"})
    try_out(page, "remove:rules.0")
    typed = {
        "rules.0.id": "fridays",
        "rules.0.scope.includes": "category:coats, category:knits",
        "rules.0.scope.places": "store:soho",
        "rules.0.window.weekdays": "5",
        "rules.0.window.from_time": "18:00",
        "rules.0.caps.per_day": "100",
        "rules.1.action": "season_won",
        "rules.1.points": "25",
        "pending_days": "7",
        "expiry.kind": "sliding",
        "expiry.days": "400",
    }
    page = press(page, EDIT, **typed)
    assert "Version 1 holds from now on." in page.text
    with db.read() as session:
        held = queries.current_terms(session, store.brand_id)
    assert held is not None
    fridays, won = held.rules
    assert fridays.percent == 200
    assert fridays.scope == Scope(
        includes=frozenset({"category:coats", "category:knits"}), places=frozenset({"store:soho"})
    )
    assert fridays.window == Window(weekdays=frozenset({4}), from_time=time(18))
    assert fridays.caps == Caps(per_day=100)
    assert (won.kind, won.action, won.points) == ("action", "season_won", 25)
    assert (held.pending_days, held.expiry, held.warn_days) == (7, Expiry("sliding", 400), 14)


def test_what_holds_comes_back_the_same_from_the_form(
    db: Database, store: StoreView, visit: Visit
) -> None:
    pieces = {"id": "each", "kind": "pieces", "points": 2, "wallet": "credits"}
    first = {"id": "first", "kind": "first_purchase", "points": 50, "caps": {"per_receipt": 40}}
    cents = POUNDS | {"id": "cents", "per_minor": 12_345, "rounding": "half_up"}
    with db.write() as session:
        rules = (POUNDS, FRIDAYS, DEED, pieces, first, cents)
        give_terms(session, store.brand_id, *rules, expiry={"kind": "calendar", "days": 0})
    page = press(at_desk(db, store, visit).open(EDIT), EDIT)
    assert "Version 1 holds from now on." in page.text
    assert versions(db, store) == [1]


def test_others_are_tried_on_receipts_of_members_and_hold_once_they_are_set(
    db: Database, store: StoreView, visit: Visit
) -> None:
    with db.write() as session:
        give_terms(session, store.brand_id)
    page = at_desk(db, store, visit, name="Robin Vale").open(EDIT)
    late = at_desk(db, store, visit).open(EDIT)
    text = try_out(page, **{"rules.0.points": "3"}).text
    assert text.index("126 points") < text.index("as you typed it") < text.index("42 points")
    assert versions(db, store) == [1]
    page = press(page, EDIT, **{"rules.0.points": "3"})
    assert "Version 2 holds from now on." in page.text
    for words in ("Robin Vale", "<del>1 for each £1; to points</del> → 3 for each £1; to points"):
        assert words in page.text
    late = press(late, EDIT, **{"rules.0.points": "9"})
    assert (late.status, "Somebody set other terms meanwhile" in late.text) == (409, True)
    assert late.form(EDIT)["rules.0.points"] == "9"
    assert versions(db, store) == [2, 1]


@pytest.mark.parametrize(
    ("path", "typed", "said"),
    [
        ("rules.0.points", "0", "from 1 to"),
        ("rules.0.points", "", "from 1 to"),
        ("rules.0.points", "many", "Write a whole number"),
        ("rules.0.per_minor", "1.005", "Write an amount"),
        ("rules.0.per_minor", "Infinity", "Write an amount"),
        ("rules.0.per_minor", "1e999999", "Write an amount"),
        ("rules.0.window.from_time", "18:00+02:00", "A time such as"),
        ("rules.0.id", "", "A name of 1 to 40"),
        ("rules.0.scope.includes", "coats", "such as category:coats"),
        ("rules.0.window.last_day", "2026-02-31", "A day such as"),
        ("rules.0.caps.per_day", "-1", "from 1 to"),
        ("pending_days", "", "from 0 to"),
        ("expiry.days", "0", "from 1 to"),
    ],
)
def test_what_is_wrong_stands_beside_its_box_and_changes_nothing(
    db: Database, store: StoreView, visit: Visit, path: str, typed: str, said: str
) -> None:
    page = at_desk(db, store, visit).open(EDIT)
    for address in (f"{EDIT}/try", EDIT):
        page = press(
            page, EDIT, address, **{"expiry.kind": "rolling", "expiry.days": "9", path: typed}
        )
        assert page.status == 422
        beside = page.text.split(f'name="{path}"')[1].split("</div>")[0]
        assert said in beside
        assert page.form(EDIT)[path] == typed
    assert versions(db, store) == []


def test_terms_move_as_a_file_that_holds_nothing_until_it_is_saved(
    db: Database, store: StoreView, visit: Visit
) -> None:
    page = at_desk(db, store, visit)
    assert json.loads(page.open("/staff/points/terms.json").text)["rules"] == []
    text = json.dumps(terms_document(POUNDS | {"points": 4}, pending_days=0))
    page.open("/staff/points/file").send("/staff/points/file", text=text)
    assert "Nothing holds until you save it" in page.text
    assert versions(db, store) == []
    page = press(page, EDIT)
    assert "Version 1 holds" in page.text
    brought = read_terms(json.loads(page.open("/staff/points/terms.json").text))
    assert brought == read_terms(json.loads(text))
    for wrong, named in (("{", "no JSON"), ('{"rules": [{"kind": "gift"}]}', "rules.0.kind")):
        page.open("/staff/points/file").send("/staff/points/file", text=wrong)
        assert (page.status, named in page.text) == (422, True)
    assert versions(db, store) == [1]


@pytest.mark.parametrize("role", ["marketer", "assistant"])
def test_whoever_works_in_one_store_or_may_not_sees_nothing(
    db: Database, store: StoreView, visit: Visit, role: str
) -> None:
    with db.write() as session:
        give_terms(session, store.brand_id)
    page = at_desk(db, store, visit, role=role, store_id=store.id)
    for address in ("/staff/points", EDIT, "/staff/points/terms.json", "/staff/points/file"):
        assert page.open(address).status == 403
    page.page = page.api("POST", EDIT, data={"version": "1"})
    assert page.status in (400, 403)
    assert versions(db, store) == [1]
