"""What the worker knows how to do: jobs by kind, and ticks by the clock."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from core.transaction import Database
from jobs import deliver, queue
from jobs.worker import Leased, Tick, Transactional, Worker
from retail.accounts import service as accounts
from retail.journeys import fold_likes, open_league, receipt_import, season_close
from retail.staff import service as staff


def close_season(session: Session, payload: dict[str, Any], now: datetime) -> None:
    """Freeze a season whose time is over and give its prizes."""
    key = current_app.config["SETTINGS"].key
    season_close.close_season(session, payload["season_id"], now=now, key=key)


def import_receipts(session: Session, payload: dict[str, Any], now: datetime) -> None:
    """Take in the next piece of a file of historic receipts."""
    receipt_import.continue_import(session, payload["import_id"], now=now)


def prune(session: Session, now: datetime) -> None:
    """Drop what nobody needs any more."""
    queue.prune(session, now)
    accounts.forget_old_codes(session, now=now)
    staff.forget_old_sessions(session, now=now)


TRANSACTIONAL: Mapping[str, Transactional] = {
    open_league.CLOSING_JOB: close_season,
    receipt_import.JOB: import_receipts,
}

LEASED: Mapping[str, Leased] = {
    accounts.SEND_CODE_JOB: deliver.send_sign_in_code,
    staff.DOOR.job: deliver.send_staff_code,
}

TICKS: tuple[Tick, ...] = (
    Tick(fold_likes.fold_likes, every_seconds=1, is_needed=fold_likes.has_likes_to_fold),
    Tick(prune, every_seconds=600),
)


def new_worker(database: Database) -> Worker:
    """A worker that knows every kind of job."""
    return Worker(database, transactional=TRANSACTIONAL, leased=LEASED, ticks=TICKS)
