"""The board of stylists over a month of a hundred thousand shares, as one page reckons it."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from bench.measure import Figure
from bench.place import application
from core import clock
from core.ids import new_id
from core.model import Base
from core.transaction import Database
from retail.brands.queries import StoreView
from retail.influence.periods import Windows, period_of_month
from retail.influence.rules import month_from
from retail.influence.views import Asked, InfluenceBoard
from retail.journeys.influence.measure_influence import measure_influence
from tests.builders.brands import new_brand, new_store
from tests.builders.influence import look_that_travels

SHARES, STYLISTS, MEMBERS, BOUGHT = 100_000, 50, 20_000, 20_000
ROUNDS = 3
_tables = Base.metadata.tables


def figures() -> Iterator[Figure]:
    """What one look at it costs."""
    for kind in ("sqlite", "postgresql"):
        with application(kind) as (_, database):
            store, month_on = _fill(database)
            with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as one:
                one.exec_driver_sql("ANALYZE")
            asked = Asked(store.brand_id, period_of_month(month_on), Windows(14))
            took, board = [], None
            for _ in range(ROUNDS):
                began = time.process_time()
                board = _look(database, asked)
                took.append(time.process_time() - began)
            assert board is not None
            assert len(board.rows) == STYLISTS
            assert all(row.sales_minor for row in board.rows)
            name = f"the board over {SHARES:,} shares, {kind}"
            yield Figure(name, min(took), 4.0, 1.0, "lower", unit="s")


def _look(database: Database, asked: Asked) -> InfluenceBoard:
    with database.read() as session:
        return measure_influence(session, asked, now=clock.now())


def _fill(database: Database) -> tuple[StoreView, Any]:
    """A brand whose last month had so many links, a like by each, and sales by some."""
    dice = Random(1)
    with database.write() as session:
        store = new_store(session, brand=new_brand(session, slug="shares"))
        looks = [look_that_travels(session, store, f"Stylist {at}") for at in range(STYLISTS)]
        month = month_from(clock.now().date().replace(day=1) - timedelta(days=1), store.zone)
        members = _members(session, store, month.starts_at)
        shares = []
        for number in range(SHARES):
            stylist, look, _ = looks[number % STYLISTS]
            at = month.starts_at + timedelta(seconds=number * 18)
            sharer = members[(number // STYLISTS * 3 + number % STYLISTS * 397) % MEMBERS]
            shares.append(
                _of(store, look, at)
                | {"id": new_id(), "stylist_id": stylist.id, "channel": "copy"}
                | {"sharer_id": sharer, "created_at": at, "poll_id": None, "detached_at": None}
            )
        session.execute(insert(_tables["share"]), [_without(one, "at") for one in shares])
        _come(session, store, shares, members, dice)
        _buy(session, store, looks, members, month.starts_at)
    return store, month.on


def _of(store: StoreView, look: str, at: datetime) -> dict[str, Any]:
    return {"brand_id": store.brand_id, "outfit_id": look, "at": at}


def _without(row: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: one for name, one in row.items() if name != key}


def _members(session: Session, store: StoreView, at: datetime) -> list[str]:
    rows = [
        {
            "id": new_id(),
            "brand_id": store.brand_id,
            "email": f"fan-{number}@shopper.example",
            "display_name": "Ada Fan",
            "sizes": {},
            "joined_at": at,
        }
        for number in range(MEMBERS)
    ]
    session.execute(insert(_tables["member"]), rows)
    return [str(row["id"]) for row in rows]


def _fan(members: list[str], number: int) -> str:
    """Who came by the link of a number; nobody twice to one look."""
    return members[(number * 7919 + number // STYLISTS) % MEMBERS]


def _come(
    session: Session, store: StoreView, shares: list[Any], members: list[str], dice: Random
) -> None:
    """By each link somebody comes, and likes the look."""
    likes, touches = [], []
    for number, share in enumerate(shares):
        who = _fan(members, number)
        at = share["at"] + timedelta(hours=1 + dice.randrange(20))
        touched = {"id": new_id(), "brand_id": store.brand_id, "share_id": share["id"]}
        touched |= {"outfit_id": share["outfit_id"], "kind": "like", "member_id": who}
        touches.append(touched | {"touched_at": at, "receipt_id": None})
        like = {"outfit_id": share["outfit_id"], "member_id": who, "brand_id": store.brand_id}
        likes.append(
            like | {"store_id": store.id, "stylist_id": share["stylist_id"], "counted_at": at}
        )
    session.execute(insert(_tables["touch"]), touches)
    session.execute(insert(_tables["outfit_like"]), likes)


def _buy(
    session: Session, store: StoreView, looks: list[Any], members: list[str], at: datetime
) -> None:
    receipts, lines = [], []
    for number in range(BOUGHT):
        _, _, piece = looks[number % STYLISTS]
        receipt_id, sold_at = new_id(), at + timedelta(days=3, seconds=number * 100)
        receipts.append(
            {"id": receipt_id, "brand_id": store.brand_id, "store_id": store.id, "till": "1"}
            | {"number": f"b-{number}", "sold_at": sold_at, "recorded_at": sold_at}
            | {
                "currency": store.currency,
                "total_minor": 1_000,
                "fingerprint": "",
                "source": "till",
            }
            | {"member_id": _fan(members, number)}
        )
        lines.append(
            {"id": new_id(), "receipt_id": receipt_id, "brand_id": store.brand_id, "position": 1}
            | {
                "variant_id": piece.id,
                "description": "",
                "quantity": Decimal(1),
                "total_minor": 1_000,
            }
            | {"discount_minor": 0}
        )
    session.execute(insert(_tables["receipt"]), receipts)
    session.execute(insert(_tables["line_item"]), lines)
