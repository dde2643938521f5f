"""One entry for everything that members are told: wanted or not kept, once, by ids."""

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from core import clock as core_clock
from core.clock import FixedClock
from core.errors import NotFound
from core.ids import new_id
from core.outbox import Event, Job
from core.transaction import Database
from retail.consent import queries as consent
from retail.consent.rules import LIKES_NEWS, PRIZES_NEWS
from retail.journeys.members.agree import agree, take_back
from retail.notifications import queries, rules, service
from retail.notifications.models import Note
from tests.builders.accounts import new_member
from tests.builders.brands import new_brand
from tests.builders.notes import hears_of, tell
from tests.builders.races import meeting, race
from tests.conftest import both_databases


def counts(session: Session) -> tuple[int, int]:
    """How many notes there are, and how many jobs that send one out."""
    notes = session.execute(select(func.count()).select_from(Note)).scalar_one()
    jobs = select(func.count()).where(Job.kind == service.DELIVER_JOB)
    return notes, session.execute(jobs).scalar_one()


def test_everything_starts_off_but_what_follows_from_one_s_own_deed(session: Session) -> None:
    member = new_member(session, new_brand(session).id)
    assert queries.choices_of(session, member.id) == {
        ("prizes_news", "in_app"),
        ("friends_news", "in_app"),
        ("decisions_news", "in_app"),
        ("results_news", "in_app"),
        ("offers_news", "in_app"),
        ("holds_news", "in_app"),
        ("occasions_news", "in_app"),
        ("tiers_news", "in_app"),
        ("sent_news", "in_app"),
        ("opinions_news", "in_app"),
        ("saved_news", "in_app"),
    }
    assert not tell(session, member, LIKES_NEWS, "look")
    assert tell(session, member, PRIZES_NEWS, "grant")
    assert [note.purpose for note in queries.inbox(session, member.id)] == [PRIZES_NEWS]


def test_within_a_window_one_subject_is_one_note_that_grows(
    session: Session, clock: FixedClock
) -> None:
    member = new_member(session, new_brand(session).id)
    hears_of(session, member, LIKES_NEWS)
    assert tell(session, member, LIKES_NEWS, "look")
    service.read_all(session, member_id=member.id, now=clock.now())
    assert queries.count_unread(session, member.id) == 0
    clock.advance(minutes=5)
    assert not tell(session, member, LIKES_NEWS, "look")
    assert queries.count_unread(session, member.id) == 1
    assert counts(session) == (1, 1)
    clock.advance(hours=1)
    assert tell(session, member, LIKES_NEWS, "look")
    assert tell(session, member, LIKES_NEWS, "another look")
    assert counts(session) == (3, 3)


def test_without_a_window_a_subject_is_told_once_for_ever(
    session: Session, clock: FixedClock
) -> None:
    member = new_member(session, new_brand(session).id)
    assert tell(session, member, PRIZES_NEWS, "grant")
    clock.advance(days=400)
    assert not tell(session, member, PRIZES_NEWS, "grant")
    assert counts(session) == (1, 1)


def test_a_choice_is_a_consent_and_its_end_is_the_end_of_both(session: Session) -> None:
    member = new_member(session, new_brand(session).id)
    hears_of(session, member, LIKES_NEWS, channels=("email",))
    assert consent.has_consent(session, member.id, LIKES_NEWS)
    take_back(session, LIKES_NEWS, member=member, now=core_clock.now())
    assert (LIKES_NEWS, "email") not in queries.choices_of(session, member.id)
    agree(session, LIKES_NEWS, member=member, now=core_clock.now())
    assert {pair for pair in queries.choices_of(session, member.id) if pair[0] == LIKES_NEWS} == {
        (LIKES_NEWS, "in_app")
    }
    hears_of(session, member)
    assert not consent.has_consent(session, member.id, LIKES_NEWS)
    assert queries.choices_of(session, member.id) == set()


def test_an_unknown_purpose_is_refused(session: Session) -> None:
    member = new_member(session, new_brand(session).id)
    with pytest.raises(NotFound):
        tell(session, member, "everything", "x")


def test_events_and_jobs_hold_ids_only(session: Session) -> None:
    member = new_member(session, new_brand(session).id)
    tell(session, member, PRIZES_NEWS, "grant")
    (event,) = session.scalars(select(Event).where(Event.kind == "NoteWritten"))
    assert event.payload == {"member_id": member.id, "purpose": PRIZES_NEWS}
    assert event.topics == [f"member:{member.id}"]
    (job,) = session.scalars(select(Job))
    assert set(job.payload) == {"note_id"}


def test_an_export_has_all_and_erasing_leaves_nothing(session: Session) -> None:
    brand = new_brand(session)
    nina, olu = (new_member(session, brand.id) for _ in range(2))
    for member in (nina, olu):
        hears_of(session, member, LIKES_NEWS, PRIZES_NEWS)
        tell(session, member, PRIZES_NEWS, "grant")
    mine = queries.export(session, nina.id)
    assert [note["subject"] for note in mine["notes"]] == ["grant"]
    assert len(mine["choices"]) == 15
    service.erase(session, nina.id)
    assert not any(queries.export(session, nina.id).values())
    assert queries.export(session, olu.id)["notes"]


@pytest.mark.proof(rounds=500)
@both_databases
def test_many_causes_at_one_instant_are_one_note_and_one_job(db: Database) -> None:
    with db.write() as session:
        member = new_member(session, new_brand(session).id)
        hears_of(session, member, LIKES_NEWS)

    def cause(attempt: int) -> bool:
        with db.write() as session:
            return tell(session, member, LIKES_NEWS, f"look {attempt % 2}")

    assert sum(race(cause, attempts=80)) == 2
    with db.read() as session:
        assert counts(session) == (2, 2)


@pytest.mark.proof
@both_databases
def test_the_race_catches_a_look_before_a_write(db: Database) -> None:
    """The control: who looks first and then writes, tells the same thing twice."""
    with db.write() as session:
        member = new_member(session, new_brand(session).id)
    now = core_clock.now()
    window_at = rules.get_purpose(LIKES_NEWS).window_at(now)
    same = {"member_id": member.id, "purpose": LIKES_NEWS, "window_at": window_at}

    all_have_looked = meeting()

    def naive(attempt: int) -> bool:
        subject = f"look {attempt // 8}"
        with db.read() as session:
            is_told = select(Note.id).where(
                Note.member_id == member.id, Note.data["subject"].as_string() == subject
            )
            found = session.scalar(is_told.limit(1))
        all_have_looked()
        if found is not None:
            return False
        with db.write() as session:
            row = {
                "id": new_id(),
                "brand_id": member.brand_id,
                **same,
                # The unique key cannot help who does not use it.
                "subject": new_id(),
                "data": {"subject": subject},
                "created_at": now,
                "news_at": now,
            }
            session.execute(insert(Note), [row])
            return True

    assert sum(race(naive, attempts=80)) > 10
