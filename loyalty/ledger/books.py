"""The check that the books still add up: every breach of L1 to L6, L8 and L9, by reading it all."""

from collections.abc import Iterator

from sqlalchemy import case, func, or_, select, text
from sqlalchemy.orm import Session, aliased

from core.sql import dialect
from loyalty.immutable import missing_guards
from loyalty.ledger.models import (
    LedgerAccount,
    LedgerLeg,
    LedgerLot,
    LedgerLotMove,
    LedgerTransaction,
)
from loyalty.ledger.rules import MEMBER, OWNED, PENDING, Violation

_GUARDED = ("ledger_transaction", "ledger_leg", "ledger_lot_move")
_COUNTED = (
    ("ledger_account", "balance"),
    ("ledger_leg", "amount"),
    ("ledger_lot", "opened"),
    ("ledger_lot", "remaining"),
    ("ledger_lot_move", "amount"),
)

_OTHER_TYPE = text(
    "SELECT count(*) FROM information_schema.columns WHERE table_schema = current_schema()"
    " AND table_name = :table AND column_name = :column AND data_type <> 'bigint'"
)


def verify(session: Session) -> list[Violation]:
    """Every breach in the whole ledger, named by its rule. None is as it should be."""
    return [
        *_unbalanced_transactions(session),
        *_unbalanced_programmes(session),
        *_balances_without_legs(session),
        *_lots_without_moves(session),
        *_lots_beyond_balance(session),
        *_changed_legs(session),
        *_below_zero(session),
        *_repeated_sources(session),
        *_reversed_beyond(session),
        *_fractions(session),
    ]


def _unbalanced_transactions(session: Session) -> Iterator[Violation]:
    total = func.coalesce(func.sum(LedgerLeg.amount), 0)
    legs = func.count(LedgerLeg.id)
    wallets = func.count(LedgerAccount.wallet.distinct())
    rows = session.execute(
        select(LedgerTransaction.id, total, legs, wallets)
        .outerjoin(LedgerLeg, LedgerLeg.transaction_id == LedgerTransaction.id)
        .outerjoin(LedgerAccount, LedgerAccount.id == LedgerLeg.account_id)
        .group_by(LedgerTransaction.id)
        .having(or_(total != 0, legs < 2, wallets > 1))
    )
    for transaction_id, sum_of_legs, number, kinds in rows:
        detail = f"{number} legs in {kinds} wallets sum to {sum_of_legs}, not to 0"
        yield Violation("L1", transaction_id, detail)


def _unbalanced_programmes(session: Session) -> Iterator[Violation]:
    summed = (
        select(LedgerLeg.account_id, func.sum(LedgerLeg.amount).label("amount"))
        .group_by(LedgerLeg.account_id)
        .subquery()
    )
    held = case(
        (LedgerAccount.kind.in_(OWNED), LedgerAccount.balance),
        else_=func.coalesce(summed.c.amount, 0),
    )
    rows = session.execute(
        select(LedgerAccount.programme_id, LedgerAccount.wallet, func.sum(held))
        .outerjoin(summed, summed.c.account_id == LedgerAccount.id)
        .group_by(LedgerAccount.programme_id, LedgerAccount.wallet)
        .having(func.sum(held) != 0)
    )
    for programme_id, wallet, total in rows:
        yield Violation("L2", programme_id, f"all balances of {wallet} sum to {total}, not to 0")


def _balances_without_legs(session: Session) -> Iterator[Violation]:
    total = func.coalesce(func.sum(LedgerLeg.amount), 0)
    rows = session.execute(
        select(LedgerAccount.id, LedgerAccount.balance, total)
        .outerjoin(LedgerLeg, LedgerLeg.account_id == LedgerAccount.id)
        .where(LedgerAccount.kind.in_(OWNED))
        .group_by(LedgerAccount.id, LedgerAccount.balance)
        .having(LedgerAccount.balance != total)
    )
    for account_id, stored, summed in rows:
        yield Violation("L3", account_id, f"the balance is {stored}, its legs sum to {summed}")


def _lots_without_moves(session: Session) -> Iterator[Violation]:
    left = LedgerLot.opened + func.coalesce(func.sum(LedgerLotMove.amount), 0)
    rows = session.execute(
        select(LedgerLot.id, LedgerLot.remaining, left)
        .outerjoin(LedgerLotMove, LedgerLotMove.lot_id == LedgerLot.id)
        .group_by(LedgerLot.id)
        .having(LedgerLot.remaining != left)
    )
    for lot_id, stored, summed in rows:
        yield Violation("L3", lot_id, f"{stored} are left of the lot, its moves leave {summed}")


