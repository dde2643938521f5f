"""Writes of receipts: record a sale, claim it, take goods back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from core.errors import Conflict, NotFound
from core.ids import new_id
from core.outbox import emit
from core.sql import insert_ignore, insert_many
from retail.brands.queries import StoreView
from retail.receipts import codes, queries, returns, rules
from retail.receipts.events import (
    GoodsReturned,
    ReceiptClaimed,
    ReceiptRecorded,
    UnknownProductSold,
)
from retail.receipts.models import LineItem, Receipt, ReceiptReturn, ReturnLine
from retail.receipts.returns import Refund, ReturnInput
from retail.receipts.rules import LineInput, ReceiptInput
from retail.receipts.views import ReceiptView


@dataclass(frozen=True)
class Recorded:
    """The receipt that stands under a number, and whether it was recorded just now."""

    receipt_id: str
    is_new: bool


@dataclass(frozen=True)
class Returned:
    """The refund that stands under a number; `refunds` is empty for one already known."""

    return_id: str
    is_new: bool
    refunds: tuple[Refund, ...]


def record(
    session: Session,
    *,
    store: StoreView,
    receipt: ReceiptInput,
    variant_ids: Sequence[str | None],
    member_id: str | None = None,
    now: datetime,
    key: bytes,
    code_days: int,
    claim_days: int,
) -> Recorded:
    """Record a checked receipt once, with the variant of each line where it is known.

    `member_id`, where the till named a member who exists, makes it born claimed. The same receipt
    again changes nothing; raises Conflict with the `differences` where the number is taken.
    """
    receipt_id = new_id()
    is_new = insert_ignore(
        session,
        Receipt,
        id=receipt_id,
        **_sale(store, receipt, now),
        member_id=member_id,
        claimed_at=now if member_id else None,
        is_member_known=member_id is not None,
        token_hash=codes.token_hash(key, codes.token(key, receipt_id)),
        code_hash=codes.code_hash(key, store.id, codes.code(key, receipt_id)),
        code_expires_at=rules.last_instant(now, zone=store.zone, days=code_days),
        claim_ends_at=rules.last_instant(now, zone=store.zone, days=claim_days),
    )
    if not is_new:
        return Recorded(_known(session, store.id, receipt), is_new=False)
    lines = _insert_lines(session, store.brand_id, receipt_id, receipt.lines, variant_ids)
    _tell(session, store, receipt_id, lines)
    return Recorded(receipt_id, is_new=True)


def claim(session: Session, receipt_id: str, *, member_id: str, now: datetime) -> bool:
    """Make an unclaimed, unexpired receipt the member's; of any number who try, one succeeds."""
    result = session.execute(
        update(Receipt)
        .where(Receipt.id == receipt_id, Receipt.claimed_at.is_(None), Receipt.claim_ends_at > now)
        .values(member_id=member_id, claimed_at=now)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)
    if result.rowcount != 1:
        return False
    emit(session, ReceiptClaimed(receipt_id), topics=[f"receipt:{receipt_id}"])
    return True


def hold_sale(
    session: Session, store_id: str, number: str, *, since: datetime, until: datetime
) -> str | None:
    """Lock the receipt of a store and span that has a number, or one as `TILL:NUMBER`.

    Refunds of it wait until the transaction is over. None where there is no such receipt yet.
    """
    till, _colon, rest = number.partition(":")
    is_named = and_(Receipt.till == till, Receipt.number == rest)
    return session.scalar(
        select(Receipt.id)
        .where(
            Receipt.store_id == store_id,
            *(Receipt.sold_at >= since, Receipt.sold_at < until),
            or_(Receipt.number == number, is_named),
        )
        .order_by(Receipt.number == number, Receipt.recorded_at, Receipt.id)
        .limit(1)
        .with_for_update()
    )


def record_return(
    session: Session, receipt_id: str, *, given: ReturnInput, now: datetime
) -> Returned:
    """Take goods back once, whole or per line.

    The same refund again changes nothing. Raises Conflict where more would come back than was
    sold or the number stands for another refund, Invalid for lines that are not on the receipt.
    """
    _lock(session, receipt_id)
    receipt = queries.get_receipt(session, receipt_id)
    returns.check_return(given, sold_at=receipt.sold_at, now=now)
    fingerprint = returns.fingerprint(given)
    number = given.number.strip()
    known = session.execute(
        select(ReceiptReturn.id, ReceiptReturn.fingerprint).where(
            ReceiptReturn.receipt_id == receipt_id, ReceiptReturn.number == number
        )
    ).one_or_none()
    if known is not None:
        if known.fingerprint != fingerprint:
            raise Conflict("return_differs", "Another refund is recorded under this number.")
        return Returned(known.id, is_new=False, refunds=())
    refunds = returns.plan(given, receipt.lines)
    return_id = _insert_return(session, receipt, number, given, fingerprint, refunds, now)
    topics = [f"receipt:{receipt_id}", f"store:{receipt.store_id}"]
    emit(session, GoodsReturned(receipt_id, return_id), topics=topics)
    return Returned(return_id, is_new=True, refunds=tuple(refunds))


