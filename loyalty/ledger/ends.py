"""What becomes of points at their time: pending ones come free, others expire. Each once."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.errors import NotFound
from loyalty.ledger import lots, queries
from loyalty.ledger.models import LedgerAccount, LedgerLeg, LedgerLot, LedgerTransaction
from loyalty.ledger.postings import Account, Move, account, begin, lock, post
from loyalty.ledger.rules import EXPIRED, EXPIRY, MEMBER, PENDING, POINTS, Posted, available_source


def release(
    session: Session,
    *,
    programme_id: str,
    of: str,
    now: datetime,
    expires_at: datetime | None = None,
) -> Posted | None:
    """Let what is left of a source's pending points go to their owner, once their time has come.

    None where nothing is left or it is too early. Raises NotFound where `of` left nothing pending.
    """
    origin, pending, owner_id, wallet = _pending_of(session, programme_id, of)
    lock(session, pending.id)
    lot = lots.find_lot(session, origin.id, pending.id)
    assert lot is not None, "what is pending is a lot"
    source = available_source(of)
    if lot.remaining == 0 or lot.ends_at > now:
        known = select(LedgerTransaction.id).where(
            LedgerTransaction.programme_id == programme_id, LedgerTransaction.source == source
        )
        released = session.scalar(known)
        return Posted(released, is_new=False) if released else None
    with session.begin_nested():
        transaction_id = begin(session, programme_id, source, origin.reason, now)
        assert transaction_id is not None, "an empty lot says that it was released"
        owned = account(session, programme_id, MEMBER, owner_id, wallet)
        moves = [Move(pending, -lot.remaining), Move(owned, lot.remaining)]
        leg = post(session, transaction_id, moves)[MEMBER]
        lots.take_from(session, transaction_id, lot, lot.remaining)
        if expires_at is not None:
            free = lot.remaining - leg.settled
            lots.open_lot(session, transaction_id, owned.id, free, expires_at)
    return Posted(transaction_id, is_new=True)


def expire(session: Session, lot_id: str, *, now: datetime) -> Posted | None:
    """Let what is left of a lot expire, once its time has come; None where there is nothing to."""
    found = session.execute(
        select(LedgerLot, LedgerAccount)
        .join(LedgerAccount, LedgerAccount.id == LedgerLot.account_id)
        .where(LedgerLot.id == lot_id, LedgerAccount.kind == MEMBER)
    ).one_or_none()
    if found is None:
        return None
    owned: LedgerAccount = found.LedgerAccount
    lock(session, owned.id)
    lot = lots.find_lot(session, found.LedgerLot.transaction_id, owned.id)
    if lot is None or lot.remaining == 0 or lot.ends_at > now:
        return None
    # Points given back after their time expire again, so each time has a source of its own.
    source = f"expiry:{lot.id}:{lots.count_moves(session, lot.id)}"
    with session.begin_nested():
        transaction_id = _expire(session, owned, source, lot.remaining, now)
        lots.take_from(session, transaction_id, lot, lot.remaining)
    return Posted(transaction_id, is_new=True)


def expire_lapsed(
    session: Session, programme_id: str, owner_id: str, wallet: str = POINTS, *, now: datetime
) -> int:
    """Let all of an owner's lots expire whose time is over; gives how many did."""
    owned = account(session, programme_id, MEMBER, owner_id, wallet)
    lapsed = [lot for lot in lots.open_lots(session, owned.id) if lot.ends_at <= now]
    return sum(expire(session, lot.id, now=now) is not None for lot in lapsed)


def expire_idle(
    session: Session,
    *,
    programme_id: str,
    owner_id: str,
    idle_since: datetime,
    now: datetime,
    wallet: str = POINTS,
) -> Posted | None:
    """Let an owner's points without an end expire where nothing was earned or spent since then.

    None where something was, or where there is nothing to expire.
    """
    owned = account(session, programme_id, MEMBER, owner_id, wallet)
    balance = lock(session, owned.id)
    left = balance - sum(lot.remaining for lot in lots.open_lots(session, owned.id))
    last = queries.last_activity(session, programme_id, owner_id, wallet)
    if last is None or last > idle_since or left <= 0:
        return None
    newest = select(func.max(LedgerLeg.id)).where(LedgerLeg.account_id == owned.id)
    source = f"expiry:{owned.id}:{session.scalar(newest)}"
    with session.begin_nested():
        found = session.get_one(LedgerAccount, owned.id)
        return Posted(_expire(session, found, source, left, now), is_new=True)


def _expire(session: Session, owned: LedgerAccount, source: str, points: int, now: datetime) -> str:
    transaction_id = begin(session, owned.programme_id, source, EXPIRED, now)
    assert transaction_id is not None, "the account is locked, so its state is a new one"
    expired = account(session, owned.programme_id, EXPIRY, wallet=owned.wallet)
    moves = [Move(Account(owned.id, MEMBER), -points), Move(expired, points)]
    post(session, transaction_id, moves)
    return transaction_id


def _pending_of(
    session: Session, programme_id: str, of: str
) -> tuple[LedgerTransaction, Account, str, str]:
    row = session.execute(
        select(LedgerTransaction, LedgerAccount.id, LedgerAccount.owner_id, LedgerAccount.wallet)
        .join(LedgerLot, LedgerLot.transaction_id == LedgerTransaction.id)
        .join(LedgerAccount, LedgerAccount.id == LedgerLot.account_id)
        .where(
            LedgerTransaction.programme_id == programme_id,
            LedgerTransaction.source == of,
            LedgerAccount.kind == PENDING,
        )
    ).one_or_none()
    if row is None:
        raise NotFound("nothing_pending", "Nothing is pending under this source.")
    return row[0], Account(row[1], PENDING), row[2], row[3]
