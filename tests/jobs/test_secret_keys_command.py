"""Changing SECRET_KEY by command, in the steps of the operator's guide."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from click.testing import Result
from flask import Flask

from app import _configure
from core import erasures
from core.clock import FixedClock
from core.config import Settings
from core.keys import Key, key_id
from core.transaction import Database
from jobs.schedule import new_worker
from loyalty.vouchers import queries as vouchers
from retail.accounts import sessions
from retail.brands.queries import StoreView
from retail.journeys.members.erase_member import erase_again, erase_member, mark_of
from retail.staff import queries as staff
from retail.staff import service as staff_service
from retail.webhooks import queries as webhooks
from tests.builders.accounts import new_member, sign_in
from tests.builders.brands import new_store
from tests.builders.receipts import new_receipt
from tests.builders.rotation import new_gift
from tests.builders.staff import new_till_key
from tests.builders.vouchers import new_voucher
from tests.builders.webhooks import new_endpoint
from tests.conftest import ROOT, both_databases

OLD, NEW = "old-" * 12, "new-" * 12
STEPS = re.compile(r"```sh\n(.*?)```", re.DOTALL)

pytestmark = pytest.mark.own_app
Run = Callable[..., Result]


@pytest.fixture
def app_settings(app_settings: Settings) -> Settings:
    return replace(app_settings, secret_key=OLD)


@pytest.fixture
def run(app: Flask) -> Run:
    return lambda *words: app.test_cli_runner().invoke(args=list(words))


def told(app: Flask) -> Settings:
    found: Settings = app.config["SETTINGS"]
    return found


def change(app: Flask, secret: str, older: str) -> Key:
    """As a restart with these settings."""
    _configure(app, replace(told(app), secret_key=secret, secret_key_fallbacks=older))
    return told(app).key


def beat(app: Flask, db: Database) -> None:
    with app.app_context():
        new_worker(db).run_ticks(are_all_due=True)


def test_before_any_change_there_is_nothing_to_drop(run: Run, app: Flask, db: Database) -> None:
    beat(app, db)
    said = run("keys", "status").stdout
    assert f"{key_id(OLD.encode())}  signs     signed first 2026-11-22 12:00Z" in said
    assert "no older key" in said
    assert OLD not in said


@both_databases
def test_what_is_used_moves_and_what_is_left_is_counted(
    run: Run, app: Flask, db: Database, clock: FixedClock
) -> None:
    before = told(app).key
    with db.write() as session:
        store = new_store(session)
        nina = new_member(session, store.brand_id)
        token = sign_in(session, nina, key=before)
        _, till = new_till_key(session, store.brand_id, store.id, key=before)
        new_receipt(session, store=store, key=before)
    beat(app, db)
    clock.advance(days=1)
    key = change(app, NEW, OLD)
    beat(app, db)
    said = run("keys", "status").stdout
    for left in ("1 member sessions", "1 API keys", "1 receipts", "Keep SECRET_KEY_FALLBACKS"):
        assert left in said, said
    for secret in (OLD, NEW):
        assert secret not in said
    client = app.test_client()
    client.set_cookie("member", token)
    assert client.get("/me").status_code == 200
    answer = client.get("/api/v1/receipts/" + "0" * 26, headers={"Authorization": f"Bearer {till}"})
    assert answer.status_code == 404
    said = run("keys", "status").stdout
    assert "sessions" not in said
    assert "API keys" not in said
    clock.advance(days=31)
    with db.write() as session:
        sessions.extend_session(session, token, now=clock.now(), key=key)
        found = staff.find_key(session, till, key=Key(NEW.encode()))
        assert found is not None
        assert not found.is_aged
    assert "can be emptied" in run("keys", "status").stdout


def test_webhook_secrets_are_sealed_anew_so_that_the_old_key_can_go(
    run: Run, app: Flask, db: Database, clock: FixedClock
) -> None:
    with db.write() as session:
        brand_id = new_store(session).brand_id
        view, secret = new_endpoint(session, brand_id, key=told(app).key)
    key = change(app, NEW, OLD)
    assert "1 webhook secrets do not stand under" in run("keys", "status").stdout
    assert "1 webhook secrets sealed anew" in run("keys", "rekey").stdout
    assert "webhook secrets" not in run("keys", "status").stdout
    with db.read() as session:
        found = webhooks.secrets_of(session, view.id, now=clock.now(), key=Key(bytes(key)))
    assert found == (secret,)


@both_databases
def test_erasures_are_heeded_after_the_old_key_is_gone(
    run: Run, app: Flask, db: Database, clock: FixedClock
) -> None:
    before = told(app).key
    with db.write() as session:
        nina = new_member(session, new_store(session).brand_id)
        erase_member(session, member=nina, now=clock.now(), key=before)
    with app.app_context():
        new_worker(db).run_all()
    change(app, NEW, OLD)
    assert "1 erasures do not stand" in run("keys", "status").stdout
    assert run("keys", "rekey").stdout == "1 erasures noted anew\n"
    assert run("keys", "rekey").stdout == "0 erasures noted anew\n"
    marks = erasures.marks(told(app).data_dir)
    assert marks == {mark_of(nina.id, OLD.encode()), mark_of(nina.id, NEW.encode())}


def test_somebody_who_was_never_noted_is_not_noted_by_it(
    run: Run, app: Flask, db: Database, clock: FixedClock
) -> None:
    with db.write() as session:
        nina = new_member(session, new_store(session).brand_id)
        erase_member(session, member=nina, now=clock.now(), key=told(app).key)
    change(app, NEW, OLD)
    assert run("keys", "rekey").stdout == "0 erasures noted anew\n"


def test_a_restored_backup_is_erased_again_by_marks_of_either_key(
    app: Flask, db: Database, clock: FixedClock
) -> None:
    with db.write() as session:
        store = new_store(session)
        people = [new_member(session, store.brand_id) for _ in range(3)]
        marks = {mark_of(people[0].id, OLD.encode()), mark_of(people[1].id, NEW.encode())}
        key = change(app, NEW, OLD)
        assert erase_again(session, marks, now=clock.now(), key=key) == 2


def codes_of(db: Database, store: StoreView, clock: FixedClock, key: bytes) -> list[str]:
    with db.read() as session:
        when = {"now": clock.now(), "key": key}
        views = vouchers.vouchers_of(session, store.brand_id, "nina", **when)  # type: ignore[arg-type]
        return [view.code for view in views]


@both_databases
def test_new_codes_are_shown_only_where_they_are_asked_for(
    run: Run, app: Flask, db: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.keys.BATCH", 2)
    before = told(app).key
    with db.write() as session:
        store = new_store(session)
        for _ in range(5):
            new_voucher(session, "nina", programme_id=store.brand_id, key=before)
        new_gift(session, store, before)
    printed = codes_of(db, store, clock, before)
    key = change(app, NEW, OLD)
    assert codes_of(db, store, clock, key) == printed, "shown as it was printed"
    run("keys", "rekey")
    assert codes_of(db, store, clock, key) == printed
    assert "6 vouchers and gifts" in run("keys", "rekey", "--codes").stdout
    assert "0 vouchers and gifts" in run("keys", "rekey", "--codes").stdout
    anew = codes_of(db, store, clock, Key(NEW.encode()))
    assert set(anew).isdisjoint(printed)
    with db.read() as session:
        for code in anew:
            when = {"now": clock.now(), "key": Key(NEW.encode())}
            found = vouchers.find_by_code(session, store.brand_id, code, **when)  # type: ignore[arg-type]
            assert found is not None
            assert found.last_four == code[-4:]
    assert "can be emptied" in run("keys", "status").stdout


def test_a_revoked_key_stays_revoked_when_it_moves(db: Database, clock: FixedClock) -> None:
    key = Key(NEW.encode(), [OLD.encode()])
    with db.write() as session:
        store = new_store(session)
        view, till = new_till_key(session, store.brand_id, store.id, key=OLD.encode())
        staff_service.revoke_key(session, view.id, now=clock.now())
        staff_service.sign_anew(session, till, key=key)
        assert staff.find_key(session, till, key=key) is None


def test_the_steps_of_the_guide_do_what_they_say(run: Run, app: Flask, db: Database) -> None:
    guide = (ROOT / "docs" / "operator.md").read_text()
    section = guide.partition("## Changing SECRET_KEY")[2].partition("\n## ")[0]
    lines = [line for block in STEPS.findall(section) for line in block.splitlines()]
    assert len(lines) == 9
    with db.write() as session:
        store = new_store(session)
        new_voucher(session, "nina", programme_id=store.brand_id, key=told(app).key)
    said = ""
    for line in lines:
        if line.startswith("export"):
            assert line.startswith('export SECRET_KEY_FALLBACKS="$SECRET_KEY" SECRET_KEY=')
            change(app, NEW, told(app).secret_key)
        elif line.startswith("unset SECRET_KEY_FALLBACKS"):
            assert "can be emptied" in said
            change(app, NEW, "")
        else:
            result = run(*line.split()[1:])
            said = result.stdout
            assert "Traceback" not in result.output
            assert result.exit_code == 0 or "doctor" in line
        beat(app, db)
    assert "no older key" in run("keys", "status").stdout
