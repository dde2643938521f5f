"""What lies in the database: that it answers, is of this version, keeps promises and adds up."""

from datetime import timedelta

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import text

from core import clock, installation
from core.keys import key_id
from core.transaction import NotReady
from jobs.doctor.finding import Finding, Patient, broken, in_words, look, well
from loyalty.leaderboards import queries as leaderboards
from loyalty.ledger import books as points
from loyalty.ledger.rules import Violation
from loyalty.vouchers import books as redemptions
from retail.journeys.campaigns.check_gifts import check_all_gifts
from retail.journeys.league.check_prizes import check_all_prizes
from retail.journeys.points.check_rewards import check_all_rewards
from retail.social import queries as social

SEASON_GRACE = timedelta(minutes=5)
BACKUP_LOOK, BACKUP_BROKEN = timedelta(hours=36), timedelta(days=7)
KEY_OLD = timedelta(days=365)
OLDEST_POSTGRESQL = 15
SAMPLE = 500
# What PostgreSQL must say so that an answered request is on disk.
_DURABLE = ("fsync", "full_page_writes", "synchronous_commit")
_LOSSY = {"off", "local"}


def answers(patient: Patient) -> Finding:
    """Whether the database answers at all."""
    engine = patient.database.engine
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    return well(f"{engine.dialect.name} answers")


def migrations(patient: Patient) -> Finding:
    """Whether the tables are those of this version."""
    folder = current_app.extensions["migrate"].directory
    head = ScriptDirectory(folder).get_current_head()
    with patient.database.engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found == head:
        return well(f"at {head}, the newest")
    return broken(
        f"The database is at {found or 'no migration'}, this version needs {head}.",
        "Stop the service, make a backup, run `flask db upgrade`, start again.",
    )


def durability(patient: Patient) -> Finding:
    """Whether an answered request is on disk."""
    if patient.database.engine.dialect.name == "sqlite":
        try:
            patient.database.check()
        except NotReady as error:
            return broken(f"{error}.", "Put DATA_DIR on a local disk that can lock files.")
        return well("journal and synchronous as promised")
    with patient.database.engine.connect() as connection:
        told = {name: connection.scalar(text(f"SHOW {name}")) for name in _DURABLE}
        version = connection.scalar(text("SHOW server_version_num")) or "0"
    lossy = [f"{name}={value}" for name, value in told.items() if value in _LOSSY]
    if lossy:
        return broken(
            f"PostgreSQL has {', '.join(lossy)}: a crash would lose what was answered.",
            "Set them to on in postgresql.conf and reload.",
        )
    if int(version) // 10000 < OLDEST_POSTGRESQL:
        return broken(f"PostgreSQL {version} is too old.", f"Use {OLDEST_POSTGRESQL} or newer.")
    return well("every commit waits for the disk")


def books(patient: Patient) -> Finding:
    """Whether the points add up, transaction by transaction."""
    with patient.database.read() as session:
        found = points.verify(session)
    if not found:
        return well("every transaction sums to zero, every balance to its legs")
    return _wrong(found[0], len(found), "flask ledger verify")


def vouchers(patient: Patient) -> Finding:
    """Whether uses of vouchers, discounts and budgets are those of their rows (V1 to V5)."""
    with patient.database.read() as session:
        found = redemptions.verify(session)
    if not found:
        return well("every voucher, discount and budget equals its rows")
    return _wrong(found[0], len(found), "flask loyalty verify")


def campaigns(patient: Patient) -> Finding:
    """Whether what campaigns gave is counted, within their limits, and booked."""
    with patient.database.read() as session:
        found = check_all_gifts(session)
    if not found:
        return well("every campaign counts what it gave, and all of it is booked")
    return _wrong(found[0], len(found), "flask loyalty verify")


def rewards(patient: Patient) -> Finding:
    """Whether each exchange of a reward has its spend and its voucher, and shelves hold (R1)."""
    with patient.database.read() as session:
        found = check_all_rewards(session)
    if not found:
        return well("every reward that was taken was paid for and brought its voucher")
    return _wrong(found[0], len(found), "flask loyalty verify")


def prizes(patient: Patient) -> Finding:
    """Whether prizes are booked as they stand, and doubted while a doubt waits (P1, P2)."""
    with patient.database.read() as session:
        found = check_all_prizes(session)
    if not found:
        return well("every prize that was given is booked, and none that was taken back")
    return _wrong(found[0], len(found), "flask loyalty verify")


def _wrong(first: Violation | redemptions.Violation, number: int, command: str) -> Finding:
    return broken(
        f"{number} sums are wrong; first {first.rule} at {first.subject}: {first.detail}.",
        "Stop the service, keep a copy of the database, and look at what wrote to it by hand;"
        f" `{command}` names them all.",
    )


def counts(patient: Patient) -> Finding:
    """Whether the counts of likes are those of the rows, on the newest looks."""
    with patient.database.read() as session:
        wrong, looked = social.miscounted(session, newest=SAMPLE)
    if not wrong:
        return well(f"likes of {looked} looks equal their rows")
    return broken(
        f"{len(wrong)} of {looked} looks show another number of likes than there are, e.g. "
        f"{wrong[0]}.",
        "Keep a copy of the database and look at what wrote to it by hand; rows are the truth.",
    )


def seasons(patient: Patient) -> Finding:
    """Whether every season that is over has closed."""
    now = clock.now()
    with patient.database.read() as session:
        due = leaderboards.due_seasons(session, now - SEASON_GRACE)
    if not due:
        return well("no season is overdue")
    oldest = min(season.ends_at for season in due)
    return broken(
        f"{len(due)} seasons should have closed, the first {in_words(now - oldest)} ago.",
        "See that a worker runs and `flask jobs failed`; `flask season close-due` closes them.",
    )


def backups(patient: Patient) -> Finding:
    """When the last backup was made by `flask backup create`."""
    with patient.database.read() as session:
        made_at = installation.noted_at(session, installation.BACKUP)
    todo = "Run `flask backup create --to …` every night, and keep it on another machine."
    if made_at is None:
        return look("No backup was ever made from here.", todo)
    age = clock.now() - made_at
    says = f"the last one is {in_words(age)} old"
    if age > BACKUP_BROKEN:
        return broken(says, todo)
    return look(says, todo) if age > BACKUP_LOOK else well(says)


def key_age(patient: Patient) -> Finding:
    """Since when SECRET_KEY signs."""
    key = patient.settings.key
    with patient.database.read() as session:
        since = installation.key_notes(session).get(key_id(key))
    named = f"key {key_id(key)}"
    if since is None:
        return look(f"No worker has signed with {named} yet.", "Start the worker with this key.")
    age = clock.now() - since
    if age > KEY_OLD:
        return look(f"{named} signs for {in_words(age)}", "Rotate it: docs/operator.md says how.")
    return well(f"{named} signs for {in_words(age)}")
