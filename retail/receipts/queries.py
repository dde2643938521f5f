"""Reads of receipts, by id, by the token in their QR, by typed code, and by owner."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ScalarSelect, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session

from core.errors import NotFound
from core.keys import every
from core.model import Id
from retail.accounts import queries as accounts
from retail.brands import queries as brands
from retail.catalogue import queries as catalogue
from retail.receipts import codes, rules
from retail.receipts import slip as slips
from retail.receipts.given import given_for
from retail.receipts.models import LineItem, Receipt, ReceiptImport, ReceiptReturn, ReturnLine
from retail.receipts.views import (
    ImportView,
    LineView,
    ReceiptView,
    ReturnedLineView,
    ReturnView,
    Takings,
)

_RECEIPTS = select(
    Receipt.id,
    Receipt.brand_id,
    Receipt.store_id,
    Receipt.till,
    Receipt.number,
    Receipt.sold_at,
    Receipt.recorded_at,
    Receipt.currency,
    Receipt.total_minor,
    Receipt.source,
    Receipt.member_id,
    Receipt.claimed_at,
    Receipt.is_member_known,
    Receipt.code_expires_at,
    Receipt.claim_ends_at,
    Receipt.token_hash,
)
_RECEIPT = _RECEIPTS.where(
    Receipt.id == bindparam("id"),
    or_(bindparam("brand_id", type_=Id).is_(None), Receipt.brand_id == bindparam("brand_id")),
)
_BY_TOKEN = _RECEIPTS.where(Receipt.token_hash.in_(bindparam("hashes", expanding=True)))
_BY_CODE = (
    _RECEIPTS.where(
        Receipt.store_id == bindparam("store_id"),
        Receipt.code_hash.in_(bindparam("hashes", expanding=True)),
        Receipt.code_expires_at > bindparam("now"),
    )
    .order_by(Receipt.id.desc())
    .limit(1)
)
_LINES = (
    select(
        LineItem.receipt_id,
        LineItem.id,
        LineItem.position,
        LineItem.variant_id,
        LineItem.gtin,
        LineItem.sku,
        LineItem.description,
        LineItem.quantity,
        LineItem.total_minor,
        LineItem.discount_minor,
        LineItem.is_gift,
        func.sum(ReturnLine.quantity),
        func.coalesce(func.sum(ReturnLine.amount_minor), 0),
        func.count(ReturnLine.return_id),
    )
    .outerjoin(ReturnLine, ReturnLine.line_item_id == LineItem.id)
    .where(LineItem.receipt_id.in_(bindparam("ids", expanding=True)))
    .group_by(LineItem.id)
    .order_by(LineItem.position)
)


def get_receipt(session: Session, receipt_id: str, *, brand_id: str | None = None) -> ReceiptView:
    """The receipt with this id, and of this brand where one is named. Raises NotFound."""
    found = _views(session, _RECEIPT, {"id": receipt_id, "brand_id": brand_id})
    if not found:
        raise NotFound("receipt_not_found", "There is no receipt with this id.")
    return found[0]


def find_by_number(session: Session, store_id: str, till: str, number: str) -> ReceiptView | None:
    """The receipt that a till gave this number, or None."""
    statement = _RECEIPTS.where(
        Receipt.store_id == store_id, Receipt.till == till, Receipt.number == number
    )
    return next(iter(_views(session, statement, {})), None)


def find_by_token(session: Session, token: str, *, key: bytes) -> ReceiptView | None:
    """The receipt whose QR carries this token, whoever has it by now; see `open_by_token`."""
    hashes = [codes.token_hash(one, token) for one in every(key)]
    found = _views(session, _BY_TOKEN, {"hashes": hashes})
    return found[0] if found else None


def find_by_code(
    session: Session, store_id: str, code: str, *, now: datetime, key: bytes
) -> ReceiptView | None:
    """The receipt of a store with this typed code, while the code lives; see `open_by_code`."""
    hashes = [codes.code_hash(one, store_id, code) for one in every(key)]
    found = _views(session, _BY_CODE, {"store_id": store_id, "hashes": hashes, "now": now})
    return found[0] if found else None


def open_by_token(
    session: Session, token: str, *, viewer_id: str | None, now: datetime, key: bytes
) -> ReceiptView:
    """What scanning shows: a receipt free to claim, or the viewer's own.

    Raises the same NotFound for wrong, used, unknown and expired.
    """
    return _opened(find_by_token(session, token, key=key), viewer_id, now)


def open_by_code(
    session: Session,
    store_id: str,
    code: str,
    *,
    viewer_id: str | None,
    now: datetime,
    key: bytes,
) -> ReceiptView:
    """What typing the code shows; the same promise as `open_by_token`."""
    return _opened(find_by_code(session, store_id, code, now=now, key=key), viewer_id, now)


def _opened(receipt: ReceiptView | None, viewer_id: str | None, now: datetime) -> ReceiptView:
    if receipt is None:
        raise rules.not_found()
    if receipt.claimed_at is not None:
        is_open = viewer_id is not None and receipt.member_id == viewer_id
    else:
        is_open = receipt.claim_ends_at is not None and receipt.claim_ends_at > now
    if not is_open:
        raise rules.not_found()
    return receipt


def receipts_of(
    session: Session, member_id: str, *, after: str | None = None, limit: int = 20
) -> list[ReceiptView]:
    """A member's receipts, newest first; a page begins after the id of the last one seen."""
    statement = _RECEIPTS.where(Receipt.member_id == member_id)
    if after is not None:
        seen = select(Receipt.sold_at).where(Receipt.id == after).scalar_subquery()
        older = or_(Receipt.sold_at < seen, (Receipt.sold_at == seen) & (Receipt.id < after))
        statement = statement.where(older)
    statement = statement.order_by(Receipt.sold_at.desc(), Receipt.id.desc()).limit(limit)
    return _views(session, statement, {})


