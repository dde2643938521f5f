"""Webhooks leave the house: put into order in a transaction, sent one by one by a leased job.

A message is sent outside transactions and settled after its answer, so a worker that dies between
the two sends it again under the same id.
"""

import secrets
import time
from datetime import datetime
from typing import Any

import structlog
from flask import current_app
from sqlalchemy.orm import Session

from connectors.webhooks.sender import Answer, Sender
from connectors.webhooks.signing import signed_headers
from core import clock
from core.config import Settings
from core.transaction import Database
from jobs.queue import Claimed
from retail.journeys.systems import tell_systems
from retail.webhooks import outgoing
from retail.webhooks.outgoing import Task
from retail.webhooks.rules import Outcome

log = structlog.get_logger()

# Others wait in the queue too; well within the lease of the job.
RUN_SECONDS = 45
_dice = secrets.SystemRandom()


def sort(session: Session, payload: dict[str, Any], now: datetime) -> None:  # noqa: ARG001 (as every job)
    """Write what happened out to the endpoints."""
    tell_systems.sort(session, now=now)


def send(database: Database, job: Claimed) -> None:
    """Hand an endpoint over what is due, oldest first, for as long as it takes it."""
    settings: Settings = current_app.config["SETTINGS"]
    sender = Sender(allows_local=settings.is_development)
    endpoint_id, until = job.payload["endpoint_id"], time.monotonic() + RUN_SECONDS
    while True:
        with database.write() as session:
            task = outgoing.begin(session, endpoint_id, now=clock.now(), key=settings.key)
        if task is None:
            return
        settle(database, task, hand_over(sender, task))
        if time.monotonic() > until:
            with database.write() as session:
                outgoing.wake(session, endpoint_id, at=clock.now())
            return


def hand_over(sender: Sender, task: Task) -> Outcome:
    """What an endpoint answers to a message that is signed for this try."""
    if not task.secrets:
        return Outcome(None, 0, error="secret_lost")
    body = task.body.encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Swingtag-Webhooks/1",
        **signed_headers(task.message_id, clock.now(), body, task.secrets),
    }
    answer: Answer = sender.post(task.url, body, headers)
    return Outcome(
        answer.status, answer.milliseconds, answer.text, answer.error, answer.retry_after
    )


def settle(database: Database, task: Task, outcome: Outcome) -> None:
    """Note what came of a try; an endpoint that is disabled by it is told to operators."""
    with database.write() as session:
        why = outgoing.settle(session, task, outcome, now=clock.now(), dice=_dice.random())
    if why is not None:
        log.error("webhook.disabled", endpoint=task.endpoint_id, why=why)
