"""How holds must not be met: look, then write what was seen. The races must catch this."""

from collections.abc import Callable

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.transaction import Database
from loyalty.vouchers.models import Redemption, Voucher, VoucherUse
from tests.builders.vouchers import basket, uses_left
from tests.conftest import NOON


def put_what_was_free(
    db: Database, code: str, way: Callable[..., object], meanwhile: Callable[[], object]
) -> bool:
    """A till that looks first what gives way, and refuses what has no use left by then."""
    with db.read() as session:
        seen = _held(session)
    meanwhile()
    with db.write() as session:
        for redemption_id in seen:
            _release(session, redemption_id)
        if uses_left(session, code) == 0:
            return False
        way(session, code, basket=basket(owner_id="nina", at=NOON))
    return True


def give_back_what_was_held(db: Database, meanwhile: Callable[[], object]) -> None:
    """A job, or an owner, that gives back what a look beforehand saw held."""
    with db.read() as session:
        seen = _held(session)
    meanwhile()
    with db.write() as session:
        for redemption_id in seen:
            _release(session, redemption_id)


def _held(session: Session) -> list[str]:
    held = select(Redemption.id).where(Redemption.gives_way, Redemption.state == "reserved")
    return list(session.scalars(held))


def _release(session: Session, redemption_id: str) -> None:
    ended = {"state": "released", "settled_at": NOON}
    session.execute(update(Redemption).where(Redemption.id == redemption_id).values(ended))
    uses = update(VoucherUse).where(VoucherUse.redemption_id == redemption_id)
    freed = session.scalars(uses.values(returned_at=NOON).returning(VoucherUse.voucher_id)).all()
    session.execute(update(Voucher).where(Voucher.id.in_(freed)).values(uses_left=1))
