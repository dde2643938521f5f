"""What a brand owes: a hundred thousand open lots and as many vouchers, summed for one page.

Each takes its time, since a sum of what is owed has to look at all of it; memory must not grow.
"""

import time
import tracemalloc
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from bench.measure import Figure
from bench.place import SECRET, application
from core import clock
from core.ids import new_id
from core.model import Base
from core.transaction import Database
from loyalty.ledger.postings import account
from retail.liability.queries import Liability, liability_of
from tests.builders.brands import new_brand
from tests.builders.vouchers import new_voucher

FEW, MANY = 1_000, 100_000
LOTS_EACH, KINDS = 10, 20
# So that a few lots and vouchers end in as many months as many do.
DAYS, STRIDE = 500, 37
ROUNDS = 5
_KEY, _KILOBYTE = SECRET.encode(), 1_000
_tables = Base.metadata.tables


def figures() -> Iterator[Figure]:
    """How long it takes, and what it holds in memory beside a hundredth of it."""
    for kind in ("sqlite", "postgresql"):
        with application(kind) as (_, database):
            brands = {many: _fill(database, many) for many in (FEW, MANY)}
            with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as one:
                one.exec_driver_sql("ANALYZE")
            yield _seconds(database, kind, brands[MANY])
            yield _memory(database, kind, brands)


def _seconds(database: Database, kind: str, brand_id: str) -> Figure:
    # By the clock where the database works elsewhere.
    ticks = time.process_time if kind == "sqlite" else time.perf_counter
    took = []
    for _ in range(ROUNDS):
        began = ticks()
        found = _owed(database, brand_id)
        took.append(ticks() - began)
    assert found.vouchers.vouchers == MANY
    assert sum(one.points for one in found.wallets) == MANY
    name = f"what {MANY:,} lots and vouchers owe, {kind}"
    return Figure(name, min(took), 2.0, 1.0, "lower", unit="s")


def _memory(database: Database, kind: str, brands: dict[int, str]) -> Figure:
    peaks = {many: _peak(database, brand_id) for many, brand_id in brands.items()}
    return Figure(
        f"memory of {MANY:,} lots and vouchers, of {FEW:,}, {kind}",
        peaks[MANY] / peaks[FEW],
        1.5,
        1.2,
        "lower",
        note=f"{peaks[MANY] / _KILOBYTE:,.0f} kB at its highest",
    )


def _peak(database: Database, brand_id: str) -> int:
    """The most bytes held at once, apart from what was there before."""
    _owed(database, brand_id)
    tracemalloc.start()
    try:
        _owed(database, brand_id)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _owed(database: Database, brand_id: str) -> Liability:
    with database.read() as session:
        return liability_of(session, brand_id, now=clock.now())


def _fill(database: Database, many: int) -> str:
    """A brand with so many open lots of a point each, and as many vouchers of members."""
    with database.write() as session:
        brand_id = new_brand(session, slug=f"owes-{many}").id
        _lots(session, brand_id, many)
        _vouchers(session, brand_id, many)
    return brand_id


def _lots(session: Session, brand_id: str, many: int) -> None:
    pot, now = account(session, brand_id, "programme").id, clock.now()
    owned = [account(session, brand_id, "member", f"m{n}").id for n in range(many // LOTS_EACH)]
    ids = [new_id() for _ in range(many)]
    earned = {"programme_id": brand_id, "reason": "bench", "happened_at": now}
    session.execute(
        insert(_tables["ledger_transaction"]),
        [earned | {"id": one, "source": f"bench:{one}"} for one in ids],
    )
    legs: list[dict[str, Any]] = []
    lots: list[dict[str, Any]] = []
    for number, one in enumerate(ids):
        mine, until = owned[number % len(owned)], now + timedelta(days=1 + number * STRIDE % DAYS)
        leg = {"transaction_id": one, "balance_after": number // len(owned) + 1}
        legs += [leg | {"account_id": mine, "amount": 1}]
        legs += [leg | {"account_id": pot, "amount": -1, "balance_after": None}]
        lot = {"id": one, "transaction_id": one, "account_id": mine, "ends_at": until}
        lots.append(lot | {"opened": 1, "remaining": 1})
    session.execute(insert(_tables["ledger_leg"]), legs)
    session.execute(insert(_tables["ledger_lot"]), lots)
    session.execute(
        text(
            "UPDATE ledger_account SET balance = :each WHERE programme_id = :id AND owner_id > ''"
        ),
        {"each": LOTS_EACH, "id": brand_id},
    )


def _vouchers(session: Session, brand_id: str, many: int) -> None:
    """The first of each kind as it is issued, and copies of it for others and other days."""
    table, now = _tables["voucher"], clock.now()
    for kind in range(KINDS):
        how = {"programme_id": brand_id, "value": 100 + kind, "key": _KEY}
        first = new_voucher(session, f"m{kind}", **how).voucher_id
        row = session.execute(table.select().where(table.c.id == first)).mappings().one()
        copies = []
        for number in range(1, many // KINDS):
            one = new_id()
            until = now + timedelta(days=1 + number * STRIDE % DAYS)
            whose = {"owner_id": f"m{number}", "valid_until": until}
            hashed = sha256(one.encode()).hexdigest()
            copies.append({**row, "id": one, "source": one, "code_hash": hashed} | whose)
        session.execute(insert(table), copies)