def erase(session: Session, member_id: str) -> None:
    """Let go of whose the receipts are; they stay claimed, so that nobody else gets them."""
    session.execute(
        update(Receipt)
        .where(Receipt.member_id == member_id)
        .values(member_id=None, is_member_known=False)
        .execution_options(synchronize_session=False)
    )


def _sale(store: StoreView, receipt: ReceiptInput, now: datetime) -> dict[str, Any]:
    return {
        "brand_id": store.brand_id,
        "store_id": store.id,
        "till": receipt.till,
        "number": receipt.number,
        "sold_at": receipt.sold_at,
        "recorded_at": now,
        "currency": receipt.currency,
        "total_minor": receipt.total_minor,
        "fingerprint": rules.fingerprint(receipt),
        "source": "till",
    }


def _known(session: Session, store_id: str, sent: ReceiptInput) -> str:
    mine = queries.find_by_number(session, store_id, sent.till, sent.number)
    assert mine is not None, "a unique key refused the insert, so the row is there"
    statement = select(Receipt.fingerprint).where(Receipt.id == mine.id)
    if session.scalar(statement) != rules.fingerprint(sent):
        raise Conflict(
            "receipt_differs",
            "Another receipt is recorded under this number.",
            differences=rules.differences(_as_sent(mine), sent),
        )
    return mine.id


def _as_sent(receipt: ReceiptView) -> ReceiptInput:
    lines = tuple(
        LineInput(
            quantity=line.quantity,
            total_minor=line.total_minor,
            gtin=line.gtin,
            sku=line.sku,
            description=line.description,
            discount_minor=line.discount_minor,
            is_gift=line.is_gift,
        )
        for line in receipt.lines
    )
    return ReceiptInput(receipt.till, receipt.number, receipt.sold_at, receipt.currency, lines)


def _insert_lines(
    session: Session,
    brand_id: str,
    receipt_id: str,
    lines: Sequence[LineInput],
    variant_ids: Sequence[str | None],
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {
            "id": new_id(),
            "receipt_id": receipt_id,
            "brand_id": brand_id,
            "position": position,
            "variant_id": variant_id,
            "gtin": line.gtin,
            "sku": line.sku,
            "description": line.description,
            "quantity": line.quantity,
            "total_minor": line.total_minor,
            "discount_minor": line.discount_minor,
            "is_gift": line.is_gift,
        }
        for position, (line, variant_id) in enumerate(zip(lines, variant_ids, strict=True), 1)
    ]
    insert_many(session, LineItem, rows)
    return rows


def _tell(session: Session, store: StoreView, receipt_id: str, lines: list[dict[str, Any]]) -> None:
    topics = [f"store:{store.id}", f"receipt:{receipt_id}"]
    emit(session, ReceiptRecorded(receipt_id, store.id), topics=topics)
    for line in lines:
        if line["variant_id"] is None and (line["gtin"] or line["sku"]):
            unknown = UnknownProductSold(str(line["id"]), store.id)
            emit(session, unknown, topics=[f"brand:{store.brand_id}"])


def _lock(session: Session, receipt_id: str) -> None:
    """Two refunds of one receipt take turns, so that each sees what the other left."""
    statement = select(Receipt.id).where(Receipt.id == receipt_id).with_for_update()
    if session.scalar(statement) is None:
        raise NotFound("receipt_not_found", "There is no receipt with this id.")


def _insert_return(
    session: Session,
    receipt: ReceiptView,
    number: str,
    given: ReturnInput,
    fingerprint: str,
    refunds: Sequence[Refund],
    now: datetime,
) -> str:
    return_id = new_id()
    values = {
        "id": return_id,
        "receipt_id": receipt.id,
        "brand_id": receipt.brand_id,
        "number": number,
        "returned_at": given.returned_at,
        "recorded_at": now,
        "fingerprint": fingerprint,
        "amount_minor": sum(refund.amount_minor for refund in refunds),
    }
    insert_many(session, ReceiptReturn, [values])
    rows = [
        {
            "return_id": return_id,
            "line_item_id": refund.line_id,
            "quantity": refund.quantity,
            "amount_minor": refund.amount_minor,
        }
        for refund in refunds
    ]
    insert_many(session, ReturnLine, rows)
    return return_id
