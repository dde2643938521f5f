"""Many vote at one instant: each vote counts once, none after closing, on both databases."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from core import clock
from core.errors import Conflict
from core.transaction import Database
from retail.accounts.queries import MemberView
from retail.polls import queries, rules, service
from retail.polls.models import Poll, PollVote
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.outfits import new_outfit, new_stylist
from tests.builders.polls import new_poll
from tests.builders.races import meeting, race
from tests.conftest import both_databases
from tests.processes import PATIENCE_SECONDS
from tests.scale import times

# A multiple of the lanes, so that everybody's own taps come one after the other.
MEMBERS = 80
TAPS_EACH = times(4, 10)
LANES = 8


def stage(session: Session, crowd: int = MEMBERS) -> tuple[str, MemberView, list[MemberView]]:
    store = new_store(session)
    asker = new_stylist(session, store.brand_id)
    members = [new_member(session, store.brand_id) for _ in range(crowd)]
    return new_poll(session, store, asker), asker, members


def rows_of(session: Session, poll_id: str) -> int:
    rows = select(func.count()).where(PollVote.poll_id == poll_id)
    return session.execute(rows).scalar_one()


@pytest.mark.proof(rounds=1_250)
@both_databases
def test_many_votes_count_once_for_each_member(db: Database) -> None:
    with db.write() as session:
        poll, _, members = stage(session)

    def tap(attempt: int) -> None:
        number, turn = attempt % MEMBERS, attempt // MEMBERS
        with db.write() as session:
            who, now = members[number], clock.now()
            # By turns one side, the other, and back out; every third ends without a vote.
            if turn % 3 == 2 or (turn == TAPS_EACH - 1 and number % 3 == 0):
                service.take_back(session, poll, member=who, now=now)
            else:
                choice = rules.CHOICES[(turn + number) % 2]
                service.vote(session, poll, member=who, choice=choice, now=now)
        if attempt % 50 == 0:
            with db.read() as session:
                assert sum(queries.counts_of(session, [poll])[poll]) == rows_of(session, poll)

    race(tap, attempts=MEMBERS * TAPS_EACH, threads=LANES)
    left = [number for number in range(MEMBERS) if number % 3]
    second = sum((TAPS_EACH - 1 + number) % 2 for number in left)
    with db.read() as session:
        assert queries.counts_of(session, [poll]) == {poll: (len(left) - second, second)}
        assert rows_of(session, poll) == len(left)


@pytest.mark.proof(rounds=1_250)
@both_databases
def test_one_member_on_many_phones_has_one_vote(db: Database) -> None:
    with db.write() as session:
        poll, _, (member, *_) = stage(session, 1)

    def tap(attempt: int) -> None:
        choice = rules.CHOICES[attempt % 2]
        with db.write() as session:
            service.vote(session, poll, member=member, choice=choice, now=clock.now())

    race(tap, attempts=64, threads=LANES)
    with db.read() as session:
        assert sum(queries.counts_of(session, [poll])[poll]) == 1


@pytest.mark.proof
@both_databases
def test_the_race_catches_a_vote_that_is_looked_for_and_then_given(db: Database) -> None:
    """The control: where votes are looked for before they are inserted, one member has several."""
    all_have_looked = meeting(LANES)
    with db.write() as session:
        session.execute(text("CREATE TABLE naive_vote (choice VARCHAR(6))"))

    def naive(attempt: int) -> None:
        with db.read() as session:
            has_voted = session.scalar(text("SELECT count(*) FROM naive_vote"))
        all_have_looked()
        if not has_voted:
            with db.write() as session:
                session.execute(text("INSERT INTO naive_vote VALUES ('first')"))

    try:
        race(naive, attempts=LANES, threads=LANES)
        with db.read() as session:
            assert session.scalar(text("SELECT count(*) FROM naive_vote")) == LANES
    finally:
        with db.write() as session:
            session.execute(text("DROP TABLE naive_vote"))


@pytest.mark.proof(rounds=1_250)
@both_databases
@pytest.mark.parametrize("is_due", [False, True])
def test_no_vote_is_counted_after_closing(db: Database, is_due: bool) -> None:
    with db.write() as session:
        poll, asker, members = stage(session)
        ends = queries.get_poll(session, poll, viewer=asker, now=clock.now()).closes_at
    told: list[tuple[int, int]] = []
    refused: list[int] = []

    def act(attempt: int) -> None:
        if attempt == MEMBERS // 2:
            with db.write() as session:
                if is_due:
                    service.close_due(session, poll, now=ends)
                else:
                    service.close(session, poll, member=asker, now=clock.now())
                told.append(queries.counts_of(session, [poll])[poll])
            return
        try:
            with db.write() as session:
                # Every clock here stands before the end: only the closing itself shuts them out.
                who = members[attempt]
                service.vote(session, poll, member=who, choice="first", now=clock.now())
        except Conflict:
            refused.append(attempt)

    race(act, attempts=MEMBERS, threads=LANES)
    with db.read() as session:
        assert queries.counts_of(session, [poll])[poll] == told[0]
        assert sum(told[0]) + len(refused) == MEMBERS - 1


@pytest.mark.proof
@both_databases
def test_the_race_catches_a_vote_that_looks_and_then_counts(db: Database) -> None:
    """The control: who looks whether a poll is open, and votes after, votes after its closing."""
    with db.write() as session:
        poll, _, (member, *_) = stage(session, 1)
    has_looked, has_closed = threading.Event(), threading.Event()
    told: list[int] = []

    def naive(attempt: int) -> None:
        if attempt == 0:
            assert has_looked.wait(PATIENCE_SECONDS)
            with db.write() as session:
                session.execute(update(Poll).values(is_closed=True))
                told.append(rows_of(session, poll))
            has_closed.set()
            return
        with db.read() as session:
            is_open = queries.is_taking_votes(session, poll, clock.now())
        has_looked.set()
        assert has_closed.wait(PATIENCE_SECONDS)
        with db.write() as session:
            if is_open:
                row = {"choice": "first", "voted_at": clock.now()}
                session.add(PollVote(poll_id=poll, member_id=member.id, **row))

    race(naive, attempts=2, threads=2)
    with db.read() as session:
        assert rows_of(session, poll) > told[0]


def ask_at_once(db: Database, *, before: Callable[[MemberView], None] | None = None) -> int:
    """One member asks on many phones, each after `before`; gives how many polls are open then."""
    with db.write() as session:
        store = new_store(session)
        asker = new_stylist(session, store.brand_id)
        looks = (
            new_outfit(session, store, member=asker),
            new_outfit(session, store, member=asker),
        )

    def ask(_: int) -> None:
        try:
            if before is not None:
                before(asker)
            with db.write() as session:
                new_poll(session, store, asker, looks=looks)
        except Conflict:
            pass

    race(ask, attempts=LANES, threads=LANES)
    with db.read() as session:
        return queries.count_open(session, asker.id, clock.now())


@pytest.mark.proof(rounds=1_250)
@both_databases
def test_no_more_polls_are_open_than_a_member_may_have(db: Database) -> None:
    assert ask_at_once(db) == rules.MOST_OPEN


@pytest.mark.proof
@both_databases
def test_the_race_catches_polls_that_are_counted_without_a_gate(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: where everybody counts before anybody asks, too many are open."""
    all_have_counted, check = meeting(LANES), rules.check_room

    def count_first(asker: MemberView) -> None:
        with db.read() as session:
            check(queries.count_open(session, asker.id, clock.now()), 0)
        all_have_counted()

    monkeypatch.setattr(rules, "check_room", lambda *_: None)
    assert ask_at_once(db, before=count_first) == LANES
