"""The migrations lead to the tables that the models describe, from a single head."""

import os
from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Engine, create_engine, select, text
from sqlalchemy.orm import Session

from app import create_app
from core.config import Settings
from core.model import Base
from core.outbox import Job
from core.transaction import Database
from tests.conftest import POSTGRESQL, ROOT, both_databases

TRIGGERS = {
    "sqlite": "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal",
}

FUNCTIONS = (
    "SELECT proname, regexp_replace(prosrc, '\\s+', ' ', 'g') FROM pg_proc"
    " WHERE pronamespace = 'public'::regnamespace"
)
KNOWN_REMINDER = (
    "INSERT INTO job (id, kind, key, payload, due_at, attempts) VALUES ('job',"
    " 'tell_of_prize_ending', 'tell_of_prize_ending:known', '{}', '2026-12-03 00:00:00', 0)"
)


@pytest.fixture
def empty_url(db: Database, tmp_path: Path) -> Iterator[str]:
    """An empty database of the same kind as `db`."""
    if db.engine.dialect.name == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.db"
        return
    name = f"swingtag_migrations_{os.getpid()}"
    admin = create_engine(POSTGRESQL, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield admin.url.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def empty(empty_url: str, tmp_path: Path) -> Iterator[Engine]:
    """The database before any migration, within an application that can run them."""
    app: Flask = create_app(
        Settings(
            environment="test",
            database_url=empty_url,
            secret_key="x" * 40,
            public_url="http://localhost",
            data_dir=tmp_path,
        )
    )
    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine
        yield engine
        engine.dispose()


@pytest.fixture
def migrated(empty: Engine) -> Engine:
    """The database after every migration."""
    flask_migrate.upgrade()
    return empty


def triggers(engine: Engine) -> set[tuple[str, ...]]:
    with engine.connect() as connection:
        rows = connection.execute(text(TRIGGERS[engine.dialect.name]))
        return {tuple(row) for row in rows}


def differences(engine: Engine) -> list[object]:
    """What the tables lack or have beyond the models."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found: list[object] = compare_metadata(context, Base.metadata)
        return found


def functions(engine: Engine) -> set[tuple[str, ...]]:
    with engine.connect() as connection:
        return {tuple(row) for row in connection.execute(text(FUNCTIONS))}


def scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(
        Config(attributes={}, config_args={"script_location": str(ROOT / "migrations")})
    )


def test_there_is_one_head() -> None:
    assert len(scripts().get_heads()) == 1


def test_migrations_are_numbered_in_their_order() -> None:
    found = [script.revision for script in scripts().walk_revisions()]
    assert sorted(found, reverse=True) == found
    for revision in found:
        assert list((ROOT / "migrations" / "versions").glob(f"{revision}_*.py")), revision


@both_databases
def test_the_migrations_make_tables_triggers_and_functions(db: Database, migrated: Engine) -> None:
    assert differences(migrated) == []
    assert triggers(db.engine) == triggers(migrated)
    assert triggers(migrated)
    if db.engine.dialect.name == "postgresql":
        assert functions(db.engine) == functions(migrated)
        assert len(functions(migrated)) == 4
    flask_migrate.upgrade()
    assert differences(migrated) == []
    assert triggers(db.engine) == triggers(migrated)


@both_databases
def test_every_migration_can_be_taken_back_and_made_again(db: Database, migrated: Engine) -> None:
    flask_migrate.downgrade(revision="0001")
    flask_migrate.upgrade()
    assert differences(migrated) == []
    assert triggers(db.engine) == triggers(migrated)


@both_databases
def test_what_was_agreed_to_in_a_phrase_holds_for_each_cell(db: Database, empty: Engine) -> None:
    flask_migrate.upgrade(revision="0001")
    with empty.begin() as connection:
        for statement in (
            "INSERT INTO brand VALUES ('B', 'b', 'B', 'Europe/London', 'en', 'GBP', 0, '{}', :now)",
            "INSERT INTO member VALUES ('M', 'B', NULL, '', '{}', NULL, :now, NULL)",
            "INSERT INTO consent VALUES ('01C', 'B', 'M', 'league', 'all', 'x', '1', :now, NULL)",
        ):
            connection.execute(text(statement), {"now": "2026-11-22 12:00:00"})
    flask_migrate.upgrade()
    with empty.connect() as connection:
        cells = connection.execute(text("SELECT purpose, audience, channel FROM consent"))
        assert sorted(map(tuple, cells)) == [
            ("league", "everyone", "screen"),
            ("league", "everyone", "web"),
        ]


@both_databases
def test_sessions_that_run_already_get_an_id_each(db: Database, empty: Engine) -> None:
    flask_migrate.upgrade(revision="0009")
    sessions = "INSERT INTO member_session VALUES (:token, 'B', 'M', :now, :now, :now, NULL)"
    with empty.begin() as connection:
        now = {"now": "2026-11-22 12:00:00"}
        for statement in (
            "INSERT INTO brand VALUES ('B', 'b', 'B', 'Europe/London', 'en', 'GBP', 0, '{}', :now)",
            "INSERT INTO member VALUES ('M', 'B', NULL, '', '{}', NULL, :now, NULL)",
        ):
            connection.execute(text(statement), now)
        connection.execute(text(sessions), [now | {"token": token} for token in "ab"])
    flask_migrate.upgrade()
    with empty.connect() as connection:
        rows = connection.execute(text("SELECT token_hash, id, device FROM member_session")).all()
    assert sorted(row.token_hash for row in rows) == ["a", "b"]
    assert len({row.id for row in rows}) == 2
    assert {(len(row.id), row.device) for row in rows} == {(26, None)}


@both_databases
def test_prize_vouchers_go_on_working_under_shared_terms(db: Database, empty: Engine) -> None:
    flask_migrate.upgrade(revision="0012")
    insert = (
        "INSERT INTO voucher VALUES (:id, 'B', 'nina', :id, :kind, :value, :currency, :id, '7K2M',"
        " :state, '2026-11-22 12:00:00', '2027-11-22 12:00:00', '2026-11-22 12:00:00')"
    )
    fresh = {"kind": "amount", "value": 500, "currency": "GBP", "state": "issued"}
    rows = [
        fresh | {"id": "a"},
        fresh | {"id": "b", "state": "redeemed"},
        fresh | {"id": "c", "state": "void"},
        fresh | {"id": "d", "kind": "percent", "value": 20, "currency": None},
    ]
    with empty.begin() as connection:
        connection.execute(text(insert), rows)
    flask_migrate.upgrade()
    found = "SELECT v.id, state, uses_left, terms_id, kind, value, currency, uses FROM voucher v"
    with empty.connect() as connection:
        joined = connection.execute(
            text(f"{found} JOIN voucher_terms t ON t.id = v.terms_id ORDER BY v.id")
        ).all()
    assert [(row.id, row.state, row.uses_left) for row in joined] == [
        ("a", "issued", 1),
        ("b", "issued", 0),
        ("c", "void", 1),
        ("d", "issued", 1),
    ]
    assert len({row.terms_id for row in joined[:3]}) == 1
    assert tuple(joined[0])[4:] == ("amount", 500, "GBP", 1)
    assert tuple(joined[3])[4:] == ("percent", 20, None, 1)
    flask_migrate.downgrade(revision="0012")
    with empty.connect() as connection:
        back = connection.execute(text("SELECT id, kind, value, state FROM voucher ORDER BY id"))
        assert [tuple(row) for row in back][1:] == [
            ("b", "amount", 500, "void"),
            ("c", "amount", 500, "void"),
            ("d", "percent", 20, "issued"),
        ]


@both_databases
def test_prizes_from_before_reminders_are_reminded_of_once(db: Database, empty: Engine) -> None:
    flask_migrate.upgrade(revision="0012")
    award = (
        "INSERT INTO award (id, programme_id, contest_id, place, turn, owner_id, source, kind,"
        " value, title, claim_days, unclaimed, state, awarded_at, claim_until)"
        " VALUES (:id, 'B', :id, 1, 1, 'nina', :id, :kind, 500, '', 14, 'expires', :state,"
        " '2026-11-22 12:00:00', :until)"
    )
    voucher = (
        "INSERT INTO voucher VALUES (:id, 'B', 'nina', :id, 'amount', 500, 'GBP', :id, '7K2M',"
        " :state, '2026-11-22 12:00:00', '2027-02-20 12:00:00', '2026-11-22 12:00:00')"
    )
    gift = {"kind": "gift", "state": "open", "until": "2026-12-06 00:00:00"}
    given = {"kind": "voucher", "state": "given", "until": None}
    awards = [
        gift | {"id": "waits"},
        gift | {"id": "short", "until": "2026-11-24 12:00:00"},
        gift | {"id": "known"},
        gift | {"id": "taken", "state": "collected"},
        given | {"id": "unused"},
        given | {"id": "used"},
    ]
    vouchers = [{"id": "unused", "state": "issued"}, {"id": "used", "state": "redeemed"}]
    with empty.begin() as connection:
        connection.execute(text(award), awards)
        connection.execute(text(voucher), vouchers)
        connection.execute(text(KNOWN_REMINDER))
    flask_migrate.upgrade()
    with Session(empty) as session:
        found = session.scalars(select(Job).order_by(Job.key)).all()
        assert [(each.key, each.payload, f"{each.due_at:%m-%d %H}") for each in found] == [
            ("tell_of_prize_ending:known", {}, "12-03 00"),
            ("tell_of_prize_ending:short", {"award_id": "short"}, "11-23 12"),
            ("tell_of_prize_ending:unused", {"award_id": "unused"}, "02-17 12"),
            ("tell_of_prize_ending:waits", {"award_id": "waits"}, "12-03 00"),
        ]
    flask_migrate.downgrade(revision="0021")
    with Session(empty) as session:
        assert session.scalars(select(Job.id)).all() == ["job"]
