"""Likes on one hot outfit against bare inserts: 32 writers, PostgreSQL, every commit durable."""

import threading
import time
from collections.abc import Callable, Iterator

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from bench.measure import Figure, Round, interleave, ratio
from bench.place import application
from core import clock
from core.ids import new_id
from core.model import Base
from core.transaction import Database
from retail.accounts import queries as accounts
from retail.accounts.queries import MemberView
from retail.outfits import queries as outfits
from retail.outfits.queries import OutfitView
from retail.social import service as social
from tests.builders.brands import new_brand, new_store
from tests.builders.outfits import new_outfit

WRITERS = 32
LIKES_EACH = 12
ROUNDS = 9
_LIKES, _MEMBERS = Base.metadata.tables["outfit_like"], Base.metadata.tables["member"]


def _fans(session: Session, brand_id: str, number: int) -> list[MemberView]:
    now = clock.now()
    rows = [
        {
            "id": new_id(),
            "brand_id": brand_id,
            "email": f"fan-{index}@shopper.example",
            "display_name": "Ada Fan",
            "sizes": {},
            "joined_at": now,
        }
        for index in range(number)
    ]
    session.execute(insert(_MEMBERS), rows)
    found = accounts.members_by_id(session, [str(row["id"]) for row in rows])
    return list(found.values())


def _race(write: Callable[[MemberView], None], fans: list[MemberView]) -> float:
    barrier = threading.Barrier(WRITERS + 1)

    def work(mine: list[MemberView]) -> None:
        barrier.wait()
        for fan in mine:
            write(fan)

    shares = [fans[index::WRITERS] for index in range(WRITERS)]
    threads = [threading.Thread(target=work, args=(share,)) for share in shares]
    for thread in threads:
        thread.start()
    barrier.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    return time.perf_counter() - began


def _clean(database: Database) -> None:
    with database.write() as session:
        session.execute(text("TRUNCATE outfit_like, like_delta, like_total, event, job"))


def _bare(database: Database, outfit: OutfitView) -> Callable[[MemberView], None]:
    statement = insert(_LIKES)

    def write(fan: MemberView) -> None:
        row = {
            "outfit_id": outfit.id,
            "member_id": fan.id,
            "brand_id": outfit.brand_id,
            "store_id": outfit.store_id,
            "stylist_id": outfit.member_id,
            "counted_at": clock.now(),
        }
        with database.engine.begin() as connection:
            connection.execute(statement, row)

    return write


def _liking(database: Database, outfit: OutfitView) -> Callable[[MemberView], None]:
    def write(fan: MemberView) -> None:
        with database.write() as session:
            social.like(session, outfit.id, member=fan, now=clock.now())

    return write


def figures() -> Iterator[Figure]:
    """What is left of the speed of inserting rows when a like does all it must."""
    with application("postgresql") as (_, database):
        with database.write() as session:
            brand = new_brand(session)
            store = new_store(session, brand=brand)
            outfit = outfits.get_visible(session, new_outfit(session, store))
            fans = _fans(session, brand.id, WRITERS * LIKES_EACH)

        def round_of(write: Callable[[MemberView], None]) -> Round:
            def run() -> float:
                _clean(database)
                seconds = _race(write, fans)
                with database.read() as session:
                    assert len(session.execute(select(_LIKES.c.member_id)).all()) == len(fans)
                return seconds

            return run

        rounds = {
            "bare": round_of(_bare(database, outfit)),
            "like": round_of(_liking(database, outfit)),
        }
        costs = interleave(rounds, times=ROUNDS)
    speed = WRITERS * LIKES_EACH / min(costs["like"])
    yield Figure(
        "likes on one outfit, 32 writers, of bare inserts",
        ratio(costs, "bare", "like"),
        0.50,
        0.85,
        "higher",
        note=f"PostgreSQL; best round {speed:.0f} likes a second",
    )
