"""Balances, statements, and the check that the books still add up."""

from collections.abc import Iterator

from sqlalchemy import case, func, or_, select, text
from sqlalchemy.orm import Session

from core.sql import dialect
from loyalty.immutable import trigger_names
from loyalty.ledger.models import LedgerAccount, LedgerLeg, LedgerTransaction
from loyalty.ledger.rules import MEMBER, Effect, Pot, StatementLine, Violation


def balance(session: Session, programme_id: str, owner_id: str) -> int:
    """The points a member has; below zero only for a return debt."""
    found = session.scalar(
        select(LedgerAccount.balance).where(
            LedgerAccount.programme_id == programme_id,
            LedgerAccount.kind == MEMBER,
            LedgerAccount.owner_id == owner_id,
            LedgerAccount.wallet == "points",
        )
    )
    return found or 0


def pot_balance(session: Session, programme_id: str, pot: Pot) -> int:
    """What a pot of the programme took in less what it gave out; usually below zero."""
    total = session.scalar(
        select(func.sum(LedgerLeg.amount))
        .join(LedgerAccount, LedgerAccount.id == LedgerLeg.account_id)
        .where(LedgerAccount.programme_id == programme_id, LedgerAccount.kind == pot)
    )
    return int(total or 0)


def statement(
    session: Session,
    programme_id: str,
    owner_id: str,
    *,
    after: int | None = None,
    limit: int = 50,
) -> list[StatementLine]:
    """A member's changes, newest first; `after` is the id of the last line already seen."""
    lines = (
        select(
            LedgerLeg.id,
            LedgerLeg.transaction_id,
            LedgerLeg.amount,
            func.coalesce(LedgerLeg.balance_after, 0),
            LedgerTransaction.reason,
            LedgerTransaction.source,
            LedgerTransaction.reverses_id.is_not(None),
            LedgerTransaction.happened_at,
        )
        .join(LedgerTransaction, LedgerTransaction.id == LedgerLeg.transaction_id)
        .join(LedgerAccount, LedgerAccount.id == LedgerLeg.account_id)
        .where(
            LedgerAccount.programme_id == programme_id,
            LedgerAccount.kind == MEMBER,
            LedgerAccount.owner_id == owner_id,
        )
        .order_by(LedgerLeg.id.desc())
        .limit(limit)
    )
    if after is not None:
        lines = lines.where(LedgerLeg.id < after)
    return [StatementLine(*row) for row in session.execute(lines)]


def find_effect(session: Session, programme_id: str, source: str) -> Effect | None:
    """What a source did to a member's points, if anything was posted under it."""
    row = session.execute(
        select(LedgerTransaction.id, LedgerAccount.owner_id, LedgerLeg.amount)
        .join(LedgerLeg, LedgerLeg.transaction_id == LedgerTransaction.id)
        .join(LedgerAccount, LedgerAccount.id == LedgerLeg.account_id)
        .where(
            LedgerTransaction.programme_id == programme_id,
            LedgerTransaction.source == source,
            LedgerAccount.kind == MEMBER,
        )
    ).one_or_none()
    if row is None:
        return None
    return Effect(row.id, row.owner_id, row.amount, reversed_points(session, row.id))


def reversed_points(session: Session, transaction_id: str) -> int:
    """How many points of a transaction were taken back."""
    total = session.scalar(
        select(func.sum(LedgerLeg.amount))
        .join(LedgerTransaction, LedgerTransaction.id == LedgerLeg.transaction_id)
        .join(LedgerAccount, LedgerAccount.id == LedgerLeg.account_id)
        .where(LedgerTransaction.reverses_id == transaction_id, LedgerAccount.kind == MEMBER)
    )
    return abs(int(total or 0))


def verify(session: Session) -> list[Violation]:
    """Every breach of L1 to L5 in the whole ledger; reads all of it. None is as it should be."""
    return [
        *_unbalanced_transactions(session),
        *_unbalanced_programmes(session),
        *_balances_without_legs(session),
        *_changed_legs(session),
        *_below_zero(session),
    ]


