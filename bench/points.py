"""Guarded spends against the bare statements of their pattern, and against a long history.

The bare pattern is what any ledger must write: a transaction under a unique source, a balance
changed where it suffices, two legs.
"""

import threading
import time
from collections.abc import Callable, Iterator
from itertools import count

from sqlalchemy import Connection, bindparam, insert, text, update
from sqlalchemy.orm import Session

from bench.measure import Figure, Round, interleave, ratio
from bench.place import application
from core import clock
from core.ids import new_id
from core.model import Base
from core.transaction import Database
from loyalty.ledger import service
from loyalty.ledger.postings import account

WRITERS = 16
SPENDS_EACH = 12
ROUNDS = 7
FEW, MANY = 10, 100_000
READS = 20
PLENTY = 10**9
PROGRAMME = "0" * 26
_tables = Base.metadata.tables
_ACCOUNTS = _tables["ledger_account"]
_TRANSACTION, _LEGS = insert(_tables["ledger_transaction"]), insert(_tables["ledger_leg"])
_TAKE = (
    update(_ACCOUNTS)
    .where(_ACCOUNTS.c.id == bindparam("account"), _ACCOUNTS.c.balance >= bindparam("points"))
    .values(balance=_ACCOUNTS.c.balance - bindparam("points"))
    .returning(_ACCOUNTS.c.balance)
)
_numbers = count()

Spend = Callable[[int], None]


def figures() -> Iterator[Figure]:
    """What is left of the speed of bare statements, and how it keeps as histories grow."""
    for kind in ("sqlite", "postgresql"):
        with application(kind) as (_, database):
            for owners, name, floor, aim in ((1, "hot", 0.25, 0.5), (WRITERS, "spread", 0.2, 0.3)):
                yield _speed(database, kind, owners, name, floor, aim)
            yield from _flatness(database, kind)


def _speed(
    database: Database, kind: str, owners: int, name: str, floor: float, aim: float
) -> Figure:
    names = [f"{name}-{number}" for number in range(owners)]
    with database.write() as session:
        for owner in names:
            _earn(session, owner, PLENTY)
    rounds = {
        "bare": _round(_bare(database, names)),
        "spend": _round(_spending(database, names)),
    }
    costs = interleave(rounds, times=ROUNDS)
    speed = WRITERS * SPENDS_EACH / min(costs["spend"])
    return Figure(
        f"guarded spends, {name}, {kind}, of bare statements",
        ratio(costs, "bare", "spend"),
        floor,
        aim,
        "higher",
        note=f"{WRITERS} writers; best round {speed:.0f} spends a second",
    )


def _round(spend: Spend) -> Round:
    def run() -> float:
        barrier = threading.Barrier(WRITERS + 1)

        def work(writer: int) -> None:
            barrier.wait()
            for _ in range(SPENDS_EACH):
                spend(writer)

        threads = [threading.Thread(target=work, args=(writer,)) for writer in range(WRITERS)]
        for thread in threads:
            thread.start()
        barrier.wait()
        began = time.perf_counter()
        for thread in threads:
            thread.join()
        return time.perf_counter() - began

    return run


def _spending(database: Database, names: list[str]) -> Spend:
    def spend(writer: int) -> None:
        with database.write() as session:
            _spend(session, names[writer % len(names)])

    return spend


def _bare(database: Database, names: list[str]) -> Spend:
    with database.write() as session:
        owned = [account(session, PROGRAMME, "member", name).id for name in names]
        pot = account(session, PROGRAMME, "programme").id
    engine = database.engine.execution_options(writes=True)
    # SQLite has one writer at a time; waiting for one's turn is cheaper than asking again.
    turn = threading.Lock()

    def spend(writer: int) -> None:
        mine = owned[writer % len(owned)]
        if engine.dialect.name == "sqlite":
            with turn, engine.begin() as connection:
                _statements(connection, mine, pot)
        else:
            with engine.begin() as connection:
                _statements(connection, mine, pot)

    return spend


def _statements(connection: Connection, mine: str, pot: str) -> None:
    transaction_id = new_id()
    row = {
        "id": transaction_id,
        "programme_id": PROGRAMME,
        "source": f"bare:{next(_numbers)}",
        "reason": "bench",
        "happened_at": clock.now(),
    }
    connection.execute(_TRANSACTION, row)
    balance = connection.execute(_TAKE, {"account": mine, "points": 1}).scalar_one()
    legs = ((mine, -1, balance), (pot, 1, None))
    connection.execute(
        _LEGS,
        [
            {
                "transaction_id": transaction_id,
                "account_id": account_id,
                "amount": amount,
                "balance_after": after,
            }
            for account_id, amount, after in legs
        ],
    )


def _flatness(database: Database, kind: str) -> Iterator[Figure]:
    for entries in (FEW, MANY):
        with database.write() as session:
            _give_history(session, f"member-{entries}", entries)
    for verb, act in (("earn", _earn), ("spend", _spend)):
        rounds = {str(n): _reads(database, f"member-{n}", act) for n in (FEW, MANY)}
        costs = interleave(rounds, times=ROUNDS)
        yield Figure(
            f"{verb} with {MANY:,} entries, {kind}, over {FEW}",
            ratio(costs, str(MANY), str(FEW)),
            1.5,
            1.2,
            "lower",
        )


def _reads(database: Database, owner: str, act: Callable[[Session, str], None]) -> Round:
    def run() -> float:
        began = time.perf_counter()
        for _ in range(READS):
            with database.write() as session:
                act(session, owner)
        return time.perf_counter() - began

    return run


def _give_history(session: Session, owner: str, entries: int) -> None:
    """So many entries of a point each, written at once as earnings would have left them."""
    _earn(session, owner, 1)
    mine = account(session, PROGRAMME, "member", owner).id
    pot = account(session, PROGRAMME, "programme").id
    ids = [new_id() for _ in range(entries - 1)]
    now = clock.now()
    transactions = [
        {
            "id": each,
            "programme_id": PROGRAMME,
            "source": f"old:{each}",
            "reason": "bench",
            "happened_at": now,
        }
        for each in ids
    ]
    legs = [
        {
            "transaction_id": each,
            "account_id": account_id,
            "amount": amount,
            "balance_after": place if amount > 0 else None,
        }
        for place, each in enumerate(ids, 2)
        for account_id, amount in ((mine, 1), (pot, -1))
    ]
    if ids:
        session.execute(_TRANSACTION, transactions)
        session.execute(_LEGS, legs)
    session.execute(
        text("UPDATE ledger_account SET balance = :entries WHERE id = :id"),
        {"entries": entries, "id": mine},
    )


def _earn(session: Session, owner: str, points: int = 1000) -> None:
    service.earn(
        session,
        programme_id=PROGRAMME,
        owner_id=owner,
        points=points,
        source=f"earn:{next(_numbers)}",
        reason="bench",
        now=clock.now(),
    )


def _spend(session: Session, owner: str) -> None:
    service.spend(
        session,
        programme_id=PROGRAMME,
        owner_id=owner,
        points=1,
        source=f"spend:{next(_numbers)}",
        reason="bench",
        now=clock.now(),
    )
