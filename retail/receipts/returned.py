"""What came back of receipts, return by return, and what they come to."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from retail.receipts.models import LineItem, ReceiptReturn, ReturnLine


@dataclass(frozen=True)
class LineBack:
    """How much of a line came back, and what was paid for it."""

    quantity: Decimal
    amount_minor: int


Back = dict[str, LineBack]


def returns_of(session: Session, receipt_id: str) -> list[str]:
    """The returns of a receipt, the first one first."""
    return list(
        session.scalars(
            select(ReceiptReturn.id)
            .where(ReceiptReturn.receipt_id == receipt_id)
            .order_by(ReceiptReturn.recorded_at, ReceiptReturn.id)
        )
    )


def back_around(session: Session, receipt_id: str, return_id: str) -> tuple[Back, Back]:
    """What had come back of each line before a return, and with it."""
    returns = returns_of(session, receipt_id)
    until = returns.index(return_id)
    return _back(session, returns[:until]), _back(session, returns[: until + 1])


def sums_of(session: Session, brand_id: str) -> dict[str, int]:
    """What each receipt of a brand comes to by its lines, by its id."""
    rows = session.execute(
        select(LineItem.receipt_id, func.sum(LineItem.total_minor))
        .where(LineItem.brand_id == brand_id)
        .group_by(LineItem.receipt_id)
    )
    return {receipt_id: int(total) for receipt_id, total in rows}


def _back(session: Session, return_ids: list[str]) -> Back:
    rows = session.execute(
        select(
            ReturnLine.line_item_id,
            func.sum(ReturnLine.quantity),
            func.sum(ReturnLine.amount_minor),
        )
        .where(ReturnLine.return_id.in_(return_ids))
        .group_by(ReturnLine.line_item_id)
    )
    return {line_id: LineBack(quantity, int(amount)) for line_id, quantity, amount in rows}
