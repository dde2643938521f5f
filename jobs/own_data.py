"""What is done for people who ask for their data or leave, outside the request they ask in."""

from flask import current_app

from core import clock, erasures
from core.config import Settings
from core.transaction import Database
from jobs.queue import Claimed
from retail.accounts import queries as accounts
from retail.journeys.members import own_data
from retail.own_data import queries as copies
from retail.own_data import service
from retail.own_data.rules import as_text


def gather(database: Database, job: Claimed) -> None:
    """Gather a big copy from one moment of the data, and lay it ready."""
    settings: Settings = current_app.config["SETTINGS"]
    copy_id, now = job.payload["copy_id"], clock.now()

    def tell(parts_done: int) -> None:
        with database.write() as session:
            service.note_progress(session, copy_id, parts_done)

    with database.read() as session:
        copy = copies.find_to_gather(session, copy_id)
        if copy is None:
            return
        member = accounts.get_member(session, copy.member_id, now=now)
        document = own_data.gather(session, member=member, now=now, key=settings.key, tell=tell)
    with database.write() as session:
        service.keep(session, copy_id, as_text(document), now=clock.now())


def finish_erasure(database: Database, job: Claimed) -> None:
    """Note an erasure where no backup of the database reaches, then empty SQLite's log.

    Raises core.transaction.NotReady where somebody still reads what was; the job comes again.
    """
    settings: Settings = current_app.config["SETTINGS"]
    erasures.note(settings.data_dir, job.payload["mark"], clock.now())
    database.truncate_log()
