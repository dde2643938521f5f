"""Many like one outfit at one instant: every like is counted, once, on both databases."""

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from core import clock
from core.ids import new_id
from core.transaction import Database
from retail.accounts import queries as accounts
from retail.accounts.models import Member
from retail.accounts.queries import MemberView
from retail.journeys.league.fold_likes import fold_likes
from retail.social import queries, service
from retail.social.models import LikeTotal, OutfitLike
from tests.builders.brands import new_store
from tests.builders.outfits import new_outfit, new_stylist
from tests.builders.races import meeting, race
from tests.conftest import both_databases

MEMBERS = 200
TAPS_EACH = 4


def crowd(session: Session, brand_id: str) -> list[MemberView]:
    ids = [new_id() for _ in range(MEMBERS)]
    rows = [
        {
            "id": member_id,
            "brand_id": brand_id,
            "email": f"{member_id}@shopper.example",
            "display_name": "Ada Fan",
            "sizes": {},
            "joined_at": clock.now(),
        }
        for member_id in ids
    ]
    session.execute(insert(Member), rows)
    found = accounts.members_by_id(session, ids)
    return [found[member_id] for member_id in ids]


def rows_of(session: Session, outfit_id: str) -> int:
    rows = select(func.count()).where(OutfitLike.outfit_id == outfit_id)
    return session.execute(rows).scalar_one()


@pytest.mark.proof(rounds=1_250)
@both_databases
def test_a_hot_outfit_loses_no_like_and_counts_none_twice(db: Database) -> None:
    with db.write() as session:
        store = new_store(session)
        outfit_id = new_outfit(session, store)
        members = crowd(session, store.brand_id)

    def tap(attempt: int) -> None:
        member = members[attempt % MEMBERS]
        with db.write() as session:
            # Everybody taps four times: like, like, undo by every other member, like.
            if attempt // MEMBERS == 2 and attempt % 2:
                service.unlike(session, outfit_id, member=member)
            else:
                service.like(session, outfit_id, member=member, now=clock.now())
        if attempt % 40 == 0:
            with db.write() as session:
                fold_likes(session, clock.now())

    race(tap, attempts=MEMBERS * TAPS_EACH)
    with db.write() as session:
        assert queries.count_of(session, outfit_id) == rows_of(session, outfit_id)
        fold_likes(session, clock.now())
        assert queries.count_of(session, outfit_id) == rows_of(session, outfit_id)


@pytest.mark.proof(rounds=1_250)
@both_databases
def test_a_crowd_that_only_likes_is_counted_in_full(db: Database) -> None:
    with db.write() as session:
        store = new_store(session)
        outfit_id = new_outfit(session, store)
        members = crowd(session, store.brand_id)

    def tap(attempt: int) -> int:
        with db.write() as session:
            member = members[attempt % MEMBERS]
            return service.like(session, outfit_id, member=member, now=clock.now()).likes

    answers = race(tap, attempts=2 * MEMBERS)
    assert max(answers) <= MEMBERS
    with db.read() as session:
        assert queries.count_of(session, outfit_id) == MEMBERS


@pytest.mark.proof
@both_databases
def test_the_race_catches_a_counter_that_is_read_and_then_written(db: Database) -> None:
    """The control: with the counter beside the row kept naively, this race loses counts."""
    with db.write() as session:
        store = new_store(session)
        stylist = new_stylist(session, store.brand_id)
        outfit_id = new_outfit(session, store, member=stylist)
        members = crowd(session, store.brand_id)
        session.add(LikeTotal(outfit_id=outfit_id, likes=0))
    all_have_read = meeting()

    def naive(attempt: int) -> None:
        row = {
            "outfit_id": outfit_id,
            "member_id": members[attempt].id,
            "brand_id": store.brand_id,
            "store_id": store.id,
            "stylist_id": stylist.id,
            "counted_at": clock.now(),
        }
        with db.read() as session:
            likes = session.scalars(select(LikeTotal.likes)).one()
        all_have_read()
        with db.write() as session:
            session.add(OutfitLike(**row))
            session.execute(update(LikeTotal).values(likes=likes + 1))

    race(naive, attempts=MEMBERS // 5)
    with db.read() as session:
        assert queries.count_of(session, outfit_id) < rows_of(session, outfit_id)
