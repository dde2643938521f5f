"""Pages against bare Flask: what is left of its throughput, by processor time."""

import time
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

from flask import Flask, Response, jsonify

from bench.measure import Figure, Round, interleave, ratio
from bench.place import application
from core.transaction import Database
from retail.outfits import queries as outfits
from tests.builders.brands import new_brand, new_store
from tests.builders.catalogue import new_stock
from tests.builders.league import fold, like_times, new_league, ranked_outfit
from tests.builders.outfits import new_outfit

QUICK, SLOW = 400, 50
ROUNDS = 11
STYLISTS = 12


def bare() -> Flask:
    """The measure of everything: one route that answers with a little JSON."""
    app = Flask("bare")

    @app.get("/")
    def answer() -> Response:
        return jsonify(status="alive", number=7)

    return app


def asking(
    app: Any,
    paths: Iterator[str],
    requests: int,
    *,
    cookie: str = "",
    hosts: Iterator[str] | None = None,
    timer: Callable[[], float] = time.process_time,
) -> Round:
    """A round of requests through WSGI, without a client in between."""

    def start(status: str, *_: object) -> None:
        assert status.startswith("200"), status

    def ask() -> float:
        environs = [_environ(next(paths), cookie) for _ in range(requests)]
        for environ in environs if hosts else ():
            environ["HTTP_HOST"] = next(hosts or iter(()))
        began = timer()
        for environ in environs:
            answer = app(environ, start)
            b"".join(answer)
            if hasattr(answer, "close"):
                answer.close()
        return (timer() - began) / requests

    return ask


def _environ(address: str, cookie: str) -> dict[str, Any]:
    path, _, query = address.partition("?")
    return {
        **({"HTTP_COOKIE": cookie} if cookie else {}),
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "HTTP_HOST": "localhost",
        "REMOTE_ADDR": "127.0.0.1",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        "wsgi.errors": BytesIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def stock(database: Database) -> tuple[str, str]:
    """A league with stylists, and the address of one of their looks."""
    with database.write() as session:
        brand = new_brand(session)
        store = new_store(session, brand=brand)
        new_league(session, brand.id)
        for _ in range(STYLISTS):
            _, outfit_id = ranked_outfit(session, store)
            like_times(session, outfit_id, brand.id, 2)
        fold(session)
    return f"/o/{outfit_id}", f"/league/{brand.slug}/{store.slug}"


def looks(database: Database, number: int) -> list[str]:
    """The addresses of looks that nobody has opened, with goods, likes and stock of their own."""
    addresses = []
    with database.write() as session:
        store = new_store(session)
        for _ in range(number):
            outfit_id = new_outfit(session, store)
            like_times(session, outfit_id, store.brand_id, 1)
            for piece in outfits.get_visible(session, outfit_id).pieces:
                new_stock(
                    session,
                    brand_id=store.brand_id,
                    store_id=store.id,
                    variant_id=piece.variant_id,
                )
            addresses.append(f"/o/{outfit_id}")
    return addresses


def same(address: str) -> Iterator[str]:
    while True:
        yield address


def _measure(kind: str) -> dict[str, list[float]]:
    with application(kind) as (app, database):
        look, league = stock(database)
        unseen = iter(looks(database, SLOW * (ROUNDS + 1)))
        return interleave(
            {
                "bare": asking(bare(), same("/"), QUICK),
                "warm": asking(app, same(look), QUICK),
                "cold": asking(app, unseen, SLOW),
                "league": asking(app, same(league), SLOW),
            },
            times=ROUNDS,
        )


def figures() -> Iterator[Figure]:
    """The outfit page warm and cold, and the league page, on both databases."""
    on_sqlite, on_postgresql = _measure("sqlite"), _measure("postgresql")
    note = "PostgreSQL: {:.2f}"
    for name, what, floor, aim in (
        ("warm", "outfit page, warm, of bare Flask", 0.30, 0.45),
        ("cold", "outfit page, cold, of bare Flask", 0.12, 0.18),
        ("league", "league page, of bare Flask", 0.60, 0.95),
    ):
        beside = note.format(ratio(on_postgresql, "bare", name))
        yield Figure(what, ratio(on_sqlite, "bare", name), floor, aim, "higher", note=beside)
