"""How a voucher must not be used: look, then write what was seen. The races must catch this."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from core import clock
from core.ids import new_id
from core.transaction import Database
from loyalty.vouchers import codes
from loyalty.vouchers.models import Redemption, Voucher, VoucherBudget, VoucherUse
from tests.builders.points import PROGRAMME
from tests.builders.vouchers import uses_left
from tests.conftest import KEY


def redeem(db: Database, code: str, meet: Callable[[], object]) -> bool:
    """Redeem where a look beforehand found a use that is free; `meet` comes between the two."""
    with db.read() as session:
        left = uses_left(session, code) or 0
    meet()
    if left < 1:
        return False
    with db.write() as session:
        _write(session, code, left - 1)
    return True


def redeem_of_lapsed(db: Database, code: str, meet: Callable[[], object]) -> bool:
    """Redeem with money that a look beforehand saw held by nobody any more."""
    with db.read() as session:
        budget = session.query(VoucherBudget).one()
        lapsed = session.query(VoucherUse).where(_is_lapsed()).all()
        left = budget.spent_minor - sum(use.discount_minor for use in lapsed)
    meet()
    with db.write() as session:
        freed = session.scalars(
            update(VoucherUse)
            .where(_is_lapsed(), VoucherUse.returned_at.is_(None))
            .values(returned_at=clock.now())
            .returning(VoucherUse.voucher_id)
        ).all()
        session.execute(update(Voucher).where(Voucher.id.in_(freed)).values(uses_left=1))
        _write(session, code, None)
        session.execute(update(VoucherBudget).values(spent_minor=left + 500))
    return True


def _is_lapsed() -> ColumnElement[bool]:
    over = select(Redemption.id).where(
        Redemption.state == "reserved", Redemption.reserved_until <= clock.now()
    )
    return VoucherUse.redemption_id.in_(over)


def _write(session: Session, code: str, left: int | None) -> None:
    hashed = codes.hash_of(codes.read(code) or "", KEY)
    voucher = session.query(Voucher).filter_by(code_hash=hashed).one()
    session.execute(update(Voucher).where(Voucher.id == voucher.id).values(uses_left=left))
    now, redemption_id = clock.now(), new_id()
    session.add(
        Redemption(
            id=redemption_id,
            programme_id=PROGRAMME,
            source=new_id(),
            fingerprint="",
            state="redeemed",
            currency="GBP",
            lines=[["1", "1", 2000]],
            refused=[],
            total_minor=2000,
            discount_minor=500,
            sold_at=now,
            recorded_at=now,
            settled_at=now,
        )
    )
    session.flush()
    session.add(
        VoucherUse(
            id=new_id(),
            redemption_id=redemption_id,
            voucher_id=voucher.id,
            terms_id=voucher.terms_id,
            discount_minor=500,
            lines={"1": 500},
        )
    )
