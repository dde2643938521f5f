"""Goods that come back, whole or in part: discounts are given back in proportion, never more.

A rollback is a row of its own; the redemption stays what it was. When all that a voucher took
something off is back, the voucher has its use again.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid
from core.ids import new_id
from loyalty.vouchers import standing, written
from loyalty.vouchers.models import Redemption, Rollback, VoucherTerms, VoucherUse
from loyalty.vouchers.rules import RollbackView, RolledBackLine, share_back

Returned = dict[str, Decimal]


def roll_back(
    session: Session,
    redemption_id: str,
    *,
    programme_id: str,
    source: str,
    lines: tuple[tuple[str, Decimal], ...] | None,
    now: datetime,
) -> RollbackView:
    """Take goods of a redemption back: so much of each line named, or all that is left of it.

    Repeated, it answers. Raises NotFound, Invalid for lines that were not there, Conflict where
    it was not redeemed, more comes back than was sold, or the source took other goods back.
    """
    written.get_redemption(session, redemption_id, programme_id=programme_id, now=now)
    standing.lock_vouchers(session, redemption_id)
    mark = _mark(lines)
    before = _find(session, redemption_id, source, mark)
    if before is not None:
        return before
    row = session.get_one(Redemption, redemption_id, populate_existing=True)
    if row.state != "redeemed":
        raise Conflict("not_redeemed", "This was not redeemed, so there is nothing to roll back.")
    was = written.returned(session, redemption_id)
    back = _back(row, lines, was)
    uses = _uses(session, redemption_id)
    moved = _moved(row, uses, was, back)
    rollback_id = _write(session, redemption_id, source, mark, moved, now)
    _settle(session, programme_id, row, uses, was, _sum(was, back), now)
    return next(x for x in written.rollbacks_of(session, redemption_id) if x.id == rollback_id)


def _write(
    session: Session,
    redemption_id: str,
    source: str,
    mark: str,
    moved: Sequence[RolledBackLine],
    now: datetime,
) -> str:
    rollback = Rollback(
        id=new_id(),
        redemption_id=redemption_id,
        source=source,
        fingerprint=mark,
        lines=[[one.line, str(one.quantity), one.discount_minor, one.paid_minor] for one in moved],
        discount_minor=sum(one.discount_minor for one in moved),
        paid_minor=sum(one.paid_minor for one in moved),
        rolled_back_at=now,
    )
    session.add(rollback)
    session.flush()
    return rollback.id


def _mark(lines: tuple[tuple[str, Decimal], ...] | None) -> str:
    asked = None if lines is None else sorted([line, str(q.normalize())] for line, q in lines)
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


def _find(session: Session, redemption_id: str, source: str, mark: str) -> RollbackView | None:
    row = session.execute(
        select(Rollback.id, Rollback.fingerprint).where(
            Rollback.redemption_id == redemption_id, Rollback.source == source
        )
    ).one_or_none()
    if row is None:
        return None
    if row.fingerprint != mark:
        raise Conflict("source_differs", "This return already took other goods back.")
    return next(one for one in written.rollbacks_of(session, redemption_id) if one.id == row.id)


def _back(
    row: Redemption, lines: tuple[tuple[str, Decimal], ...] | None, was: Returned
) -> Returned:
    sold = {line_id: Decimal(quantity) for line_id, quantity, _ in row.lines}
    left = {
        line_id: quantity - was.get(line_id, Decimal(0))
        for line_id, quantity in sold.items()
        if line_id not in was or was[line_id] < quantity
    }
    if lines is None:
        if not left:
            raise Conflict("nothing_left_to_return", "All of it is back already.")
        return left
    asked: Returned = {}
    for line_id, quantity in lines:
        asked[line_id] = asked.get(line_id, Decimal(0)) + quantity
    for line_id, quantity in asked.items():
        if line_id not in sold or not quantity.is_finite() or quantity < 0:
            sentence = "Name lines of this redemption, each with how much of it comes back."
            raise Invalid("return_unclear", sentence, fields={"lines": [sentence]})
        if quantity > left.get(line_id, Decimal(0)):
            raise Conflict("more_back_than_sold", "More would come back than was sold.")
    return asked


def _sum(was: Returned, back: Returned) -> Returned:
    return {
        line_id: was.get(line_id, Decimal(0)) + back.get(line_id, Decimal(0))
        for line_id in {*was, *back}
    }


def _uses(session: Session, redemption_id: str) -> Sequence[VoucherUse]:
    """The uses, in the order in which budgets are locked."""
    rows = (
        select(VoucherUse)
        .join(VoucherTerms, VoucherTerms.id == VoucherUse.terms_id)
        .where(VoucherUse.redemption_id == redemption_id)
        .order_by(VoucherTerms.campaign_id, VoucherUse.id)
    )
    return session.scalars(rows.execution_options(populate_existing=True)).all()


def _moved(
    row: Redemption, uses: Sequence[VoucherUse], was: Returned, back: Returned
) -> list[RolledBackLine]:
    now_back, found = _sum(was, back), []
    for line_id, quantity_text, total in row.lines:
        if line_id not in back:
            continue
        quantity = Decimal(quantity_text)
        taken = [use.lines.get(line_id, 0) for use in uses]
        discount = sum(_between(one, line_id, was, now_back, quantity) for one in taken)
        paid = _between(total - sum(taken), line_id, was, now_back, quantity)
        found.append(RolledBackLine(line_id, back[line_id], discount, paid))
    return found


def _between(
    amount: int, line_id: str, was: Returned, now_back: Returned, quantity: Decimal
) -> int:
    before = share_back(amount, was[line_id], quantity) if line_id in was else 0
    return share_back(amount, now_back[line_id], quantity) - before


def _settle(
    session: Session,
    programme_id: str,
    row: Redemption,
    uses: Sequence[VoucherUse],
    was: Returned,
    now_back: Returned,
    now: datetime,
) -> None:
    sold = {line_id: Decimal(quantity) for line_id, quantity, _ in row.lines}
    for use in uses:
        given = sum(
            _between(amount, line_id, was, now_back, sold[line_id])
            for line_id, amount in use.lines.items()
            if line_id in now_back
        )
        if given:
            standing.unspend(session, programme_id, use.terms_id, given)
        needed = use.lines or sold
        if all(line_id in now_back and now_back[line_id] >= sold[line_id] for line_id in needed):
            standing.return_use(session, use.id, now=now)
