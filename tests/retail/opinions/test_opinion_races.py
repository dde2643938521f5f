"""Answers that meet the end of a question: each is counted whole or refused, on both databases."""

import contextlib
from collections.abc import Callable

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from core import clock
from core.errors import Invalid, NotFound
from core.transaction import Database
from retail.accounts.queries import MemberView
from retail.fitting_rooms import links
from retail.fitting_rooms import queries as rooms
from retail.opinions import queries, service
from retail.opinions.models import OpinionAdviser, OpinionRequest
from retail.opinions.rules import Wish
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.floor import linked
from tests.builders.friends import befriend
from tests.builders.opinions import new_opinion, say
from tests.builders.races import meeting, race
from tests.conftest import KEY, both_databases

LANES = 4
Answer = Callable[[Session, str, MemberView], None]


def stage(db: Database) -> tuple[str, MemberView, list[MemberView]]:
    with db.write() as session:
        store = new_store(session)
        asker, *friends = (new_member(session, store.brand_id) for _ in range(LANES))
        befriend(session, asker, *friends)
        return new_opinion(session, asker, *friends), asker, friends


def answered(session: Session, opinion_id: str, friend: MemberView) -> None:
    say(session, opinion_id, friend, "yes")


def answered_late(db: Database, answer: Answer) -> int:
    """How many friends are thanked for answers to a question that was taken back meanwhile."""
    opinion_id, asker, friends = stage(db)

    def work(lane: int) -> bool:
        with db.write() as session:
            if lane == 0:
                service.take_back(session, opinion_id, member=asker)
                return False
            try:
                answer(session, opinion_id, friends[lane - 1])
            except NotFound:
                return False
            row = select(func.count()).where(OpinionAdviser.friend_id == friends[lane - 1].id)
            return not session.scalar(row)

    late = race(work, attempts=LANES, threads=LANES)
    with db.read() as session:
        for table in (OpinionRequest, OpinionAdviser):
            assert session.scalar(select(func.count()).select_from(table)) == 0
    return sum(late)


@both_databases
def test_nobody_is_thanked_for_an_answer_to_what_was_taken_back(db: Database) -> None:
    assert answered_late(db, answered) == 0


@pytest.mark.parametrize("db", ["postgresql"], indirect=True)
def test_the_race_is_a_real_one(db: Database) -> None:
    """The control reads that the question stands, and writes when it may have gone."""
    opinion_id, asker, (friend, *_) = stage(db)
    wait = meeting(2)

    def work(lane: int) -> bool:
        if lane == 0:
            wait()
            with db.write() as session:
                service.take_back(session, opinion_id, member=asker)
            wait()
            return False
        with db.write() as session:
            now = clock.now()
            seen = queries.find_asked(session, opinion_id, viewer=friend, now=now)
            wait()
            wait()
            mine = update(OpinionAdviser).where(OpinionAdviser.request_id == opinion_id)
            session.execute(mine.values(choice="yes"))
            left = select(func.count()).select_from(OpinionAdviser)
            return seen is not None and not session.scalar(left)

    assert sum(race(work, attempts=2, threads=2)) == 1, "thanked for an answer that nobody gets"


@pytest.mark.parametrize("db", ["postgresql"], indirect=True)
def test_what_is_asked_while_its_room_is_wiped_does_not_outlive_it(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.write() as session:
        store = new_store(session)
        sarah, priya = (new_member(session, store.brand_id) for _ in range(2))
        befriend(session, sarah, priya)
        room = linked(session, store, sarah)
        (piece, *_) = [one for one in rooms.variants_in(session, room.id) if one]
        link = links.link_of(session, sarah.id)
    assert link is not None

    def wipe() -> None:
        with db.write() as session:
            session.execute(text("SET LOCAL lock_timeout = '300ms'"))
            links.unlink_member(session, sarah.id)

    def wiped_at_the_gate(*_: object) -> None:
        # It either comes between, or waits for whoever asks.
        with contextlib.suppress(OperationalError):
            wipe()

    monkeypatch.setattr(service, "close_gate", wiped_at_the_gate)
    with contextlib.suppress(Invalid), db.write() as session:
        wish = Wish((priya.id,), variant_ids=(piece,))
        service.ask(session, wish, member=sarah, now=clock.now(), key=KEY)
    wipe()
    with db.write() as session:
        service.end_of_link(session, link.id)
        assert queries.own(session, sarah.id, now=clock.now()) == []


@both_databases
def test_of_many_answers_of_one_friend_one_stands_whole(db: Database) -> None:
    opinion_id, _, (friend, *_) = stage(db)
    choices = ("yes", "no")

    def work(attempt: int) -> None:
        choice = choices[attempt % 2]
        with db.write() as session:
            say(session, opinion_id, friend, choice, f"I say {choice}")

    race(work, attempts=8, threads=LANES)
    with db.read() as session:
        mine = select(OpinionAdviser.choice, OpinionAdviser.reply)
        ((choice, reply),) = session.execute(mine.where(OpinionAdviser.friend_id == friend.id))
        assert reply == f"I say {choice}"
