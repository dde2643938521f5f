"""A worker that sends webhooks and is to be killed between an answer and its note."""

from multiprocessing.connection import Connection

from flask import Flask
from sqlalchemy import create_engine

from core import clock
from core.clock import FixedClock
from core.config import Settings
from core.transaction import Database, prepare_engine
from jobs import webhooks
from jobs.queue import Claimed
from jobs.worker import Worker
from retail.webhooks import outgoing, rules
from retail.webhooks.outgoing import Task
from retail.webhooks.rules import Outcome
from tests.conftest import KEY, NOON


def careful(line: Connection, url: str) -> None:
    """The service's own way, stopped when the first answer is there."""
    settle = webhooks.settle

    def stopped(database: Database, task: Task, outcome: Outcome) -> None:
        line.send("answered")
        line.recv()
        settle(database, task, outcome)

    webhooks.settle = stopped
    _work(url, webhooks.send)


def naive(line: Connection, url: str) -> None:
    """The control: a message counts as delivered when it is taken off the queue."""

    def send(database: Database, job: Claimed) -> None:
        with database.write() as session:
            endpoint_id = job.payload["endpoint_id"]
            task = outgoing.begin(session, endpoint_id, now=clock.now(), key=KEY)
            assert task is not None
            outgoing.settle(session, task, Outcome(200, 0), now=clock.now(), dice=0)
        line.send("taken")
        line.recv()
        webhooks.hand_over(webhooks.Sender(allows_local=True), task)

    _work(url, send)


def _work(url: str, send: object) -> None:
    clock.install(FixedClock(NOON))
    app = Flask("victim")
    app.config["SETTINGS"] = Settings(environment="test", secret_key=KEY.decode())
    database = Database(prepare_engine(create_engine(url)))
    with app.app_context():
        leased = {rules.SEND_JOB: send}
        Worker(database, transactional={}, leased=leased).run_all()  # type: ignore[arg-type]
