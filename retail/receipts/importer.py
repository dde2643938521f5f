"""Historic receipts on their way into the tables: begun once, taken in piece by piece."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import delete, func, select, tuple_, update
from sqlalchemy.orm import Session

from core.errors import Invalid
from core.ids import CROCKFORD, new_id
from core.outbox import emit
from core.sql import insert_ignore, insert_many, insert_new, insert_rows
from retail.brands import queries as brands
from retail.catalogue import queries as catalogue
from retail.catalogue.queries import VariantView
from retail.receipts import history
from retail.receipts.events import ReceiptsImported
from retail.receipts.history import Goods, HistoricReceipt, Problem
from retail.receipts.models import LineItem, Receipt, ReceiptImport, ReceiptImportChunk

MOST_PROBLEMS = 1_000
_COUNTED = 4
_DIFFERS = (
    "Another receipt is recorded under this number, or the lines of this one do not stand together."
)
_LINE_COLUMNS = (
    "id",
    "receipt_id",
    "brand_id",
    "position",
    "gtin",
    "sku",
    "variant_id",
    "description",
    "quantity",
    "total_minor",
    "discount_minor",
    "is_gift",
)

_PIECE = (
    select(ReceiptImportChunk.position, ReceiptImportChunk.rows, ReceiptImportChunk.body)
    .order_by(ReceiptImportChunk.position)
    .limit(1)
)


def begin(session: Session, *, brand_id: str, text: str, now: datetime) -> tuple[str, bool]:
    """Keep a file to be taken in; gives its import's id and whether it is new.

    The same file again is the same import. Raises Invalid for a file that is no such CSV.
    """
    fingerprint = hashlib.sha256(text.encode()).hexdigest()
    known = select(ReceiptImport.id).where(
        ReceiptImport.brand_id == brand_id, ReceiptImport.file_fingerprint == fingerprint
    )
    import_id = new_id()
    is_new = insert_ignore(
        session,
        ReceiptImport,
        id=import_id,
        brand_id=brand_id,
        file_fingerprint=fingerprint,
        state="running",
        rows_total=0,
        problems=[],
        started_at=now,
    )
    if not is_new:
        return session.scalars(known).one(), False
    rows_total = 0
    for position, piece in enumerate(history.pieces(history.read_rows(text))):
        chunk = {"import_id": import_id, "position": position, **piece._asdict()}
        insert_many(session, ReceiptImportChunk, [chunk])
        rows_total += piece.rows
    if not rows_total:
        raise Invalid("file_invalid", "There are no receipts in this file.")
    _update(session, import_id, rows_total=rows_total)
    return import_id, True


def take_in(session: Session, import_id: str, *, now: datetime) -> int | None:
    """Take in the next piece of a file; gives the position of the one after it, or None.

    Receipts that are there already stay as they are.
    """
    head = session.execute(
        select(ReceiptImport.brand_id, ReceiptImport.problems_total, ReceiptImport.problems)
        .where(ReceiptImport.id == import_id, ReceiptImport.state == "running")
        .with_for_update()
    ).one_or_none()
    chunk = session.execute(_PIECE.where(ReceiptImportChunk.import_id == import_id)).one_or_none()
    if head is None or chunk is None:
        return None
    new, known, problems = _take_in_rows(session, head.brand_id, history.unpack(chunk.body), now)
    session.execute(
        delete(ReceiptImportChunk).where(
            ReceiptImportChunk.import_id == import_id,
            ReceiptImportChunk.position == chunk.position,
        )
    )
    told = [asdict(problem) for problem in problems]
    _update(
        session,
        import_id,
        rows_done=ReceiptImport.rows_done + chunk.rows,
        receipts_new=ReceiptImport.receipts_new + new,
        receipts_known=ReceiptImport.receipts_known + known,
        problems_total=head.problems_total + len(told),
        problems=(head.problems + told)[:MOST_PROBLEMS],
    )
    rest = select(func.min(ReceiptImportChunk.position)).where(
        ReceiptImportChunk.import_id == import_id
    )
    position = session.scalar(rest)
    if position is None:
        _update(session, import_id, state="done", finished_at=now)
        emit(session, ReceiptsImported(import_id), topics=[f"brand:{head.brand_id}"])
    return position


def _update(session: Session, import_id: str, **values: Any) -> None:
    session.execute(
        update(ReceiptImport)
        .where(ReceiptImport.id == import_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _take_in_rows(
    session: Session, brand_id: str, rows: Iterable[history.Numbered], now: datetime
) -> tuple[int, int, list[Problem]]:
    stores = {store.slug: store for store in brands.list_stores(session, brand_id)}
    receipts, problems = history.read_receipts(rows, stores, now=now)
    if not receipts:
        return 0, 0, problems
    made = _Ids()
    by_id = {made.next(): receipt for receipt in receipts}
    fingerprints = {receipt_id: receipt.fingerprint() for receipt_id, receipt in by_id.items()}
    new = _insert_receipts(session, brand_id, by_id, fingerprints, now)
    _insert_lines(session, brand_id, {i: by_id[i] for i in by_id if i in new}, made)
    old = {i: receipt for i, receipt in by_id.items() if i not in new}
    recorded = _fingerprints(session, list(old.values()))
    differing = [r for i, r in old.items() if recorded.get(r.key) != fingerprints[i]]
    problems += [Problem(receipt.line, "number", _DIFFERS) for receipt in differing]
    problems.sort(key=lambda problem: problem.line)
    return len(new), len(old) - len(differing), problems


def _insert_receipts(
    session: Session,
    brand_id: str,
    receipts: dict[str, HistoricReceipt],
    fingerprints: dict[str, str],
    now: datetime,
) -> set[str]:
    rows = [
        {
            "id": receipt_id,
            "brand_id": brand_id,
            "store_id": receipt.store_id,
            "till": receipt.till,
            "number": receipt.number,
            "sold_at": receipt.sold_at,
            "recorded_at": now,
            "currency": receipt.currency,
            "total_minor": receipt.total_minor,
            "fingerprint": fingerprints[receipt_id],
            "source": "import",
            "is_member_known": False,
        }
        for receipt_id, receipt in receipts.items()
    ]
    return insert_new(session, Receipt, rows)


def _insert_lines(
    session: Session, brand_id: str, receipts: dict[str, HistoricReceipt], made: "_Ids"
) -> None:
    goods = [item for receipt in receipts.values() for item in receipt.goods]
    gtins = {item.gtin for item in goods if item.gtin}
    skus = {item.sku for item in goods if item.sku}
    known = catalogue.find_variants(session, brand_id, gtins, skus)
    variant_ids = {item: _variant_id(item, known) for item in set(goods)} if known else {}
    rows = [
        (
            made.next(),
            receipt_id,
            brand_id,
            position,
            item.gtin,
            item.sku,
            variant_ids.get(item),
            item.description,
            *amounts,
            False,
        )
        for receipt_id, receipt in receipts.items()
        for position, item, amounts in zip(count(1), receipt.goods, receipt.amounts, strict=False)
    ]
    insert_rows(session, LineItem, _LINE_COLUMNS, rows)


def _variant_id(item: Goods, known: Mapping[tuple[str, str], VariantView]) -> str | None:
    variant = known.get(("gtin", item.gtin or "")) or known.get(("sku", item.sku or ""))
    return variant.id if variant else None


def _fingerprints(
    session: Session, receipts: Sequence[HistoricReceipt]
) -> dict[tuple[str, str, str], str]:
    """What is recorded under the numbers of these receipts."""
    key = tuple_(Receipt.store_id, Receipt.till, Receipt.number)
    found: dict[tuple[str, str, str], str] = {}
    for first in range(0, len(receipts), 500):
        keys = [receipt.key for receipt in receipts[first : first + 500]]
        rows = session.execute(
            select(Receipt.store_id, Receipt.till, Receipt.number, Receipt.fingerprint).where(
                key.in_(keys)
            )
        )
        found |= {(store_id, till, number): mark for store_id, till, number, mark in rows}
    return found


class _Ids:
    """Row ids in ascending order: one new id whose last characters count, a tenth of the price."""

    def __init__(self) -> None:
        self._start = new_id()[:-_COUNTED]
        self._next = 0

    def next(self) -> str:
        """The next id."""
        number = self._next
        self._next += 1
        tail = (
            CROCKFORD[number >> 15 & 31]
            + CROCKFORD[number >> 10 & 31]
            + CROCKFORD[number >> 5 & 31]
            + CROCKFORD[number & 31]
        )
        return self._start + tail