def get_return(session: Session, return_id: str) -> ReturnView:
    """The refund with this id. Raises NotFound."""
    head = session.execute(
        select(
            ReceiptReturn.id,
            ReceiptReturn.receipt_id,
            ReceiptReturn.number,
            ReceiptReturn.returned_at,
            ReceiptReturn.amount_minor,
            Receipt.currency,
        )
        .join(Receipt, Receipt.id == ReceiptReturn.receipt_id)
        .where(ReceiptReturn.id == return_id)
    ).one_or_none()
    if head is None:
        raise NotFound("return_not_found", "There is no return with this id.")
    rows = session.execute(
        select(LineItem.position, LineItem.variant_id, ReturnLine.quantity, ReturnLine.amount_minor)
        .join(LineItem, LineItem.id == ReturnLine.line_item_id)
        .where(ReturnLine.return_id == return_id)
        .order_by(LineItem.position)
    )
    return ReturnView(*head, lines=tuple(ReturnedLineView(*row) for row in rows))


def get_import(session: Session, import_id: str, *, brand_id: str) -> ImportView:
    """How far an import of a brand has come. Raises NotFound."""
    row = session.execute(
        select(
            ReceiptImport.id,
            ReceiptImport.state,
            ReceiptImport.rows_total,
            ReceiptImport.rows_done,
            ReceiptImport.receipts_new,
            ReceiptImport.receipts_known,
            ReceiptImport.problems_total,
            ReceiptImport.problems,
            ReceiptImport.started_at,
            ReceiptImport.finished_at,
        ).where(ReceiptImport.id == import_id, ReceiptImport.brand_id == brand_id)
    ).one_or_none()
    if row is None:
        raise NotFound("import_not_found", "There is no import with this id.")
    return ImportView(*row)


