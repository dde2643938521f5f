"""Posting points. One source has one effect for ever: repeated, it answers and changes nothing."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Conflict
from loyalty.ledger import ends, lots
from loyalty.ledger.lots import HasLapsed
from loyalty.ledger.models import LedgerAccount, LedgerLeg, LedgerTransaction
from loyalty.ledger.postings import Move, account, begin, post
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
    with session.begin_nested():
        transaction_id = begin(session, programme_id, source, reason, now)
        if transaction_id is None:
            return _replay(session, programme_id, source, owner_id, wallet, points)
        owned = account(session, programme_id, kind, owner_id, wallet)
        giving = account(session, programme_id, pot, wallet=wallet)
        moves = [Move(owned, points), Move(giving, -points)]
        leg = post(session, transaction_id, moves)[kind]
        if ends_at is not None:
            free = points - leg.settled
            lots.open_lot(session, transaction_id, owned.id, free, ends_at)
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
    asked = (session, programme_id, owner_id, wallet, points, pot, source, reason, now)
    try:
        return _spend(*asked)
    except HasLapsed:
        ends.expire_lapsed(session, programme_id, owner_id, wallet, now=now)
        return _spend(*asked)


def _spend(
    session: Session,
    programme_id: str,
    owner_id: str,
    wallet: str,
    points: int,
    pot: Pot,
    source: str,
    reason: str,
    now: datetime,
) -> Posted:
    # The savepoint keeps a refused source unused, whatever the caller does with the refusal.
    with session.begin_nested():
        transaction_id = begin(session, programme_id, source, reason, now)
        if transaction_id is None:
            return _replay(session, programme_id, source, owner_id, wallet, -points)
        owned = account(session, programme_id, MEMBER, owner_id, wallet)
        taking = account(session, programme_id, pot, wallet=wallet)
        post(session, transaction_id, [Move(owned, -points), Move(taking, points)])
        lots.burn(session, transaction_id, owned.id, points, lapsed_at=now)
    return Posted(transaction_id, is_new=True)


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
