"""Copies of an installation, and back. A restored copy forgets again whom it should not know.

A copy is a folder: the database, the media, and the list of erasures as it was. While a restore is
under way a mark lies in DATA_DIR, so that nothing is served from what still has to be erased.
"""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, inspect, text
from sqlalchemy.engine import URL, make_url

from core import erasures
from core.config import Settings
from core.errors import Conflict, Invalid, Unavailable
from core.transaction import Database
from retail.journeys.members.erase_member import erase_again

SQLITE_FILE = "database.sqlite"
POSTGRESQL_FILE = "database.dump"
MEDIA = "media"
# What is gone after a day is in no copy, which may lie for years.
NEVER_COPIED = "opinion_picture"


def create(settings: Settings, into: Path) -> None:
    """Copy the installation into a new folder, while it runs.

    Raises Conflict where the folder holds something, Unavailable where a tool of PostgreSQL fails.
    """
    if into.exists() and any(into.iterdir()):
        raise Conflict("backup_exists", f"{into} is not empty. A backup needs a folder of its own.")
    into.mkdir(parents=True, exist_ok=True, mode=0o700)
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        _copy_sqlite(Path(url.database or ""), into / SQLITE_FILE)
        _leave_out(into / SQLITE_FILE)
    else:
        given_out = f"--exclude-table-data={NEVER_COPIED}"
        file = f"--file={into / POSTGRESQL_FILE}"
        _run(url, "pg_dump", "--format=custom", "--no-owner", given_out, file)
    if (settings.data_dir / MEDIA).exists():
        shutil.copytree(settings.data_dir / MEDIA, into / MEDIA)
    if (settings.data_dir / erasures.NAME).exists():
        shutil.copy2(settings.data_dir / erasures.NAME, into / erasures.NAME)


def check_target(database: Database, *, is_forced: bool) -> None:
    """Raises Conflict where a restore would end what is in use, unless that is what is meant."""
    engine = database.engine
    engine.dispose()
    if not is_forced and _is_filled(engine):
        raise Conflict("target_filled", "This installation holds data. --force replaces all of it.")
    engine.dispose()
    if _is_in_use(engine):
        raise Conflict("target_running", "Something is using the database. Stop the service first.")


def load(settings: Settings, source: Path) -> None:
    """Put database and media back as they were, and mark that erasures are still to be heeded.

    Raises Invalid for a folder that is no backup of this kind of database.
    """
    url = make_url(settings.database_url)
    is_sqlite = url.get_backend_name() == "sqlite"
    file = source / (SQLITE_FILE if is_sqlite else POSTGRESQL_FILE)
    if not file.exists():
        raise Invalid("no_backup", f"{file} is not there: this is no backup for {url.drivername}.")
    erasures.begin_restore(settings.data_dir)
    if is_sqlite:
        _copy_sqlite(file, Path(url.database or ""))
    else:
        options = ("--clean", "--if-exists", "--no-owner", "--single-transaction")
        _run(url, "pg_restore", *options, f"--dbname={url.database}", str(file))
    if (source / MEDIA).exists():
        shutil.rmtree(settings.data_dir / MEDIA, ignore_errors=True)
        shutil.copytree(source / MEDIA, settings.data_dir / MEDIA)


def heed_erasures(database: Database, settings: Settings, source: Path, now: datetime) -> int:
    """Erase again whoever was erased since, then allow serving; tells how many."""
    erasures.add(settings.data_dir, erasures.marks(source), now)
    with database.write() as session:
        marks = erasures.marks(settings.data_dir)
        count = erase_again(session, marks, now=now, key=settings.key)
    _leave_no_traces(database)
    erasures.end_restore(settings.data_dir)
    return count


def _copy_sqlite(source: Path, target: Path) -> None:
    # The online backup: a reader of its own, whole even while others write.
    with closing(sqlite3.connect(source)) as given, closing(sqlite3.connect(target)) as taken:
        given.backup(taken)


def _leave_out(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as taken, taken:
        # Overwritten with zeros, not only unlinked from its table.
        taken.execute("PRAGMA secure_delete = ON")
        if taken.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (NEVER_COPIED,)).fetchone():
            taken.execute("DELETE FROM opinion_picture")


def _run(url: URL, *command: str) -> None:
    address = {"PGHOST": url.host, "PGPORT": url.port, "PGUSER": url.username}
    address |= {"PGPASSWORD": url.password, "PGDATABASE": url.database}
    address |= {"PGSSLMODE": url.query.get("sslmode")}
    # In the environment, since a command line can be read by every user of the machine.
    environment = os.environ | {name: str(value) for name, value in address.items() if value}
    try:
        subprocess.run(command, check=True, env=environment, capture_output=True)
    except FileNotFoundError:
        raise Unavailable(
            "tool_missing", f"{command[0]} is not installed: it comes with PostgreSQL’s client."
        ) from None
    except subprocess.CalledProcessError as error:
        last = error.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise Unavailable("tool_failed", f"{command[0]} failed: {' '.join(last)}") from error


def _is_filled(engine: Engine) -> bool:
    if not inspect(engine).has_table("brand"):
        return False
    with engine.connect() as connection:
        return connection.execute(text("SELECT 1 FROM brand LIMIT 1")).first() is not None


def _is_in_use(engine: Engine) -> bool:
    if engine.dialect.name == "sqlite":
        path = Path(engine.url.database or "")
        if not path.exists():
            return False
        with closing(sqlite3.connect(path, timeout=0)) as connection:
            try:
                # Only who is alone with the file may leave its write-ahead log.
                mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()
            except sqlite3.OperationalError:
                return True
        return mode != ("delete",)
    others = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
    with engine.connect() as connection:
        return connection.execute(text(f"{others} AND pid <> pg_backend_pid()")).first() is not None


def _leave_no_traces(database: Database) -> None:
    database.truncate_log()
    if database.engine.dialect.name == "postgresql":
        alone = database.engine.execution_options(isolation_level="AUTOCOMMIT")
        with alone.connect() as connection:
            connection.execute(text("VACUUM (ANALYZE)"))
