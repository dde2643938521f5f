"""Redemptions on one hot voucher and spread over many, against the bare statements of a use."""

import threading
import time
from collections.abc import Callable, Iterator

from sqlalchemy import insert, text, update

from bench.measure import Figure, Round, interleave, ratio
from bench.place import SECRET, application
from core import clock
from core.ids import new_id
from core.model import Base
from core.transaction import Database
from tests.builders.points import PROGRAMME
from tests.builders.vouchers import new_code, redeem_now

WRITERS, EACH, ROUNDS = 8, 25, 7
ALL = WRITERS * EACH
_KEY = SECRET.encode()
Write = Callable[[int], None]


def _issue(database: Database, number: int, uses: int | None) -> tuple[list[str], list[str]]:
    """Vouchers for one and the same use: their codes, and their ids in the same order."""
    with database.write() as session:
        codes = [new_code(session, uses=uses, key=_KEY) for _ in range(number)]
        rows = session.execute(text("SELECT id FROM voucher ORDER BY id")).all()
    return codes, [row.id for row in rows][-number:]


def _race(write: Write) -> float:
    barrier = threading.Barrier(WRITERS + 1)

    def work(lane: int) -> None:
        barrier.wait()
        for attempt in range(lane, ALL, WRITERS):
            write(attempt)

    threads = [threading.Thread(target=work, args=(lane,)) for lane in range(WRITERS)]
    for thread in threads:
        thread.start()
    barrier.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    return time.perf_counter() - began


def _bare(database: Database, ids: list[str]) -> Write:
    """Take a use where there is one, and write two rows: what no exact redemption does without."""
    tables = Base.metadata.tables
    vouchers, sales, uses = (
        tables[name] for name in ("voucher", "voucher_redemption", "voucher_use")
    )
    with database.read() as session:
        terms_id = session.execute(text("SELECT terms_id FROM voucher LIMIT 1")).scalar_one()

    def write(attempt: int) -> None:
        voucher_id, sale_id, now = ids[attempt % len(ids)], new_id(), clock.now()
        taken = update(vouchers).where(vouchers.c.id == voucher_id, vouchers.c.uses_left > 0)
        sale = {"id": sale_id, "programme_id": PROGRAMME, "source": sale_id, "fingerprint": ""}
        sale |= {"state": "redeemed", "currency": "GBP", "lines": [["1", "1", 2000]], "refused": []}
        sale |= {"total_minor": 2000, "discount_minor": 500, "sold_at": now, "recorded_at": now}
        use = {"id": new_id(), "redemption_id": sale_id, "voucher_id": voucher_id}
        use |= {"terms_id": terms_id, "discount_minor": 500, "lines": {"1": 500}}
        with database.write() as session:
            session.execute(taken.values(uses_left=vouchers.c.uses_left - 1))
            session.execute(insert(sales), sale)
            session.execute(insert(uses), use)

    return write


def _redeeming(database: Database, codes: list[str]) -> Write:
    def write(attempt: int) -> None:
        with database.write() as session:
            redeem_now(session, codes[attempt % len(codes)], key=_KEY)

    return write


def _rounds(database: Database, number: int) -> dict[str, Round]:
    enough = ALL * (ROUNDS + 2)
    codes, ids = _issue(database, number, uses=2 * enough)
    bare, redeeming = _bare(database, ids), _redeeming(database, codes)
    return {"bare": lambda: _race(bare), "redeem": lambda: _race(redeeming)}


def figures() -> Iterator[Figure]:
    """What is left of the speed of the bare statements when a redemption does all it must."""
    for kind in ("sqlite", "postgresql"):
        for name, number, floor, aim in (("one", 1, 0.40, 0.50), ("many", ALL, 0.20, 0.30)):
            with application(kind) as (_, database):
                costs = interleave(_rounds(database, number), times=ROUNDS)
            yield Figure(
                f"redemptions on {name}, {WRITERS} writers, of bare writes, {kind}",
                ratio(costs, "bare", "redeem"),
                floor,
                aim,
                "higher",
                note=f"best round {ALL / min(costs['redeem']):.0f} redemptions a second",
            )
