"""Backups, and that a restored one knows nobody who was erased since."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import flask_migrate
import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import text

from core import erasures
from core.clock import FixedClock
from core.config import Settings
from core.transaction import Database
from jobs.backup import POSTGRESQL_FILE
from jobs.schedule import new_worker
from loyalty.ledger import books
from retail.journeys.members.erase_member import erase_member
from tests.builders.brands import new_store
from tests.builders.canaries import found_in_files, found_in_rows
from tests.builders.league import new_league
from tests.builders.whole_member import Known, whole_member
from tests.conftest import KEY, both_databases

# The commands copy the database that the application itself is connected to.
pytestmark = pytest.mark.own_app

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, db: Database) -> Iterator[Run]:
    """Runs a backup command on an installation of this version, with nobody else connected."""

    def invoke(*words: str) -> Result:
        engine = app.extensions["sqlalchemy"].engine
        engine.dispose()
        db.engine.dispose()
        result = app.test_cli_runner().invoke(args=["backup", *words])
        engine.dispose()
        return result

    with app.app_context():
        flask_migrate.stamp()
        yield invoke
        with db.engine.begin() as connection:
            connection.execute(text("DROP TABLE alembic_version"))


def somebody(db: Database, clock: FixedClock) -> tuple[Known, Known]:
    """One who will leave and one who stays."""
    with db.write() as session:
        store = new_store(session)
        new_league(session, store.brand_id)
        return (
            whole_member(session, store, clock, name="Wilhelmina Quince", caption="Zebrafinch"),
            whole_member(session, store, clock, name="Bartholomew Yarrow", caption="Oystercatcher"),
        )


def leave(app: Flask, db: Database, known: Known, clock: FixedClock) -> None:
    with db.write() as session:
        erase_member(session, member=known.member, now=clock.now(), key=KEY)
    with app.app_context():
        new_worker(db).run_all()


@both_databases
def test_a_restored_backup_knows_nobody_who_was_erased_since(
    run: Run,
    app: Flask,
    db: Database,
    clock: FixedClock,
    tmp_path: Path,
    app_settings: Settings,
) -> None:
    gone, stays = somebody(db, clock)
    assert pictures_in(db) > 0
    (app_settings.data_dir / "media").mkdir(parents=True)
    (app_settings.data_dir / "media" / "look.png").write_bytes(b"a picture")
    before = tmp_path / "before"
    made = run("create", "--to", str(before))
    assert made.exit_code == 0, made.output
    leave(app, db, gone, clock)
    (app_settings.data_dir / "media" / "look.png").unlink()

    refused = run("restore", str(before))
    assert refused.exit_code == 1
    assert "--force" in refused.output
    restored = run("restore", str(before), "--force")
    assert restored.exit_code == 0, restored.output
    assert "since: 1" in restored.output

    with db.read() as session:
        assert found_in_rows(session, *gone.words) == []
        assert {word for _, word in found_in_rows(session, *stays.words)} == set(stays.words)
        assert list(books.verify(session)) == []
    assert pictures_in(db) == 0, "what friends were sent is in no backup"
    db.engine.dispose()
    files = [path for path in tmp_path.glob("swingtag.db*") if path.is_file()]
    assert [p.name for p in files for w in gone.words if w.encode() in p.read_bytes()] == []
    assert found_in_files(app_settings.data_dir, *gone.words, gone.member.id) == []
    assert (app_settings.data_dir / "media" / "look.png").read_bytes() == b"a picture"
    assert not erasures.is_restore_unfinished(app_settings.data_dir)
    assert run("create", "--to", str(tmp_path / "after")).exit_code == 0
    assert set(gone.words) == words_in(before, *gone.words)
    assert words_in(tmp_path / "after", *gone.words) == set()


def pictures_in(db: Database) -> int:
    """How many pictures that members sent to friends there are."""
    with db.read() as session:
        return session.execute(text("SELECT count(*) FROM opinion_picture")).scalar_one()


def words_in(backup: Path, *words: str) -> set[str]:
    """The words in a backup, read as PostgreSQL would write them out where it is one of its own."""
    dump = backup / POSTGRESQL_FILE
    if dump.exists():
        subprocess.run(["pg_restore", f"--file={backup / 'plain.sql'}", str(dump)], check=True)
    return {word for _, word in found_in_files(backup, *words)}


def test_a_list_of_erasures_that_came_with_the_backup_is_heeded_too(
    run: Run, app: Flask, db: Database, clock: FixedClock, tmp_path: Path, app_settings: Settings
) -> None:
    gone, _ = somebody(db, clock)
    assert run("create", "--to", str(tmp_path / "old")).exit_code == 0
    leave(app, db, gone, clock)
    elsewhere = app_settings.data_dir / erasures.NAME
    elsewhere.rename(tmp_path / "old" / erasures.NAME)
    assert run("restore", str(tmp_path / "old"), "--force").exit_code == 0
    with db.read() as session:
        assert found_in_rows(session, *gone.words) == []
    assert elsewhere.exists()


@both_databases
def test_nothing_is_restored_under_a_running_service(
    run: Run, db: Database, clock: FixedClock, tmp_path: Path
) -> None:
    assert run("create", "--to", str(tmp_path / "copy")).exit_code == 0
    with db.engine.connect() as somebody_else:
        somebody_else.execute(text("SELECT 1 FROM brand"))
        somebody_else.detach()
        result = run("restore", str(tmp_path / "copy"), "--force")
    assert result.exit_code == 1
    assert "Stop the service" in result.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["restore", "nowhere"], "no backup"),
        (["create", "--to", "tests"], "folder of its own"),
    ],
)
def test_a_refusal_is_a_sentence(run: Run, words: list[str], said: str) -> None:
    result = run(*words)
    assert result.exit_code == 1
    assert said in result.output
    assert "Traceback" not in result.output


def test_after_half_a_restore_nothing_is_served(app: Flask, app_settings: Settings) -> None:
    erasures.begin_restore(app_settings.data_dir)
    for command in ("serve", "worker"):
        result = app.test_cli_runner().invoke(args=[command])
        assert result.exit_code == 1
        assert "Run it again" in result.output
    assert app.test_client().get("/readyz").status_code == 503
