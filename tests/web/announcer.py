"""Another process in which something happens."""

from multiprocessing.connection import Connection

from sqlalchemy import create_engine

from core.bell import new_bell
from core.outbox import emit
from core.transaction import Database, prepare_engine
from tests.builders.events import Opened


def say_and_ring(line: Connection, url: str, redis_url: str | None) -> None:
    """Let it happen and ring."""
    with Database(prepare_engine(create_engine(url)), new_bell(redis_url)).write() as session:
        emit(session, Opened("3"), topics=["store:3"])
    line.send("done")
