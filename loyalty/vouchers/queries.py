"""Looking vouchers up: an owner's own, or the one behind a code."""

from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from core.keys import every
from loyalty.vouchers import codes
from loyalty.vouchers.models import Voucher
from loyalty.vouchers.rules import Validity, VoucherView, state_at


def vouchers_of(
    session: Session, programme_id: str, owner_id: str, *, now: datetime, key: bytes
) -> list[VoucherView]:
    """An owner's vouchers: those that can still be used first, the soonest to end at the top."""
    rows = session.scalars(
        select(Voucher)
        .where(Voucher.programme_id == programme_id, Voucher.owner_id == owner_id)
        .order_by(Voucher.valid_until, Voucher.id)
    )
    views = [_view(voucher, now, key) for voucher in rows]
    return sorted(views, key=lambda view: view.state not in ("issued", "reserved"))


def find_by_code(
    session: Session, programme_id: str, code: str, *, now: datetime, key: bytes
) -> VoucherView | None:
    """The voucher whose code somebody typed, whatever its state."""
    plain = codes.read(code)
    if plain is None:
        return None
    voucher = session.scalar(
        select(Voucher).where(
            Voucher.programme_id == programme_id,
            Voucher.code_hash.in_([codes.hash_of(plain, one) for one in every(key)]),
        )
    )
    return None if voucher is None else _view(voucher, now, key)


def find_validity(
    session: Session, programme_id: str, source: str, *, now: datetime
) -> Validity | None:
    """How the voucher of a source stands, if there is one."""
    voucher = session.execute(
        select(Voucher.state, Voucher.valid_from, Voucher.valid_until).where(
            Voucher.programme_id == programme_id, Voucher.source == source
        )
    ).one_or_none()
    if voucher is None:
        return None
    state, valid_from, valid_until = voucher
    return Validity(state_at(state, valid_until, now), valid_from, valid_until)  # type: ignore[arg-type]


def _view(voucher: Voucher, now: datetime, key: bytes) -> VoucherView:
    return VoucherView(
        id=voucher.id,
        owner_id=voucher.owner_id,
        kind=voucher.kind,  # type: ignore[arg-type]
        value=voucher.value,
        currency=voucher.currency,
        code=codes.shown(codes.printed_code(voucher.id, voucher.code_hash, key)),
        last_four=voucher.last_four,
        state=state_at(voucher.state, voucher.valid_until, now),  # type: ignore[arg-type]
        valid_from=voucher.valid_from,
        valid_until=voucher.valid_until,
        issued_at=voucher.issued_at,
    )


def under_other_keys(session: Session, *, now: datetime, key: bytes) -> int:
    """How many vouchers that can be used have the code of a secret that does not sign any more."""
    newest = bytes(key)
    rows = session.execute(select(Voucher.id, Voucher.code_hash).where(*usable(now)))
    return sum(codes.hash_of(codes.code_of(one, newest), newest) != was for one, was in rows)


def usable(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """That a voucher can be used now, or later."""
    return Voucher.state.in_(("issued", "reserved")), Voucher.valid_until > now
