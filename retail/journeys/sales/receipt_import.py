"""Historic receipts come in piece by piece: each piece is one job that writes the next."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.outbox import enqueue
from retail.receipts import importer, queries
from retail.receipts.views import ImportView

JOB = "receipt_import"


def begin_import(session: Session, *, brand_id: str, text: str, now: datetime) -> ImportView:
    """Keep a CSV file and begin to take it in; the same file again is the same import.

    Raises Invalid for a file that is no such CSV; wrong lines are reported by the import itself.
    """
    import_id, is_new = importer.begin(session, brand_id=brand_id, text=text, now=now)
    if is_new:
        _enqueue(session, import_id, 0, now)
    return queries.get_import(session, import_id, brand_id=brand_id)


def continue_import(session: Session, import_id: str, *, now: datetime) -> None:
    """Take in the next piece and see to the one after it, in one transaction."""
    position = importer.take_in(session, import_id, now=now)
    if position is not None:
        _enqueue(session, import_id, position, now)


def _enqueue(session: Session, import_id: str, position: int, now: datetime) -> None:
    key = f"{JOB}:{import_id}:{position}"
    enqueue(session, JOB, {"import_id": import_id}, due_at=now, key=key)
