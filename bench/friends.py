"""The page of a look for viewers with few and with very many friends: it must not take longer."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from bench.measure import Figure, Round, interleave, ratio
from bench.pages import asking, same
from bench.place import SECRET, application
from core import clock
from core.ids import new_id
from core.model import Base
from retail.accounts import queries as accounts
from retail.consent.rules import LIKES_TO_FRIENDS
from retail.outfits import queries as outfits
from retail.outfits.queries import OutfitView
from tests.builders.accounts import sign_in
from tests.builders.brands import new_store
from tests.builders.outfits import new_outfit

FRIENDS = (10, 300, 5_000)
LIKES, HOT_LIKES = 300, 20_000
# So many of each viewer's friends like the look and agreed to be named.
NAMED = 10
REQUESTS, ROUNDS = 20, 9
_TABLES = Base.metadata.tables


def _add(session: Session, table: str, rows: list[dict[str, Any]]) -> None:
    session.execute(insert(_TABLES[table]), rows)


def _members(session: Session, brand_id: str, number: int) -> list[str]:
    ids = [new_id() for _ in range(number)]
    kept = {"brand_id": brand_id, "display_name": "Ada Fan", "sizes": {}, "joined_at": clock.now()}
    rows = [{"id": one, "email": f"{one}@shopper.example", **kept} for one in ids]
    _add(session, "member", rows)
    return ids


def _like(session: Session, look: OutfitView, fans: list[str]) -> None:
    copied = {"brand_id": look.brand_id, "store_id": look.store_id, "stylist_id": look.member_id}
    rows = [{"outfit_id": look.id, "member_id": fan, "counted_at": clock.now()} for fan in fans]
    _add(session, "outfit_like", [row | copied for row in rows])
    _add(session, "like_total", [{"outfit_id": look.id, "likes": len(fans)}])


def _agree(session: Session, brand_id: str, fans: list[str]) -> None:
    said = {
        "brand_id": brand_id,
        "purpose": LIKES_TO_FRIENDS,
        "audience": "friends",
        "channel": "web",
        "notice_version": "2026-11",
        "given_at": clock.now(),
    }
    _add(session, "consent", [{"id": new_id(), "member_id": fan, **said} for fan in fans])


def _viewer(session: Session, brand_id: str, friends: list[str]) -> str:
    """The cookie of a new member with these friends."""
    (viewer,) = _members(session, brand_id, 1)
    made = {"brand_id": brand_id, "invitation_id": new_id(), "made_at": clock.now()}
    pairs = [pair for friend in friends for pair in ((viewer, friend), (friend, viewer))]
    _add(session, "friendship", [{"member_id": a, "friend_id": b, **made} for a, b in pairs])
    token = sign_in(session, accounts.get_member(session, viewer), key=SECRET.encode())
    return f"member={token}"


def _measure(kind: str, likes: int, timer: Callable[[], float]) -> dict[str, float]:
    """How much longer the page takes with more friends than with the fewest, by their number."""
    with application(kind) as (app, database):
        with database.write() as session:
            store = new_store(session)
            look = outfits.get_visible(session, new_outfit(session, store))
            fans = _members(session, store.brand_id, likes)
            others = _members(session, store.brand_id, max(FRIENDS) - NAMED)
            _like(session, look, fans)
            _agree(session, store.brand_id, fans)
            cookies = {
                number: _viewer(session, store.brand_id, fans[:NAMED] + others[: number - NAMED])
                for number in FRIENDS
            }
        with database.engine.connect() as connection:
            connection.exec_driver_sql("ANALYZE")
        client = app.test_client()
        client.set_cookie("member", cookies[FRIENDS[0]].removeprefix("member="))
        page = client.get(f"/o/{look.id}")
        assert f"and {NAMED - 2} other friends like this" in page.text
        rounds: dict[str, Round] = {
            str(number): asking(app, same(f"/o/{look.id}"), REQUESTS, cookie=cookie, timer=timer)
            for number, cookie in cookies.items()
        }
        costs = interleave(rounds, times=ROUNDS)
    few = str(FRIENDS[0])
    return {number: ratio(costs, number, few) for number in rounds if number != few}


def figures() -> Iterator[Figure]:
    """The outfit page with friends' likes, against the same page for a viewer with ten friends.

    On PostgreSQL the database works elsewhere, so there it is time by the clock that counts.
    """
    on_sqlite = _measure("sqlite", LIKES, time.process_time)
    hot = _measure("sqlite", HOT_LIKES, time.process_time)
    on_postgresql = _measure("postgresql", LIKES, time.perf_counter)
    for number, value in on_sqlite.items():
        note = (
            f"PostgreSQL: {on_postgresql[number]:.2f}; with {HOT_LIKES:,} likes: {hot[number]:.2f}"
        )
        name = f"outfit page, {int(number):,} friends against 10"
        yield Figure(name, value, 2.0, 1.3, "lower", note=note)
