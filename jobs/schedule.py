"""What the worker knows how to do: jobs by kind, and ticks by the clock."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from core import clock
from core.transaction import Database
from jobs import deliver, queue
from jobs.queue import Claimed
from jobs.worker import Leased, Tick, Transactional, Worker
from retail.accounts import service as accounts
from retail.fairness import service as fairness
from retail.journeys import (
    fold_likes,
    give_prize,
    open_league,
    rank_look,
    receipt_import,
    scan_likes,
    season_close,
)
from retail.staff import service as staff


def close_season(session: Session, payload: dict[str, Any], now: datetime) -> None:
    """Freeze a season whose time is over and give its prizes."""
    key = current_app.config["SETTINGS"].key
    season_close.close_season(session, payload["season_id"], now=now, key=key)


def end_waiting(session: Session, payload: dict[str, Any], now: datetime) -> None:
    """Let a prize that nobody came for expire, or pass on."""
    key = current_app.config["SETTINGS"].key
    give_prize.end_waiting(session, payload["award_id"], now=now, key=key)


def rank_outfit(session: Session, payload: dict[str, Any], now: datetime) -> None:
    """Have a look stand on its boards while everyone may see it."""
    rank_look.rank_look(session, payload["outfit_id"], now=now)


def scan(database: Database, job: Claimed) -> None:
    """Look at a brand's likes outside of any transaction, and hold back what looks arranged."""
    brand_id, now = job.payload["brand_id"], clock.now()
    with database.write() as session:
        fairness.begin_scan(session, brand_id)
    with database.read() as session:
        play, found = scan_likes.look_at_likes(session, brand_id, now=now)
    with database.write() as session:
        scan_likes.hold_back(session, brand_id, play, found, now=now)


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
    give_prize.DUE_JOB: end_waiting,
    rank_look.JOB: rank_outfit,
}

LEASED: Mapping[str, Leased] = {
    fairness.SCAN_JOB: scan,
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
