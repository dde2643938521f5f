"""What was sold, lean and in its order, for whoever reads many receipts at once."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from retail.receipts.models import LineItem, Receipt, ReceiptReturn, ReturnLine
from retail.receipts.returned import LineBack

CHUNK = 500
NOTHING_BACK = LineBack(Decimal(0), 0)
_paid_back = (
    select(func.coalesce(func.sum(ReturnLine.amount_minor), 0))
    .where(ReturnLine.line_item_id == LineItem.id)
    .scalar_subquery()
)
# Lines of members' receipts, with what was paid for each less what was paid back, in minor units;
# for other rooms to build on.
PAID_LINES: Select[*tuple[Any, ...]] = (
    select(
        LineItem.id,
        Receipt.brand_id,
        Receipt.store_id,
        Receipt.member_id,
        Receipt.sold_at,
        Receipt.currency,
        LineItem.variant_id,
        (LineItem.total_minor - _paid_back).label("paid_minor"),
    )
    .join(LineItem, LineItem.receipt_id == Receipt.id)
    .where(Receipt.member_id.is_not(None), LineItem.variant_id.is_not(None))
)


class SoldLine(NamedTuple):
    """How much of what; `total_minor` was paid for all of it."""

    position: int
    variant_id: str | None
    sku: str | None
    quantity: Decimal
    total_minor: int


@dataclass(frozen=True)
class Sold:
    """A receipt; `purchases` counts its member's before it, None where it is nobody's."""

    id: str
    store_id: str
    sold_at: datetime
    currency: str
    member_id: str | None
    purchases: int | None
    lines: tuple[SoldLine, ...]


def purchases_before(session: Session, member_id: str, at: datetime) -> int:
    """How many receipts a member has from before an instant."""
    statement = select(func.count()).where(Receipt.member_id == member_id, Receipt.sold_at < at)
    return session.scalar(statement) or 0


def beginning_of_last(
    session: Session, brand_id: str, *, currency: str, since: datetime, until: datetime, most: int
) -> tuple[datetime, bool]:
    """From when on there are at most so many receipts in [since, until); whether that is later."""
    beyond = session.scalar(
        select(Receipt.sold_at)
        .where(*_span(brand_id, currency, since, until))
        .order_by(Receipt.sold_at.desc())
        .offset(most)
        .limit(1)
    )
    if beyond is None:
        return since, False
    later = session.scalar(
        select(func.min(Receipt.sold_at)).where(
            *_span(brand_id, currency, since, until), Receipt.sold_at > beyond
        )
    )
    return later or until, True


def sold(
    session: Session, brand_id: str, *, currency: str, since: datetime, until: datetime
) -> Iterator[list[Sold]]:
    """The receipts of [since, until) in the order of their sale, in chunks."""
    last: tuple[datetime, str] | None = None
    while chunk := _chunk(session, brand_id, currency, since, until, last):
        yield chunk
        last = (chunk[-1].sold_at, chunk[-1].id)


@dataclass(frozen=True)
class CameBack:
    """How much of each line of a receipt had come back by a return, by position, and before it.

    `sold` has what was sold of each line, `amount_minor` what this return paid back.
    """

    receipt_id: str
    returned_at: datetime
    amount_minor: int
    sold: dict[int, LineBack]
    before: dict[int, LineBack]
    after: dict[int, LineBack]


def came_back(
    session: Session, brand_id: str, *, currency: str, since: datetime, until: datetime
) -> list[CameBack]:
    """The returns before `until` of the receipts of [since, until), as they came."""
    columns = (ReceiptReturn.id, ReceiptReturn.receipt_id, ReceiptReturn.returned_at)
    rows = session.execute(
        select(*columns, LineItem.position, ReturnLine.quantity, ReturnLine.amount_minor)
        .join(ReturnLine, ReturnLine.return_id == ReceiptReturn.id)
        .join(LineItem, LineItem.id == ReturnLine.line_item_id)
        .join(Receipt, Receipt.id == ReceiptReturn.receipt_id)
        .where(*_span(brand_id, currency, since, until), ReceiptReturn.returned_at < until)
        .order_by(ReceiptReturn.returned_at, ReceiptReturn.recorded_at, ReceiptReturn.id)
    ).all()
    lines = _lines(session, sorted({row.receipt_id for row in rows}))
    so_far: dict[str, dict[int, LineBack]] = defaultdict(dict)
    found = []
    for _, group in groupby(rows, key=lambda row: row.id):
        parts = list(group)
        receipt_id, before = parts[0].receipt_id, dict(so_far[parts[0].receipt_id])
        for part in parts:
            had = before.get(part.position, NOTHING_BACK)
            so_far[receipt_id][part.position] = LineBack(
                had.quantity + part.quantity, had.amount_minor + part.amount_minor
            )
        sold = {one.position: LineBack(one.quantity, one.total_minor) for one in lines[receipt_id]}
        amount = sum(part.amount_minor for part in parts)
        later = dict(so_far[receipt_id])
        found.append(CameBack(receipt_id, parts[0].returned_at, amount, sold, before, later))
    return found


def ids_sold(
    session: Session, brand_id: str, *, currency: str, since: datetime, until: datetime
) -> list[str]:
    """The receipts of [since, until) in the order of their sale, by id."""
    rows = select(Receipt.id).where(*_span(brand_id, currency, since, until))
    return list(session.scalars(rows.order_by(Receipt.sold_at, Receipt.id)))


def _span(brand_id: str, currency: str, since: datetime, until: datetime) -> tuple[Any, ...]:
    return (
        Receipt.brand_id == brand_id,
        Receipt.currency == currency,
        Receipt.sold_at >= since,
        Receipt.sold_at < until,
    )


def _chunk(
    session: Session,
    brand_id: str,
    currency: str,
    since: datetime,
    until: datetime,
    last: tuple[datetime, str] | None,
) -> list[Sold]:
    before = aliased(Receipt)
    earlier = (
        select(func.count())
        .where(before.member_id == Receipt.member_id, before.sold_at < Receipt.sold_at)
        .scalar_subquery()
    )
    statement = select(
        Receipt.id, Receipt.store_id, Receipt.sold_at, Receipt.currency, Receipt.member_id, earlier
    ).where(*_span(brand_id, currency, since, until))
    if last is not None:
        statement = statement.where(tuple_(Receipt.sold_at, Receipt.id) > last)
    rows = session.execute(statement.order_by(Receipt.sold_at, Receipt.id).limit(CHUNK)).all()
    lines = _lines(session, [row[0] for row in rows])
    return [
        Sold(
            receipt_id,
            store_id,
            sold_at,
            currency,
            member_id,
            purchases if member_id is not None else None,
            tuple(lines[receipt_id]),
        )
        for receipt_id, store_id, sold_at, currency, member_id, purchases in rows
    ]


def _lines(session: Session, receipt_ids: list[str]) -> dict[str, list[SoldLine]]:
    found: dict[str, list[SoldLine]] = defaultdict(list)
    if receipt_ids:
        rows = session.execute(
            select(
                LineItem.receipt_id,
                LineItem.position,
                LineItem.variant_id,
                LineItem.sku,
                LineItem.quantity,
                LineItem.total_minor,
            )
            .where(LineItem.receipt_id.in_(receipt_ids))
            .order_by(LineItem.position)
        )
        for receipt_id, position, variant_id, sku, quantity, total in rows:
            found[receipt_id].append(SoldLine(position, variant_id, sku, quantity, total))
    return found
