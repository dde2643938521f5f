"""What "may we?" costs, as a share of the page that asks it.

On SQLite by processor time; on PostgreSQL, whose share of the work is done by its server, by the
clock on the wall.
"""

import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import cycle
from typing import Any

from sqlalchemy import BinaryExpression, ScalarSelect, Select, select, true
from sqlalchemy.sql.visitors import replacement_traverse

from bench.measure import Figure, Round, interleave, ratio
from bench.pages import asking, looks, same, stock
from bench.place import application
from core.glance import Glance
from core.model import Base
from core.transaction import Database
from retail.consent import queries as consent
from retail.consent.rules import LEAGUE
from retail.look_page.queries import LOOK

CHECKS, PAGES = 400, 20
ROUNDS = 11
Timer = Callable[[], float]
_CONSENT = Base.metadata.tables["consent"]
_TIMERS: Mapping[str, Timer] = {"sqlite": time.process_time, "postgresql": time.perf_counter}


def without_consent(statement: Select[*tuple[Any, ...]]) -> tuple[Select[*tuple[Any, ...]], int]:
    """The statement as it were if everybody agreed to everything, and how many conditions go."""
    gone = []

    def waived(element: Any, **_: Any) -> Any:
        if not isinstance(element, BinaryExpression):
            return None
        asked = element.left
        if not (isinstance(asked, ScalarSelect) and _CONSENT in asked.element.get_final_froms()):
            return None
        gone.append(element)
        return true()

    return replacement_traverse(statement, {}, waived), len(gone)


def _asking_for(database: Database, what: Glance, ids: list[str], timer: Timer) -> Round:
    following = cycle(ids)

    def ask() -> float:
        chosen = [next(following) for _ in range(CHECKS)]
        began = timer()
        for outfit_id in chosen:
            assert database.glance(what, outfit_id=outfit_id, viewer="")
        return (timer() - began) / CHECKS

    return ask


def _asking_many(database: Database, member_ids: list[str], timer: Timer) -> Round:
    def ask() -> float:
        with database.read() as session:
            began = timer()
            for _ in range(PAGES):
                assert consent.consenting(session, member_ids, LEAGUE)
            return (timer() - began) / PAGES

    return ask


def _measure(kind: str) -> dict[str, list[float]]:
    timer = _TIMERS[kind]
    bare, conditions = without_consent(LOOK)
    assert conditions, "the page of a look asks for no consent"
    with application(kind) as (app, database):
        _, league = stock(database)
        addresses = looks(database, PAGES * (ROUNDS + 1))
        ids = [address.rpartition("/")[2] for address in addresses]
        with database.read() as session:
            ranked = select(_CONSENT.c.member_id).where(_CONSENT.c.purpose == LEAGUE)
            owners = list(dict.fromkeys(session.scalars(ranked)))
        return interleave(
            {
                "asked": _asking_for(database, Glance(LOOK), ids, timer),
                "bare": _asking_for(database, Glance(bare), ids, timer),
                "look": asking(app, iter(addresses), PAGES, timer=timer),
                "many": _asking_many(database, owners, timer),
                "kiosk": asking(
                    app, same(league.replace("/league/", "/kiosk/")), PAGES, timer=timer
                ),
            },
            times=ROUNDS,
        )


def _of_look(costs: Mapping[str, list[float]]) -> float:
    """The median over rounds of what the conditions add, over the page of the same round."""
    rounds = zip(costs["asked"], costs["bare"], costs["look"], strict=True)
    return statistics.median((asked - bare) / page for asked, bare, page in rounds)


def figures() -> Iterator[Figure]:
    """The conditions of a cold look page, and the names on a kiosk, on both databases."""
    on_sqlite, on_postgresql = _measure("sqlite"), _measure("postgresql")
    for what, seen in (
        ("consent conditions, of a cold look page", (_of_look(on_sqlite), _of_look(on_postgresql))),
        (
            "consent of all names, of a kiosk page",
            (ratio(on_sqlite, "many", "kiosk"), ratio(on_postgresql, "many", "kiosk")),
        ),
    ):
        for kind, share in zip(("SQLite", "PostgreSQL"), seen, strict=True):
            yield Figure(f"{what}, {kind}", share, 0.10, 0.05, "lower")