def _lots_beyond_balance(session: Session) -> Iterator[Violation]:
    in_lots = func.coalesce(func.sum(LedgerLot.remaining), 0)
    has = case((LedgerAccount.balance > 0, LedgerAccount.balance), else_=0)
    rows = session.execute(
        select(LedgerAccount.id, LedgerAccount.balance, in_lots)
        .outerjoin(LedgerLot, LedgerLot.account_id == LedgerAccount.id)
        .where(LedgerAccount.kind.in_(OWNED))
        .group_by(LedgerAccount.id, LedgerAccount.balance, LedgerAccount.kind)
        .having(
            or_(
                in_lots > has,
                (LedgerAccount.kind == PENDING) & (in_lots != LedgerAccount.balance),
            )
        )
    )
    for account_id, balance, total in rows:
        yield Violation("L3", account_id, f"the balance is {balance}, its lots hold {total}")


def _changed_legs(session: Session) -> Iterator[Violation]:
    for table, name in missing_guards(session, _GUARDED):
        yield Violation("L4", table, f"nothing stops changes: the trigger {name} is missing")
    running = func.sum(LedgerLeg.amount).over(
        partition_by=LedgerLeg.account_id, order_by=LedgerLeg.id
    )
    chain = (
        select(LedgerLeg.id, LedgerLeg.account_id, LedgerLeg.balance_after, running.label("sum"))
        .join(LedgerAccount, LedgerAccount.id == LedgerLeg.account_id)
        .where(LedgerAccount.kind.in_(OWNED))
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
        LedgerAccount.kind.in_(OWNED), LedgerAccount.owes != (LedgerAccount.balance < 0)
    )
    for account_id in session.scalars(unflagged):
        yield Violation("L5", account_id, "the flag for a return debt does not fit the balance")
    overdrawn = (
        select(LedgerLeg.account_id, LedgerLeg.id)
        .join(LedgerTransaction, LedgerTransaction.id == LedgerLeg.transaction_id)
        .join(LedgerAccount, LedgerAccount.id == LedgerLeg.account_id)
        .where(
            LedgerLeg.balance_after < 0,
            LedgerLeg.amount < 0,
            or_(LedgerTransaction.reverses_id.is_(None), LedgerAccount.kind != MEMBER),
        )
    )
    for account_id, leg_id in session.execute(overdrawn):
        yield Violation("L5", account_id, f"leg {leg_id} took more than there was")


def _repeated_sources(session: Session) -> Iterator[Violation]:
    rows = session.execute(
        select(LedgerTransaction.source, func.count())
        .group_by(LedgerTransaction.programme_id, LedgerTransaction.source)
        .having(func.count() > 1)
    )
    for source, times in rows:
        yield Violation("L6", source, f"{times} transactions have this source")


def _reversed_beyond(session: Session) -> Iterator[Violation]:
    reversal, own, pot = aliased(LedgerTransaction), aliased(LedgerLeg), aliased(LedgerAccount)
    taken = (
        select(LedgerLeg.account_id, reversal.reverses_id, func.sum(LedgerLeg.amount).label("back"))
        .join(reversal, reversal.id == LedgerLeg.transaction_id)
        .where(reversal.reverses_id.is_not(None))
        .group_by(LedgerLeg.account_id, reversal.reverses_id)
        .subquery()
    )
    rows = session.execute(
        select(own.transaction_id, own.amount, taken.c.back)
        .join(pot, pot.id == own.account_id)
        .join(
            taken,
            (taken.c.reverses_id == own.transaction_id) & (taken.c.account_id == own.account_id),
        )
        .where(
            pot.kind.not_in(OWNED),
            or_(func.abs(taken.c.back) > func.abs(own.amount), taken.c.back * own.amount > 0),
        )
    )
    for transaction_id, moved, back in rows:
        yield Violation("L8", transaction_id, f"{abs(back)} of {abs(moved)} points were reversed")


def _fractions(session: Session) -> Iterator[Violation]:
    for table, column in _COUNTED:
        if dialect(session) == "sqlite":
            question = f"SELECT count(*) FROM {table} WHERE typeof({column}) <> 'integer'"  # noqa: S608 (our own names)
            broken = session.scalar(text(question))
        else:
            broken = session.scalar(_OTHER_TYPE, {"table": table, "column": column})
        if broken:
            yield Violation("L9", f"{table}.{column}", "not every number is a whole one")
