"""Many say yes at one instant: each place is taken once, on both databases."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from core import clock
from core.errors import NotFound
from core.ids import new_id
from core.transaction import Database
from retail.accounts.queries import MemberView
from retail.friends import service
from retail.friends.models import FriendInvitation, Friendship
from retail.journeys.members.block import block
from tests.builders.accounts import new_member
from tests.builders.brands import new_brand
from tests.builders.friends import new_invitation
from tests.builders.races import meeting, race
from tests.conftest import KEY, both_databases

CROWD = 24
PLACES = 5


def crowd(session: Session) -> tuple[MemberView, list[MemberView]]:
    brand = new_brand(session)
    members = [new_member(session, brand.id) for _ in range(CROWD + 1)]
    return members[0], members[1:]


def sides(session: Session) -> int:
    return session.execute(select(func.count()).select_from(Friendship)).scalar_one()


@pytest.mark.proof(rounds=1_250)
@both_databases
def test_no_more_become_friends_than_there_are_places(db: Database) -> None:
    with db.write() as session:
        nina, others = crowd(session)
        token = new_invitation(session, nina, places=PLACES)

    def say_yes(attempt: int) -> bool:
        # Everybody taps twice.
        member = others[attempt // 2]
        try:
            with db.write() as session:
                service.accept(session, token, member=member, now=clock.now(), key=KEY)
        except NotFound:
            return False
        return True

    answers = race(say_yes, attempts=2 * CROWD)
    assert sum(answers) == 2 * PLACES
    with db.read() as session:
        assert sides(session) == 2 * PLACES
        assert session.scalar(select(FriendInvitation.places_left)) == 0


@pytest.mark.proof(rounds=1_250)
@both_databases
def test_a_yes_from_both_sides_and_a_block_never_cross(db: Database) -> None:
    with db.write() as session:
        nina, others = crowd(session)
        pairs = [
            (new_invitation(session, nina, places=1), new_invitation(session, other), other)
            for other in others[:10]
        ]

    def act(attempt: int) -> None:
        mine, theirs, other = pairs[attempt // 3]
        try:
            with db.write() as session:
                if attempt % 3 == 0:
                    service.accept(session, mine, member=other, now=clock.now(), key=KEY)
                elif attempt % 3 == 1:
                    service.accept(session, theirs, member=nina, now=clock.now(), key=KEY)
                elif attempt % 2:
                    block(session, nina.id, member=other, now=clock.now())
        except NotFound:
            assert attempt // 3 % 2 == 1

    race(act, attempts=30, threads=6)
    with db.read() as session:
        friends = set(session.scalars(select(Friendship.friend_id)))
        assert friends == {nina.id, *(pair[2].id for pair in pairs[::2])}
        assert sides(session) == len(pairs)


@pytest.mark.proof
@both_databases
def test_the_race_catches_places_that_are_read_and_then_taken(db: Database) -> None:
    """The control: with the places counted down naively, more become friends than there are."""
    with db.write() as session:
        nina, others = crowd(session)
        new_invitation(session, nina, places=PLACES)
    all_have_read = meeting()

    def naive(attempt: int) -> None:
        now, member = clock.now(), others[attempt]
        with db.read() as session:
            left = session.scalar(text("SELECT places_left FROM friend_invitation")) or 0
        all_have_read()
        if left == 0:
            return
        with db.write() as session:
            session.execute(text("UPDATE friend_invitation SET places_left = :n"), {"n": left - 1})
            row = {"brand_id": nina.brand_id, "invitation_id": new_id(), "made_at": now}
            session.add(Friendship(member_id=nina.id, friend_id=member.id, **row))

    race(naive, attempts=CROWD)
    with db.read() as session:
        assert sides(session) > PLACES
