"""Likes on one hot outfit against bare inserts: 32 writers, PostgreSQL, every commit durable."""

import threading
import time
from collections.abc import Callable, Iterator

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from bench.measure import Figure, interleave, ratio
from bench.place import application
from core import clock
from core.ids import new_id
from core.sql import insert_many
from core.transaction import Database
from retail.accounts import queries as accounts
from retail.accounts.models import Member
from retail.accounts.queries import MemberView
from retail.social import service as social
from retail.social.models import OutfitLike
from tests.builders.brands import new_brand, new_store
from tests.builders.outfits import new_outfit, new_stylist

WRITERS = 32
LIKES_EACH = 12
ROUNDS = 9
_INSERT = insert(OutfitLike.__table__)


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
    insert_many(session, Member, rows)
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


def figures() -> Iterator[Figure]:
    """What is left of the speed of inserting rows when a like does all it must."""
    with application("postgresql") as (_, database):
        with database.write() as session:
            brand = new_brand(session)
            store = new_store(session, brand=brand)
            stylist = new_stylist(session, brand.id)
            outfit_id = new_outfit(session, store, member=stylist)
            fans = _fans(session, brand.id, WRITERS * LIKES_EACH)

        def like(fan: MemberView) -> None:
            with database.write() as session:
                social.like(session, outfit_id, member=fan, now=clock.now())

        def insert_row(fan: MemberView) -> None:
            row = {
                "outfit_id": outfit_id,
                "member_id": fan.id,
                "brand_id": brand.id,
                "store_id": store.id,
                "stylist_id": stylist.id,
                "counted_at": clock.now(),
            }
            with database.engine.begin() as connection:
                connection.execute(_INSERT, row)

        def round_of(write: Callable[[MemberView], None]) -> Callable[[], float]:
            def run() -> float:
                _clean(database)
                seconds = _race(write, fans)
                with database.read() as session:
                    assert len(session.execute(select(OutfitLike.member_id)).all()) == len(fans)
                return seconds

            return run

        costs = interleave({"bare": round_of(insert_row), "like": round_of(like)}, times=ROUNDS)
    speed = WRITERS * LIKES_EACH / min(costs["like"])
    yield Figure(
        "likes on one outfit, 32 writers, of bare inserts",
        ratio(costs, "bare", "like"),
        0.50,
        0.85,
        "higher",
        note=f"PostgreSQL; best round {speed:.0f} likes a second",
    )
