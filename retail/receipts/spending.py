"""What members spent from an instant on, net of what came back, for whoever measures many."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from retail.receipts.models import Receipt, ReceiptReturn

CHUNK = 500


@dataclass(frozen=True)
class Spent:
    """What somebody paid less what they were paid back, in minor units, and in how many sales."""

    total_minor: int = 0
    receipts: int = 0


def spent_since(
    session: Session,
    brand_id: str,
    since: Mapping[str, datetime],
    *,
    currency: str,
    until: datetime,
    returned_until: datetime | None = None,
) -> dict[str, Spent]:
    """What each member spent with a brand in [since, until), by their own beginning; no others.

    What came back before `until` is taken off, or before `returned_until` where that is named.
    """
    back_until = returned_until or until
    found: dict[str, Spent] = {}
    member_ids = sorted(since)
    for start in range(0, len(member_ids), CHUNK):
        chunk = {one: since[one] for one in member_ids[start : start + CHUNK]}
        for member_id, sold_at, total in _sales(
            session, brand_id, chunk, currency, until, back_until
        ):
            if sold_at >= since[member_id]:
                before = found.get(member_id, Spent())
                found[member_id] = Spent(before.total_minor + total, before.receipts + 1)
    return found


def _sales(
    session: Session,
    brand_id: str,
    since: Mapping[str, datetime],
    currency: str,
    until: datetime,
    back_until: datetime,
) -> list[tuple[str, datetime, int]]:
    returned = (
        select(func.coalesce(func.sum(ReceiptReturn.amount_minor), 0))
        .where(ReceiptReturn.receipt_id == Receipt.id, ReceiptReturn.returned_at < back_until)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Receipt.member_id, Receipt.sold_at, Receipt.total_minor, returned).where(
            Receipt.brand_id == brand_id,
            Receipt.member_id.in_(since),
            Receipt.currency == currency,
            Receipt.sold_at >= min(since.values()),
            Receipt.sold_at < until,
        )
    )
    return [
        (member_id, sold_at, total - int(back))
        for member_id, sold_at, total, back in rows
        if member_id is not None
    ]
