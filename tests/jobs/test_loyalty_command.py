"""Terms, recomputing, what will run out, and the books, by command."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session

from core import clock as core_clock
from core.clock import FixedClock
from core.transaction import Database
from jobs.points import ENDING
from jobs.worker import Worker
from loyalty.ledger import queries
from loyalty.tiers.rules import Tier
from loyalty.tiers.stored import read, stored
from retail.brands.queries import StoreView
from retail.journeys.points.earn_points import earn_points
from retail.journeys.points.review_tier import review_tier
from tests.builders.accounts import new_member
from tests.builders.brands import new_brand, new_store
from tests.builders.points import earn, spend
from tests.builders.receipts import new_receipt
from tests.builders.terms import terms_document
from tests.builders.tiers import ladder
from tests.builders.till import A_POINT_A_POUND, open_till

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    return lambda *words: app.test_cli_runner().invoke(args=list(words))


@pytest.fixture
def store(db: Database) -> StoreView:
    with db.write() as session:
        return new_store(session, brand=new_brand(session, slug="alder", name="Alder & Finch"))


@pytest.fixture
def terms(tmp_path: Path) -> str:
    path = tmp_path / "terms.json"
    path.write_text(json.dumps(terms_document()))
    return str(path)


def buy(db: Database, store: StoreView) -> None:
    with db.write() as session:
        member = new_member(session, store.brand_id)
        earn_points(session, new_receipt(session, store=store, member=member), now=core_clock.now())


def test_tiers_are_set_once_shown_and_previewed(
    run: Run, db: Database, store: StoreView, tmp_path: Path
) -> None:
    assert "no tiers" in run("loyalty", "tiers", "alder").stderr
    path = tmp_path / "tiers.json"
    path.write_text(json.dumps(stored(ladder())))
    for _ in range(2):
        said = run("loyalty", "tiers", "alder", str(path)).stdout
        assert said.startswith("version 1 holds for Alder & Finch")
    assert read(json.loads(run("loyalty", "tiers", "alder").stdout)) == ladder()
    with db.write() as session:
        member = new_member(session, store.brand_id)
        earn(session, member.id, 150, programme_id=store.brand_id, wallet="credits")
        review_tier(session, member.id, brand_id=store.brand_id, now=core_clock.now())
    dearer = (Tier("classic", "Classic", 0), Tier("silver", "Silver", 200))
    path.write_text(json.dumps(stored(ladder(tiers=dearer))))
    shown = run("loyalty", "tiers", "alder", str(path), "--preview")
    assert (shown.stdout, shown.stderr) == (
        "silver → classic  1\n",
        "1 members would move\n",
    )
    assert read(json.loads(run("loyalty", "tiers", "alder").stdout)) == ladder()
    path.write_text('{"tiers": 7}')
    assert "This is no ladder of tiers" in run("loyalty", "tiers", "alder", str(path)).stderr


def test_terms_are_set_once_and_shown_as_they_were_written(
    run: Run, store: StoreView, terms: str
) -> None:
    assert "no terms: nothing earns" in run("loyalty", "terms", "alder").stderr
    said = "version 1 holds for Alder & Finch\n"
    for _ in range(2):
        assert run("loyalty", "terms", "alder", terms).stdout == said
    Path(terms).write_text(run("loyalty", "terms", "alder").stdout)
    assert run("loyalty", "terms", "alder", terms).stdout == said


def test_terms_that_make_no_sense_change_nothing(run: Run, store: StoreView, terms: str) -> None:
    for spoilt, named in (("{", "no JSON"), ('{"currency": "pounds"}', "currency: Three")):
        Path(terms).write_text(spoilt)
        refused = run("loyalty", "terms", "alder", terms)
        assert refused.exit_code == 1
        assert named in refused.stderr
    assert "no terms" in run("loyalty", "terms", "alder").stderr


def test_the_books_are_verified_and_an_award_that_is_off_is_named(
    run: Run, store: StoreView, terms: str, db: Database
) -> None:
    run("loyalty", "terms", "alder", terms)
    buy(db, store)
    assert run("ledger", "verify").stderr == "0 breaches of L1 to L9\n"
    with db.write() as session:
        session.execute(text("DROP TRIGGER earning_award_part_refuses_update"))
        session.execute(text("UPDATE earning_award_part SET points = 11"))
    for words in (("loyalty", "recompute", "alder"), ("ledger", "verify")):
        off = run(*words)
        assert off.exit_code == 1
        assert "11 points were kept, its terms give 10" in off.stdout
        assert "11 points were awarded, 10 posted" in off.stdout


def test_a_receipt_that_was_changed_is_named(
    run: Run, store: StoreView, terms: str, db: Database
) -> None:
    run("loyalty", "terms", "alder", terms)
    buy(db, store)
    with db.write() as session:
        session.execute(text("UPDATE line_item SET total_minor = 900"))
    off = run("loyalty", "recompute", "alder")
    assert "the award was for 1000, the receipt says 900" in off.stdout


def test_what_will_run_out_is_listed_and_nothing_changes(
    run: Run, store: StoreView, db: Database
) -> None:
    with db.write() as session:
        for days in (3, 30):
            ends_at = core_clock.now() + timedelta(days=days)
            earn(session, "nina", days, programme_id=store.brand_id, expires_at=ends_at)
    for _ in range(2):
        listed = run("loyalty", "expiring", "alder", "--by", "2026-12-01")
        assert listed.stdout.split()[:5] == ["2026-11-25", "12:00", "UTC", "3", "nina"]
        assert listed.stderr == "1 lots, 3 points\n"


def test_what_idleness_ends_is_listed_as_it_will_end(
    run: Run, store: StoreView, db: Database, tmp_path: Path, clock: FixedClock
) -> None:
    """The dry run and the run: what is listed by a day is what is gone by then, and no more."""
    path = tmp_path / "sliding.json"
    path.write_text(json.dumps(terms_document(expiry={"kind": "sliding", "days": 60})))
    who = {"programme_id": store.brand_id}
    with db.write() as session:
        earn(session, "nina", 40, **who)
        earn(session, "sam", 7, **who)
    run("loyalty", "terms", "alder", str(path))
    with db.write() as session:
        spend(session, "sam", 2, **who, now=core_clock.now() + timedelta(days=1))
    day_before = run("loyalty", "expiring", "alder", "--by", "2027-01-21")
    assert day_before.stderr == "0 lots, 0 points\n"
    listed = run("loyalty", "expiring", "alder", "--by", "2027-01-22")
    assert listed.stdout == "2027-01-22 00:00 UTC        40  nina  idle since 2026-11-22\n"
    clock.instant = datetime(2027, 1, 22, tzinfo=UTC)
    Worker(db, transactional=ENDING, leased={}).run_all()
    with db.read() as session:
        left = [queries.balance(session, store.brand_id, one) for one in ("nina", "sam")]
    assert left == [0, 5]


# By the rule that must name it: rows that somebody changed by hand.
FAULTS = (
    ("V1", "UPDATE voucher SET uses_left = 0"),
    ("C1", "UPDATE campaign SET spent_points = 49"),
    ("C2", "UPDATE campaign_use SET taken_back_at = NULL, number = 2 WHERE points = 10"),
    ("C3", "UPDATE campaign_use SET points = 51"),
    ("C3", "UPDATE campaign_use SET taken_back_at = used_at"),
    ("C3", "DELETE FROM voucher"),
    ("C3", "UPDATE campaign_use SET id = 'another' WHERE taken_back_at IS NULL"),
)


def test_vouchers_and_campaigns_are_verified_and_what_is_off_is_named(
    run: Run, db: Database
) -> None:
    thanks = {"kind": "voucher", "terms": "Thank you"}
    with db.write() as session:
        limits = {"uses": 9, "uses_each": 1, "budget_points": 100}
        till = open_till(session, A_POINT_A_POUND, thanks, limits=limits)
        till.give(session, "A-1", 1_000)
        till.take_back(session, "A-1")
        till.give(session, "A-2", 3_000, 2_000)
    well = "0 breaches of V1 to V5, budgets, C1 to C3, R1, P1 and P2\n"
    assert run("loyalty", "verify").stderr == well
    for rule, fault in FAULTS:
        with db.write() as session:
            before = {
                table: session.execute(text(f"SELECT * FROM {table}")).mappings().all()
                for table in ("voucher", "campaign", "campaign_use")
            }
            session.execute(text(fault))
        off = run("loyalty", "verify")
        assert (off.exit_code, rule in off.stdout) == (1, True), (fault, off.stdout)
        with db.write() as session:
            put_back(session, before)
    assert run("loyalty", "verify").exit_code == 0


def put_back(session: Session, tables: dict[str, Sequence[RowMapping]]) -> None:
    for table in reversed(tables):
        session.execute(text(f"DELETE FROM {table}"))
    for table, rows in tables.items():
        for row in rows:
            names = ", ".join(row)
            values = ", ".join(f":{name}" for name in row)
            session.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values})"), dict(row))
