"""What a programme owes in points, summed by when they end; about nobody in particular."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, distinct, func, or_, select
from sqlalchemy.orm import Session, aliased

from loyalty.ledger.models import LedgerAccount, LedgerLeg, LedgerLot, LedgerTransaction
from loyalty.ledger.rules import MEMBER, OWNED


@dataclass(frozen=True)
class Ending:
    """Points that end in the span of this number, those of so many owners; None: without an end."""

    span: int | None
    points: int
    owners: int


@dataclass(frozen=True)
class Owed:
    """The points of one wallet: what owners have, what is on its way, and what they owe back.

    `points` are the `endings` summed; the ledger's balances sum to `points` less `debts`.
    """

    wallet: str
    points: int
    owners: int
    pending: int
    pending_owners: int
    debts: int
    debtors: int
    endings: tuple[Ending, ...]


def owed(session: Session, programme_id: str, ends: Sequence[datetime]) -> list[Owed]:
    """Every wallet of a programme, by name, in two statements however many lots there are.

    `ends` are the ends of spans, ascending: a lot belongs to the first that it does not outlive,
    and to the span of number `len(ends)` if it outlives all.
    """
    endings = _endings(session, programme_id, ends)
    balance, kind = LedgerAccount.balance, LedgerAccount.kind
    has, owes, waits = (
        (kind == MEMBER) & (balance > 0),
        (kind == MEMBER) & (balance < 0),
        (kind != MEMBER) & (balance > 0),
    )
    sums = [
        column
        for which in (has, waits, owes)
        for column in (
            func.coalesce(func.sum(balance).filter(which), 0),
            func.count().filter(which),
        )
    ]
    rows = session.execute(
        select(LedgerAccount.wallet, *sums)
        .where(LedgerAccount.programme_id == programme_id, kind.in_(OWNED))
        .group_by(LedgerAccount.wallet)
        .order_by(LedgerAccount.wallet)
    )
    return [
        Owed(
            wallet=row.wallet,
            points=int(row[1]),
            owners=row[2],
            pending=int(row[3]),
            pending_owners=row[4],
            debts=-int(row[5]),
            debtors=row[6],
            endings=tuple(endings.get(row.wallet, ())),
        )
        for row in rows
    ]


def _endings(
    session: Session, programme_id: str, ends: Sequence[datetime]
) -> dict[str, list[Ending]]:
    span = case(
        *((LedgerLot.ends_at <= end, number) for number, end in enumerate(ends)), else_=len(ends)
    )
    rows = session.execute(
        select(
            LedgerAccount.wallet,
            span.label("span"),
            func.sum(LedgerLot.remaining),
            func.count(distinct(LedgerAccount.id)),
        )
        .join(LedgerLot, LedgerLot.account_id == LedgerAccount.id)
        .where(
            LedgerAccount.programme_id == programme_id,
            LedgerAccount.kind == MEMBER,
            LedgerLot.remaining > 0,
        )
        .group_by(LedgerAccount.wallet, "span")
        .order_by("span")
    ).all()
    found: dict[str, list[Ending]] = defaultdict(list)
    for wallet, number, points, owners in [*rows, *_endless(session, programme_id)]:
        found[wallet].append(Ending(number, int(points), owners))
    return found


def _endless(session: Session, programme_id: str) -> list[tuple[str, None, int, int]]:
    """What of each wallet's balances is in no lot, and so has no end."""
    in_lots = (
        select(LedgerLot.account_id, func.sum(LedgerLot.remaining).label("points"))
        .join(LedgerAccount, LedgerAccount.id == LedgerLot.account_id)
        .where(
            LedgerAccount.programme_id == programme_id,
            LedgerAccount.kind == MEMBER,
            LedgerLot.remaining > 0,
        )
        .group_by(LedgerLot.account_id)
        .subquery()
    )
    left = LedgerAccount.balance - func.coalesce(in_lots.c.points, 0)
    rows = session.execute(
        select(LedgerAccount.wallet, func.sum(left), func.count())
        .outerjoin(in_lots, in_lots.c.account_id == LedgerAccount.id)
        .where(
            LedgerAccount.programme_id == programme_id,
            LedgerAccount.kind == MEMBER,
            left > 0,
        )
        .group_by(LedgerAccount.wallet)
    )
    return [(wallet, None, int(points), owners) for wallet, points, owners in rows]


def given_for(
    session: Session,
    programme_id: str,
    reasons: Sequence[str],
    *,
    wallet: str,
    since: datetime,
    until: datetime,
) -> dict[str, int]:
    """The points that owners were given for some reasons in [since, until), by owner.

    What was taken back in that time is taken off, whenever it was given.
    """
    of = aliased(LedgerTransaction)
    rows = session.execute(
        select(LedgerAccount.owner_id, func.sum(LedgerLeg.amount))
        .join(LedgerLeg, LedgerLeg.account_id == LedgerAccount.id)
        .join(LedgerTransaction, LedgerTransaction.id == LedgerLeg.transaction_id)
        .outerjoin(of, of.id == LedgerTransaction.reverses_id)
        .where(
            LedgerTransaction.programme_id == programme_id,
            LedgerTransaction.happened_at >= since,
            LedgerTransaction.happened_at < until,
            or_(LedgerTransaction.reason.in_(reasons), of.reason.in_(reasons)),
            LedgerAccount.kind.in_(OWNED),
            LedgerAccount.wallet == wallet,
        )
        .group_by(LedgerAccount.owner_id)
    )
    return {owner_id: int(points) for owner_id, points in rows}
