"""Reminders on the day chosen, and what friends send: told once, as long as it is so."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock as core_clock
from core.clock import FixedClock
from core.errors import NotFound
from core.outbox import Job
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.catalogue.queries import VariantView
from retail.consent.rules import SAVED_NEWS, SENT_NEWS
from retail.journeys.shelf.tell_of_pieces import REMIND_JOB, remind_of_saved, tell_of_sent
from retail.note_page.queries import inbox
from retail.notifications.speech import NoteFacts
from retail.saves import pay_day, reminders, service
from retail.sent_pieces import service as sending
from tests.builders.accounts import new_member
from tests.builders.brands import new_brand
from tests.builders.catalogue import new_variant
from tests.builders.notes import hears_of
from tests.builders.shelf import two_friends
from tests.conftest import both_databases

# The clock of tests stands at Sunday 22 November 2026.
FRIDAY = date(2026, 11, 27)


def keep(session: Session, piece: VariantView, member: MemberView) -> None:
    service.save_piece(session, piece.gtin or "", member=member, now=core_clock.now())


def remind(
    session: Session, piece: VariantView, member: MemberView, repeats: str = pay_day.ONCE
) -> None:
    reminders.remind(
        session, piece.id, member=member, on=FRIDAY, repeats=repeats, now=core_clock.now()
    )


def news(session: Session, member: MemberView) -> list[NoteFacts]:
    found = inbox(session, member.id, brands.get_brand(session, member.brand_id))
    return [entry.facts for entry in found]


def due(session: Session) -> list[Job]:
    return list(session.scalars(select(Job).where(Job.kind == REMIND_JOB)))


@both_databases
def test_all_that_is_kept_until_a_day_is_one_reminder_at_nine(session: Session) -> None:
    brand = new_brand(session)
    nina = new_member(session, brand.id)
    coat, boots, hat = (new_variant(session, brand_id=brand.id) for _ in range(3))
    for piece in (coat, boots, hat):
        keep(session, piece, nina)
    for piece in (coat, boots):
        remind(session, piece, nina)
    (job,) = due(session)
    assert job.due_at == pay_day.remind_at(FRIDAY, brand.zone)
    assert remind_of_saved(session, nina.id, FRIDAY, now=job.due_at)
    assert not remind_of_saved(session, nina.id, FRIDAY, now=job.due_at)
    (told,) = news(session, nina)
    assert (told.purpose, told.count, told.address) == (SAVED_NEWS, 2, "/me/saved")
    service.let_go(session, boots.id, member=nina)
    (told,) = news(session, nina)
    assert (told.count, told.address) == (1, f"/01/{coat.gtin}?b={brand.slug}")
    reminders.stop(session, coat.id, member=nina)
    assert news(session, nina) == []


def test_pay_day_is_remembered_for_what_is_kept_next(session: Session) -> None:
    nina = new_member(session, new_brand(session).id)
    coat, boots, hat = (new_variant(session, brand_id=nina.brand_id) for _ in range(3))
    keep(session, coat, nina)
    remind(session, coat, nina, pay_day.SAME_DAY)
    keep(session, boots, nina)
    days = reminders.days_of(session, nina.id, [coat.id, boots.id])
    assert set(days.values()) == {FRIDAY}
    assert len(due(session)) == 1
    reminders.forget_pay_day(session, member=nina)
    keep(session, hat, nina)
    assert reminders.days_of(session, nina.id, [hat.id]) == {hat.id: None}


def test_a_day_is_chosen_for_what_is_kept_alone(session: Session) -> None:
    nina = new_member(session, new_brand(session).id)
    with pytest.raises(NotFound):
        remind(session, new_variant(session, brand_id=nina.brand_id), nina)


def test_nobody_is_reminded_of_nothing_or_against_their_wish(session: Session) -> None:
    nina = new_member(session, new_brand(session).id)
    coat = new_variant(session, brand_id=nina.brand_id)
    assert not remind_of_saved(session, nina.id, FRIDAY, now=core_clock.now())
    keep(session, coat, nina)
    remind(session, coat, nina)
    hears_of(session, nina)
    assert not remind_of_saved(session, nina.id, FRIDAY, now=core_clock.now())


def send(session: Session, piece: VariantView, sender: MemberView, friend: MemberView) -> str:
    who = {"member": sender, "now": core_clock.now()}
    return sending.send(session, piece.gtin or "", friend.id, line="So you!", **who)


@both_databases
def test_a_friend_hears_who_sent_what_with_which_line_once(
    session: Session, clock: FixedClock
) -> None:
    brand_id = new_brand(session).id
    coat = new_variant(session, brand_id=brand_id)
    nina, sarah = two_friends(session, brand_id)
    about = (nina.id, sarah.id, send(session, coat, nina, sarah))
    assert tell_of_sent(session, *about, now=clock.now())
    (told,) = news(session, sarah)
    assert (told.purpose, told.name, told.reason) == (SENT_NEWS, "Nina O.", "So you!")
    sending.take_back(session, sarah.id, coat.id, member=nina)
    assert news(session, sarah) == []
    clock.advance(minutes=5)
    send(session, coat, nina, sarah)
    assert not tell_of_sent(session, *about, now=clock.now())


def test_of_a_muted_sender_and_what_was_taken_back_nothing_is_told(session: Session) -> None:
    brand_id = new_brand(session).id
    coat, boots = (new_variant(session, brand_id=brand_id) for _ in range(2))
    nina, sarah = two_friends(session, brand_id)
    now = core_clock.now()
    send(session, coat, nina, sarah)
    sending.take_back(session, sarah.id, coat.id, member=nina)
    assert not tell_of_sent(session, nina.id, sarah.id, coat.id, now=now)
    sending.mute(session, nina.id, member=sarah, now=now)
    send(session, boots, nina, sarah)
    assert not tell_of_sent(session, nina.id, sarah.id, boots.id, now=now + timedelta(hours=1))
