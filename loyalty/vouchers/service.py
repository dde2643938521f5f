"""Issuing vouchers, and ending those that were not used."""

from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from core.errors import Conflict
from core.ids import new_id
from core.sql import insert_ignore
from loyalty.vouchers import codes, queries
from loyalty.vouchers.models import Voucher
from loyalty.vouchers.rules import Issued, Kind, check_worth


def issue(
    session: Session,
    *,
    programme_id: str,
    owner_id: str | None,
    source: str,
    kind: Kind,
    value: int,
    currency: str | None,
    valid_from: datetime,
    valid_until: datetime,
    now: datetime,
    key: bytes,
) -> Issued:
    """Issue the one voucher of a source: minor units of a currency, or per cent without one.

    Repeated, it answers with the same voucher. Raises Invalid for a worth that makes no sense,
    and Conflict where the source already issued something else.
    """
    check_worth(kind, value, currency, valid_from, valid_until)
    voucher_id = new_id()
    code = codes.code_of(voucher_id, key)
    worth = {"owner_id": owner_id, "kind": kind, "value": value, "currency": currency}
    is_new = insert_ignore(
        session,
        Voucher,
        id=voucher_id,
        programme_id=programme_id,
        source=source,
        **worth,
        code_hash=codes.hash_of(code, key),
        last_four=code[-4:],
        state="issued",
        valid_from=valid_from,
        valid_until=valid_until,
        issued_at=now,
    )
    if is_new:
        return Issued(voucher_id, is_new=True)
    return _replay(session, programme_id, source, worth)


def _replay(session: Session, programme_id: str, source: str, worth: dict[str, Any]) -> Issued:
    before = session.scalars(
        select(Voucher).where(Voucher.programme_id == programme_id, Voucher.source == source)
    ).one()
    if any(getattr(before, name) != value for name, value in worth.items()):
        raise Conflict("source_differs", "This source already issued another voucher.")
    return Issued(before.id, is_new=False)


def void(session: Session, voucher_id: str, *, programme_id: str) -> bool:
    """End a voucher that was not used; tells whether this call ended it."""
    result = session.execute(
        update(Voucher)
        .where(
            Voucher.id == voucher_id,
            Voucher.programme_id == programme_id,
            Voucher.state == "issued",
        )
        .values(state="void")
    )
    assert isinstance(result, CursorResult)
    return result.rowcount == 1


def expire(session: Session, *, now: datetime) -> int:
    """Mark every unused voucher whose validity has ended; returns how many."""
    result = session.execute(
        update(Voucher)
        .where(Voucher.state == "issued", Voucher.valid_until <= now)
        .values(state="expired")
    )
    assert isinstance(result, CursorResult)
    return result.rowcount


def disown(session: Session, programme_id: str, owner_id: str) -> None:
    """Let go of whose the vouchers are; those not used end, since nobody could show them."""
    owned = (Voucher.programme_id == programme_id, Voucher.owner_id == owner_id)
    session.execute(update(Voucher).where(*owned, Voucher.state == "issued").values(state="void"))
    session.execute(update(Voucher).where(*owned).values(owner_id=None))


def code_anew(
    session: Session, *, now: datetime, key: bytes, after: str, most: int
) -> tuple[int, str | None]:
    """Give usable vouchers codes of the newest secret, the next so many after an id.

    Tells how many got one, and the id to go on after; None at the end.
    """
    newest, done = bytes(key), 0
    rows = select(Voucher).where(*queries.usable(now), Voucher.id > after)
    found = session.scalars(rows.order_by(Voucher.id).limit(most).with_for_update()).all()
    for voucher in found:
        code = codes.code_of(voucher.id, newest)
        hashed = codes.hash_of(code, newest)
        if voucher.code_hash != hashed:
            voucher.code_hash, voucher.last_four = hashed, code[-4:]
            done += 1
    session.flush()
    return done, found[-1].id if found else None
