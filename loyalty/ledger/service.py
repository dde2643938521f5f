"""Posting points. One source has one effect for ever: repeated, it answers and changes nothing."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Conflict
from loyalty.ledger import ends, lots
from loyalty.ledger.lots import OpenLot
from loyalty.ledger.models import LedgerAccount, LedgerLeg, LedgerTransaction
from loyalty.ledger.postings import Locked, Move, account, begin, find_locked, not_enough, post
from loyalty.ledger.rules import (
    MEMBER,
    OWNED,
    PENDING,
    POINTS,
    Posted,
    Pot,
    check_points,
    check_wallet,
)


def earn(
    session: Session,
    *,
    programme_id: str,
    owner_id: str,
    points: int,
    source: str,
    reason: str,
    now: datetime,
    pot: Pot = "programme",
    wallet: str = POINTS,
    available_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> Posted:
    """Give points to a member out of a pot of the programme.

    With `available_at` they are pending until `release` lets them go; with `expires_at` they end
    then, see `expire`. Raises Invalid for anything but a whole number from 1 and for an unknown
    wallet, and Conflict where the source already did something else.
    """
    check_points(points)
    check_wallet(wallet)
    kind = MEMBER if available_at is None else PENDING
    ends_at = expires_at if available_at is None else available_at
    key = (session, programme_id, kind, owner_id, wallet)
    both = find_locked(*key, pot)
    if both is None and not _is_known(session, programme_id, source):
        account(*key)
        both = find_locked(*key, pot)
    # A source that is used up opens no account.
    transaction_id = begin(session, programme_id, source, reason, now) if both else None
    if both is None or transaction_id is None:
        return _replay(session, programme_id, source, owner_id, wallet, points)
    moves = [Move(both.owned, points), Move(both.pot, -points)]
    leg = post(session, transaction_id, moves)[kind]
    if ends_at is not None:
        free = points - leg.settled
        lots.open_lot(session, transaction_id, both.owned.id, free, ends_at)
    return Posted(transaction_id, is_new=True)


def spend(
    session: Session,
    *,
    programme_id: str,
    owner_id: str,
    points: int,
    source: str,
    reason: str,
    now: datetime,
    pot: Pot = "programme",
    wallet: str = POINTS,
) -> Posted:
    """Take points that a member has, the soonest to expire first, into a pot of the programme.

    Raises Conflict where there are fewer, and otherwise as `earn`; nothing is then written, save
    that points whose time was over have expired.
    """
    check_points(points)
    check_wallet(wallet)
    both, open_lots = _purse(session, programme_id, owner_id, wallet, pot)
    has_lapsed = bool(open_lots) and open_lots[0].ends_at <= now
    if both is None or both.balance < points or has_lapsed:
        # What was spent before is answered, whatever is left; a refusal leaves the source unused.
        if _is_known(session, programme_id, source):
            return _replay(session, programme_id, source, owner_id, wallet, -points)
        if both is not None and both.balance >= points:
            ends.expire_lapsed(session, programme_id, owner_id, wallet, now=now)
            both, open_lots = _purse(session, programme_id, owner_id, wallet, pot)
        if both is None or both.balance < points:
            raise not_enough()
    transaction_id = begin(session, programme_id, source, reason, now)
    if transaction_id is None:
        return _replay(session, programme_id, source, owner_id, wallet, -points)
    post(session, transaction_id, [Move(both.owned, -points), Move(both.pot, points)])
    lots.burn_of(session, transaction_id, open_lots, points)
    return Posted(transaction_id, is_new=True)


def _purse(
    session: Session, programme_id: str, owner_id: str, wallet: str, pot: Pot
) -> tuple[Locked | None, list[OpenLot]]:
    """What an owner has, kept from others from here on, and which of it ends when."""
    both = find_locked(session, programme_id, MEMBER, owner_id, wallet, pot)
    return both, lots.open_lots(session, both.owned.id) if both else []


def _is_known(session: Session, programme_id: str, source: str) -> bool:
    known = select(LedgerTransaction.id).where(
        LedgerTransaction.programme_id == programme_id, LedgerTransaction.source == source
    )
    return session.scalar(known) is not None


def _replay(
    session: Session, programme_id: str, source: str, owner_id: str, wallet: str, points: int
) -> Posted:
    row = session.execute(
        select(
            LedgerTransaction.id,
            LedgerTransaction.reverses_id,
            LedgerAccount.owner_id,
            LedgerAccount.wallet,
            LedgerLeg.amount,
        )
        .join(LedgerLeg, LedgerLeg.transaction_id == LedgerTransaction.id)
        .join(LedgerAccount, LedgerAccount.id == LedgerLeg.account_id)
        .where(
            LedgerTransaction.programme_id == programme_id,
            LedgerTransaction.source == source,
            LedgerAccount.kind.in_(OWNED),
        )
    ).first()
    if row is None or tuple(row[1:]) != (None, owner_id, wallet, points):
        raise Conflict("source_differs", "This source already had another effect.")
    return Posted(row.id, is_new=False)
