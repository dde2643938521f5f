"""Which printed codes still hang on a secret that does not sign any more."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from retail.receipts import codes
from retail.receipts.models import Receipt


def under_other_keys(session: Session, *, now: datetime, key: bytes) -> int:
    """How many receipts that can still be claimed were printed with another secret."""
    rows = session.execute(
        select(Receipt.id, Receipt.token_hash).where(
            Receipt.token_hash.is_not(None), Receipt.claim_ends_at > now
        )
    )
    newest = bytes(key)
    return sum(
        codes.token_hash(newest, codes.token(newest, receipt_id)) != stored
        for receipt_id, stored in rows
    )
