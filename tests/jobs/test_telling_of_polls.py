"""Friends hear that they are asked, in one note; who asked hears once how it ended."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.transaction import Database
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.consent.rules import FRIENDS_NEWS, POLLS_NEWS, RESULTS_NEWS
from retail.friends import service as friends
from retail.journeys.looks import tell_of_polls
from retail.journeys.looks.remove_poll import remove_poll
from retail.journeys.members.agree import take_back
from retail.notifications import queries as notes
from retail.polls import service as polls
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.friends import befriend
from tests.builders.notes import hears_of
from tests.builders.outfits import new_outfit, new_stylist
from tests.builders.polls import new_poll, votes_of
from tests.conftest import both_databases
from tests.jobs.conftest import Told, Work, titles

ASKED = "Nina O. asks which of two"


def circle(session: Session) -> tuple[StoreView, MemberView, MemberView]:
    """A store; Nina, who asks; and Tom, her friend, who wants to hear of polls."""
    store = new_store(session)
    nina = new_stylist(session, store.brand_id, display_name="Nina Okafor")
    tom = new_member(session, store.brand_id, display_name="Tom Weller")
    befriend(session, nina, tom)
    hears_of(session, tom, POLLS_NEWS)
    return store, nina, tom


def ask(session: Session, store: StoreView, nina: MemberView, words: str = "Boots?") -> str:
    looks = tuple(new_outfit(session, store, member=nina, audience="friends") for _ in range(2))
    wish = {"audience": "friends", "question": words, "looks": looks}
    return new_poll(session, store, nina, **wish)  # type: ignore[arg-type]


@both_databases
def test_friends_hear_of_what_they_are_asked_in_one_note(
    db: Database, clock: FixedClock, work: Work, told: Told
) -> None:
    with db.write() as session:
        store, nina, tom = circle(session)
        uninterested, stranger = (new_member(session, store.brand_id) for _ in range(2))
        befriend(session, nina, uninterested)
        hears_of(session, uninterested, FRIENDS_NEWS)
        hears_of(session, stranger, POLLS_NEWS)
        first = ask(session, store, nina)
    work()
    assert [(note.title, note.text) for note in told(tom)] == [(ASKED, "Boots?")]
    for other in (uninterested, stranger, nina):
        assert ASKED not in titles(told(other))
    clock.advance(minutes=5)
    with db.write() as session:
        ask(session, store, nina, "Coat?")
    work()
    assert titles(told(tom)) == ["Nina O. asks which of two, and there is 1 more"]
    with db.write() as session:
        polls.vote(session, first, member=tom, choice="first", now=clock.now())
    assert [(note.title, note.text) for note in told(tom)] == [(ASKED, "Coat?")]


def test_a_note_is_gone_with_the_friendship_the_poll_its_time_and_consent(
    db: Database, clock: FixedClock, work: Work, told: Told
) -> None:
    with db.write() as session:
        store, nina, tom = circle(session)
        poll = ask(session, store, nina)
    work()
    assert titles(told(tom)) == [ASKED]
    closes_at = clock.now() + timedelta(days=1)
    now, clock.instant = clock.now(), closes_at
    assert told(tom) == []
    clock.instant = now
    with db.write() as session:
        friends.end(session, nina.id, member=tom)
    assert told(tom) == []
    with db.write() as session:
        befriend(session, nina, tom)
    assert titles(told(tom)) == [ASKED]
    with db.write() as session:
        take_back(session, POLLS_NEWS, member=tom, now=clock.now())
    assert told(tom) == []
    with db.write() as session:
        hears_of(session, tom, POLLS_NEWS)
        remove_poll(session, poll, member=nina, now=clock.now())
    assert told(tom) == []


def test_a_poll_for_everyone_calls_nobody_in_particular(
    db: Database, work: Work, told: Told
) -> None:
    with db.write() as session:
        store, nina, tom = circle(session)
        new_poll(session, store, nina)
    work()
    assert told(tom) == []


@pytest.mark.parametrize(
    ("votes", "title", "text"),
    [
        (["second", "second", "first"], "Number 2 it is", "Boots? 3 votes."),
        (["first", "second"] * 2, "Your poll ended level", "Boots? 4 votes."),
        (["second"], "Your poll has closed", "Boots? 1 vote."),
    ],
)
def test_who_asked_hears_once_how_it_ended(
    db: Database,
    clock: FixedClock,
    work: Work,
    told: Told,
    votes: list[str],
    title: str,
    text: str,
) -> None:
    with db.write() as session:
        store = new_store(session)
        nina = new_stylist(session, store.brand_id)
        poll = new_poll(session, store, nina, closing="hour", question="Boots?")
        votes_of(session, poll, store.brand_id, votes)
    work()
    assert told(nina) == []
    clock.advance(hours=1)
    with db.write() as session:
        polls.close_due(session, poll, now=clock.now())
    work()
    assert [(note.title, note.text) for note in told(nina)] == [(title, text)]
    clock.advance(days=1)
    with db.write() as session:
        assert not tell_of_polls.tell_of_result(session, poll, now=clock.now())
        polls.close(session, poll, member=nina, now=clock.now())
        assert [note.purpose for note in notes.inbox(session, nina.id)] == [RESULTS_NEWS]
        remove_poll(session, poll, member=nina, now=clock.now())
    assert told(nina) == []
