"""Another process in which something happens: give it the database and Redis, or `-`."""

import sys

from sqlalchemy import create_engine

from core.bell import new_bell
from core.outbox import emit
from core.transaction import Database, prepare_engine
from tests.builders.events import Opened


def main(url: str, redis_url: str) -> None:
    """Say so and ring."""
    bell = new_bell(None if redis_url == "-" else redis_url)
    with Database(prepare_engine(create_engine(url)), bell).write() as session:
        emit(session, Opened("3"), topics=["store:3"])


if __name__ == "__main__":
    main(*sys.argv[1:])
