"""What "may we?" costs, as a share of the page that asks it, by processor time."""

import time
from collections.abc import Iterator

from sqlalchemy import bindparam, literal, select

from bench.measure import Figure, Round, interleave, ratio
from bench.pages import asking, looks, same, stock
from bench.place import application
from core.glance import Glance
from core.model import Base
from core.transaction import Database
from retail.consent import queries as consent
from retail.consent.rules import LEAGUE, PUBLIC_OUTFITS

CHECKS, PAGES = 200, 20
ROUNDS = 7
_CONSENT = Base.metadata.tables["consent"]
# The condition that the look's page carries, as a question of its own: dearer than within one.
_MAY_WE = Glance(select(literal(1)).where(consent.agrees(bindparam("member"), PUBLIC_OUTFITS)))


def _asking_one(database: Database, member_id: str) -> Round:
    def ask() -> float:
        began = time.process_time()
        for _ in range(CHECKS):
            assert database.glance(_MAY_WE, member=member_id)
        return (time.process_time() - began) / CHECKS

    return ask


def _asking_many(database: Database, member_ids: list[str]) -> Round:
    def ask() -> float:
        with database.read() as session:
            began = time.process_time()
            for _ in range(PAGES):
                assert consent.consenting(session, member_ids, LEAGUE)
            return (time.process_time() - began) / PAGES

    return ask


def _measure(kind: str) -> dict[str, list[float]]:
    with application(kind) as (app, database):
        _, league = stock(database)
        unseen = iter(looks(database, PAGES * (ROUNDS + 1)))
        with database.read() as session:
            ranked = select(_CONSENT.c.member_id).where(_CONSENT.c.purpose == LEAGUE)
            owners = list(dict.fromkeys(session.scalars(ranked)))
        return interleave(
            {
                "one": _asking_one(database, owners[0]),
                "look": asking(app, unseen, PAGES),
                "many": _asking_many(database, owners),
                "kiosk": asking(app, same(league.replace("/league/", "/kiosk/")), PAGES),
            },
            times=ROUNDS,
        )


def figures() -> Iterator[Figure]:
    """The check of a cold look page, and that of all names on a kiosk, on both databases."""
    on_sqlite, on_postgresql = _measure("sqlite"), _measure("postgresql")
    for check, page, what in (
        ("one", "look", "consent check, of a cold look page"),
        ("many", "kiosk", "consent of all names, of a kiosk page"),
    ):
        beside = f"PostgreSQL: {ratio(on_postgresql, check, page):.3f}"
        share = ratio(on_sqlite, check, page)
        yield Figure(what, share, 0.10, 0.05, "lower", note=beside)
