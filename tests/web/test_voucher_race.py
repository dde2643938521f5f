"""200 requests at once at a server of several processes: exactly 1 redemption, and exactly 50."""

import http.client
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.transaction import Database
from loyalty.vouchers import books
from tests.builders.brands import new_store
from tests.builders.staff import new_till_key
from tests.builders.vouchers import new_code, uses_left
from tests.conftest import KEY, both_databases
from tests.processes import PATIENCE_SECONDS, connect, free_port, started
from tests.web.test_server import environment, gunicorn

ATTEMPTS, TILLS = 200, 16


def redeem(
    port: int, key: str, sales: list[tuple[str, str]], start: threading.Barrier
) -> list[int]:
    """The statuses that one till gets, over one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    statuses = []
    start.wait()
    for reference, code in sales:
        basket = {"currency": "GBP", "lines": [{"total_minor": 2000}], "vouchers": [code]}
        body = json.dumps(basket | {"till": "1", "reference": reference})
        connection.request("POST", "/api/v1/voucher-redemptions", body, headers)
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)
    connection.close()
    return statuses


@pytest.mark.proof
@both_databases
def test_several_processes_redeem_as_often_as_there_are_uses(db: Database, tmp_path: Path) -> None:
    with db.write() as session:
        store = new_store(session)
        _, key = new_till_key(session, store.brand_id, store.id, key=KEY)
        once, fifty = (new_code(session, uses=n, programme_id=store.brand_id) for n in (1, 50))
    told = environment(db, tmp_path) | {"SECRET_KEY": KEY.decode(), "RATE_LIMITS": "no"}
    port, start = free_port(), threading.Barrier(TILLS)
    with started([*gunicorn(port)[:-1], "--workers", "2", gunicorn(port)[-1]], told) as process:
        connect(process, port).close()
        sales = [(f"{code[-4:]}-{n}", code) for n in range(ATTEMPTS) for code in (once, fifty)]
        with ThreadPoolExecutor(TILLS) as pool:
            lanes = [sales[lane::TILLS] for lane in range(TILLS)]
            found = list(pool.map(lambda lane: redeem(port, key, lane, start), lanes))
    by_code: dict[str, list[int]] = {once: [], fifty: []}
    for lane, statuses in zip(lanes, found, strict=True):
        for (_, code), status in zip(lane, statuses, strict=True):
            by_code[code].append(status)
    for code, uses in ((once, 1), (fifty, 50)):
        assert sorted(by_code[code]) == [201] * uses + [409] * (ATTEMPTS - uses)
    with db.read() as session:
        assert [uses_left(session, code) for code in (once, fifty)] == [0, 0]
        assert books.verify(session) == []
