"""Counting crowds every few minutes, while tills go on writing."""

from datetime import datetime

from core.transaction import Database
from retail.crowds import queries, service


def count_crowds(database: Database, now: datetime) -> None:
    """Count anew the crowds of every brand whose turn it is.

    What is read is read before anything is written, and each write is short. Where another
    worker counted later meanwhile, the rest of this count is left out.
    """
    with database.read() as session:
        due = queries.uncounted(session, now)
    for brand_id in due:
        _count(database, brand_id, now)


def _count(database: Database, brand_id: str, now: datetime) -> None:
    with database.read() as session:
        found = queries.count_now(session, brand_id)
    for start in range(0, len(found), service.PART):
        part = found[start : start + service.PART]
        with database.write() as session:
            if not service.publish(session, brand_id, part, now=now):
                return
    has_more = True
    while has_more:
        with database.write() as session:
            has_more = service.retire(session, brand_id, now=now)