def _unbalanced_transactions(session: Session) -> Iterator[Violation]:
    total = func.coalesce(func.sum(LedgerLeg.amount), 0)
    legs = func.count(LedgerLeg.id)
    rows = session.execute(
        select(LedgerTransaction.id, total, legs)
        .outerjoin(LedgerLeg, LedgerLeg.transaction_id == LedgerTransaction.id)
        .group_by(LedgerTransaction.id)
        .having(or_(total != 0, legs < 2))
    )
    for transaction_id, sum_of_legs, number in rows:
        yield Violation("L1", transaction_id, f"{number} legs sum to {sum_of_legs}, not to 0")


def _unbalanced_programmes(session: Session) -> Iterator[Violation]:
    summed = (
        select(LedgerLeg.account_id, func.sum(LedgerLeg.amount).label("amount"))
        .group_by(LedgerLeg.account_id)
        .subquery()
    )
    held = case(
        (LedgerAccount.kind == MEMBER, LedgerAccount.balance),
        else_=func.coalesce(summed.c.amount, 0),
    )
    rows = session.execute(
        select(LedgerAccount.programme_id, func.sum(held))
        .outerjoin(summed, summed.c.account_id == LedgerAccount.id)
        .group_by(LedgerAccount.programme_id)
        .having(func.sum(held) != 0)
    )
    for programme_id, total in rows:
        yield Violation("L2", programme_id, f"all balances sum to {total}, not to 0")


def _balances_without_legs(session: Session) -> Iterator[Violation]:
    total = func.coalesce(func.sum(LedgerLeg.amount), 0)
    rows = session.execute(
        select(LedgerAccount.id, LedgerAccount.balance, total)
        .outerjoin(LedgerLeg, LedgerLeg.account_id == LedgerAccount.id)
        .where(LedgerAccount.kind == MEMBER)
        .group_by(LedgerAccount.id, LedgerAccount.balance)
        .having(LedgerAccount.balance != total)
    )
    for account_id, stored, summed in rows:
        yield Violation("L3", account_id, f"the balance is {stored}, its legs sum to {summed}")


def _changed_legs(session: Session) -> Iterator[Violation]:
    catalogue = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if dialect(session) == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')"
    )
    standing_guard = set(session.scalars(text(catalogue)))
    for table in (LedgerTransaction.__tablename__, LedgerLeg.__tablename__):
        for name in sorted(set(trigger_names(table)) - standing_guard):
            yield Violation("L4", table, f"nothing stops changes: the trigger {name} is missing")
    running = func.sum(LedgerLeg.amount).over(
        partition_by=LedgerLeg.account_id, order_by=LedgerLeg.id
    )
    chain = (
        select(LedgerLeg.id, LedgerLeg.account_id, LedgerLeg.balance_after, running.label("sum"))
        .join(LedgerAccount, LedgerAccount.id == LedgerLeg.account_id)
        .where(LedgerAccount.kind == MEMBER)
        .subquery()
    )
    breaks = (
        select(chain.c.account_id, func.min(chain.c.id))
        .where(chain.c.balance_after.is_distinct_from(chain.c.sum))
        .group_by(chain.c.account_id)
    )
    for account_id, leg_id in session.execute(breaks):
        yield Violation("L4", account_id, f"a leg was changed or removed at or before {leg_id}")


def _below_zero(session: Session) -> Iterator[Violation]:
    unflagged = select(LedgerAccount.id).where(
        LedgerAccount.kind == MEMBER, LedgerAccount.owes != (LedgerAccount.balance < 0)
    )
    for account_id in session.scalars(unflagged):
        yield Violation("L5", account_id, "the flag for a return debt does not fit the balance")
    overdrawn = (
        select(LedgerLeg.account_id, LedgerLeg.id)
        .join(LedgerTransaction, LedgerTransaction.id == LedgerLeg.transaction_id)
        .where(
            LedgerLeg.balance_after < 0,
            LedgerLeg.amount < 0,
            LedgerTransaction.reverses_id.is_(None),
        )
    )
    for account_id, leg_id in session.execute(overdrawn):
        yield Violation("L5", account_id, f"leg {leg_id} took more than there was")
