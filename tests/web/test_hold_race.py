"""Many phones at once at a server of several processes: as many holds as there are pairs."""

import http.client
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.clock import FixedClock, SystemClock
from core.transaction import Database
from retail.catalogue import held
from retail.consent.rules import OFFERS
from tests.builders.accounts import give_consent, sign_in
from tests.builders.brands import new_store
from tests.builders.catalogue import new_stock, new_variant
from tests.builders.offers import offer_anything
from tests.builders.outfits import new_stylist
from tests.conftest import KEY
from tests.processes import PATIENCE_SECONDS, connect, free_port, started
from tests.web.test_server import environment, gunicorn

PHONES, PAIRS = 16, 3


def hold(port: int, phone: tuple[str, str], start: threading.Barrier) -> int:
    """The status that one phone gets."""
    token, offer_id = phone
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    headers = {"Cookie": f"member={token}", "Content-Type": "application/json"}
    headers |= {"Sec-Fetch-Site": "same-origin"}
    start.wait()
    body = json.dumps({"offer_id": offer_id})
    connection.request("POST", "/api/v1/me/holds", body, headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


@pytest.mark.proof(rounds=50)
@pytest.mark.parametrize(
    "db", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
def test_several_processes_hold_as_many_as_there_are(
    db: Database, tmp_path: Path, clock: FixedClock
) -> None:
    # The server has the machine's clock.
    clock.instant = SystemClock().now()
    with db.write() as session:
        store = new_store(session)
        boots = new_variant(session, brand_id=store.brand_id)
        where = {"brand_id": store.brand_id, "store_id": store.id, "variant_id": boots.id}
        new_stock(session, **where, on_hand=PAIRS)
        members = [new_stylist(session, store.brand_id) for _ in range(PHONES)]
        phones = []
        for member in members:
            give_consent(session, member, OFFERS)
            offer_id = offer_anything(session, store, member, members[0], boots)
            phones.append((sign_in(session, member), offer_id))
    told = environment(db, tmp_path) | {"SECRET_KEY": KEY.decode(), "RATE_LIMITS": "no"}
    port, start = free_port(), threading.Barrier(PHONES)
    with started([*gunicorn(port)[:-1], "--workers", "2", gunicorn(port)[-1]], told) as process:
        connect(process, port).close()
        with ThreadPoolExecutor(PHONES) as pool:
            statuses = list(pool.map(lambda phone: hold(port, phone, start), phones))
    assert sorted(statuses) == [201] * PAIRS + [409] * (PHONES - PAIRS)
    with db.read() as session:
        assert len(held.held_in(session, [store.id], now=SystemClock().now())) == PAIRS