def claim_url(
    session: Session, receipt_id: str, *, brand_id: str | None, key: bytes, public_url: str
) -> str:
    """The address in the receipt's QR. Raises NotFound, also for historic receipts."""
    receipt = get_receipt(session, receipt_id, brand_id=brand_id)
    if receipt.claim_ends_at is None:
        raise NotFound("receipt_not_found", "There is no code on this receipt.")
    return codes.claim_url(public_url, codes.shown_token(key, receipt.id, receipt.token_hash))


def slip(
    session: Session, receipt_id: str, *, brand_id: str | None, key: bytes, public_url: str
) -> slips.Slip:
    """Everything that stands on the printed receipt. Raises NotFound."""
    receipt = get_receipt(session, receipt_id, brand_id=brand_id)
    brand = brands.get_brand(session, receipt.brand_id)
    store = brands.get_store(session, receipt.store_id)
    ids = [line.variant_id for line in receipt.lines if line.variant_id]
    member_name = None
    if receipt.is_member_known and receipt.member_id is not None:
        member = accounts.members_by_id(session, [receipt.member_id]).get(receipt.member_id)
        member_name = member.display_name if member else None
    maker = codes.maker_of(key, receipt.id, receipt.token_hash)
    return slips.compose(
        receipt,
        brand=brand,
        store=store,
        variants=catalogue.get_variants(session, receipt.brand_id, ids),
        member_name=member_name,
        claim_url=codes.claim_url(public_url, codes.token(maker, receipt.id)),
        code=codes.printed(codes.code(maker, receipt.id)),
        given=given_for(session, receipt),
    )


def takings(session: Session, store_id: str, *, since: datetime) -> Takings | None:
    """What a store's tills rang up from `since` on; None where they rang up nothing."""
    row = session.execute(
        select(
            func.count(),
            func.count(Receipt.claimed_at),
            func.sum(Receipt.total_minor),
            func.max(Receipt.recorded_at),
            # Ids begin with their time, so the largest is the newest.
            func.max(Receipt.id),
        ).where(Receipt.store_id == store_id, Receipt.recorded_at >= since)
    ).one()
    return Takings(store_id, *row) if row[0] else None


def first_bought_after(member_id: Any, instant: Any) -> ScalarSelect[datetime]:
    """When a member first bought something at or after an instant, for other rooms' selects."""
    first = select(func.min(Receipt.sold_at)).where(
        Receipt.member_id == member_id, Receipt.sold_at >= instant
    )
    return first.scalar_subquery()


def buyers(session: Session, brand_id: str, member_ids: Iterable[str]) -> set[str]:
    """Those of the members who claimed a purchase at the brand."""
    of_brand = (Receipt.brand_id == brand_id, Receipt.member_id.in_(list(member_ids)))
    statement = select(Receipt.member_id).where(*of_brand)
    return {member_id for member_id in session.scalars(statement.distinct()) if member_id}


def export(session: Session, member_id: str) -> list[ReceiptView]:
    """All that this room keeps about a member, for themselves."""
    return receipts_of(session, member_id, limit=1_000_000)


def _views(
    session: Session, statement: Select[*tuple[Any, ...]], parameters: dict[str, Any]
) -> list[ReceiptView]:
    heads: list[Any] = list(session.execute(statement, parameters))
    lines = _lines(session, [head[0] for head in heads])
    return [ReceiptView(*(*head, tuple(lines[head[0]]))) for head in heads]


def _lines(session: Session, receipt_ids: list[str]) -> dict[str, list[LineView]]:
    found: dict[str, list[LineView]] = defaultdict(list)
    if receipt_ids:
        rows: Iterable[Any] = session.execute(_LINES, {"ids": receipt_ids})
        for row in rows:
            receipt_id, line, (back, amount, times) = row[0], row[1:11], row[11:]
            returned = Decimal(0) if back is None else back
            is_returned = times > 0 and returned >= row.quantity
            found[receipt_id].append(LineView(*(*line, returned, int(amount), is_returned)))
    return found
