"""Notes leave the house: mailed and pushed, late rather than at night, and never for nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from connectors.mail import mailbox, smtp
from connectors.push import web_push
from core.clock import FixedClock
from core.config import Settings
from core.outbox import Job
from core.transaction import Database
from jobs.schedule import new_worker
from loyalty.prizes import service as prizes
from loyalty.prizes.rules import gift_code
from retail.accounts.queries import MemberView
from retail.catalogue.importer import import_files
from retail.consent.rules import LIKES_NEWS, PRIZES_NEWS, RANGES_NEWS
from retail.journeys.league.tell_of_prizes import tell_of_prize_ending
from retail.journeys.members.sign_up_for_ranges import sign_up_for_ranges
from retail.notifications import queries, rules
from retail.social import service as social
from tests.builders.accounts import new_member
from tests.builders.brands import new_brand, new_store
from tests.builders.clothing import clothing_in
from tests.builders.notes import hears_of, new_win, tell
from tests.builders.outfits import new_outfit, new_stylist
from tests.conftest import KEY as SECRET

KEY = web_push.new_key()
STYLES = "style,name,category,designer,origin,story,press,worn_by,drawing,picture"


@pytest.fixture
def nina(db: Database) -> MemberView:
    """A member who hears of prizes everywhere."""
    with db.write() as session:
        member = new_member(session, new_brand(session, name="Alder & Finch").id)
        hears_of(session, member, PRIZES_NEWS)
        return member


def win(db: Database, member: MemberView) -> None:
    with db.write() as session:
        tell(session, member, PRIZES_NEWS, new_win(session, member))


@pytest.fixture
def work(app: Flask, db: Database) -> Callable[[], None]:
    def run() -> None:
        with app.app_context():
            new_worker(db).run_all()

    return run


@pytest.fixture
def letters(app_settings: Settings) -> Callable[[], list[mailbox.Letter]]:
    return lambda: mailbox.letters(app_settings.data_dir / "mailbox")


def job(db: Database, kind: str) -> Job:
    with db.read() as session:
        return session.scalars(
            select(Job).where(Job.kind == kind).order_by(Job.due_at.desc())
        ).first() or Job(id="none")


def test_at_night_a_note_waits_for_the_morning(
    db: Database,
    nina: MemberView,
    work: Callable[[], None],
    letters: Callable[[], list[mailbox.Letter]],
    clock: FixedClock,
) -> None:
    clock.instant = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    win(db, nina)
    work()
    assert letters() == []
    clock.instant = datetime(2026, 11, 23, 7, 59, tzinfo=UTC)
    work()
    assert letters() == []
    clock.advance(minutes=1)
    work()
    work()
    assert [letter.subject for letter in letters()] == ["You’ve won a voucher"]


@pytest.mark.parametrize("is_collected", [False, True])
def test_a_reminder_that_came_at_night_is_mailed_in_the_morning_if_it_still_holds(
    db: Database,
    nina: MemberView,
    work: Callable[[], None],
    letters: Callable[[], list[mailbox.Letter]],
    clock: FixedClock,
    is_collected: bool,
) -> None:
    clock.instant = datetime(2026, 11, 23, tzinfo=UTC)
    with db.write() as session:
        award_id = new_win(session, nina, "gift", title="Silk scarf", claim_days=3)
        assert tell_of_prize_ending(session, award_id, now=clock.now())
    work()
    assert letters() == []
    clock.advance(hours=8)
    if is_collected:
        with db.write() as session:
            by = {"programme_id": nina.brand_id, "by_id": "till", "now": clock.now()}
            prizes.collect(session, gift_code(award_id, SECRET), **by, key=SECRET)  # type: ignore[arg-type]
    work()
    work()
    expected = [] if is_collected else ["Still yours to collect: Silk scarf"]
    assert [letter.subject for letter in letters()] == expected


def test_a_mail_speaks_in_the_words_of_its_brand(
    db: Database,
    work: Callable[[], None],
    letters: Callable[[], list[mailbox.Letter]],
    clock: FixedClock,
) -> None:
    with db.write() as session:
        store = new_store(session, brand=new_brand(session, words="routine"))
        member = new_stylist(session, store.brand_id)
        hears_of(session, member, LIKES_NEWS)
        look = new_outfit(session, store, member=member)
        social.like(session, look, member=new_stylist(session, store.brand_id), now=clock.now())
        tell(session, member, LIKES_NEWS, look)
    clock.advance(hours=1)
    work()
    (letter,) = letters()
    assert letter.subject == "Somebody likes your routine"
    assert "See the routine" in letter.text
    assert clothing_in(letter.text.replace(f"/o/{look}", "")) == set()


def test_what_is_switched_off_meanwhile_does_not_leave(
    db: Database,
    nina: MemberView,
    work: Callable[[], None],
    letters: Callable[[], list[mailbox.Letter]],
) -> None:
    win(db, nina)
    with db.write() as session:
        hears_of(session, nina)
    work()
    assert letters() == []


def test_a_dead_mailbox_is_left_alone_until_its_owner_says_otherwise(
    db: Database,
    nina: MemberView,
    work: Callable[[], None],
    app_settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    app: Flask,
) -> None:
    sent: list[str] = []

    def refuse(url: str, letter: Any) -> None:
        sent.append(url)
        raise SMTPRecipientsRefused({"nina": (550, b"nobody here")})

    monkeypatch.setattr(smtp, "send", refuse)
    app.config["SETTINGS"] = replace(app_settings, smtp_url="smtp://mail.example")
    for _ in range(5):
        win(db, nina)
        work()
    assert len(sent) == rules.REFUSALS_UNTIL_STOPPED
    with db.read() as session:
        assert queries.is_mail_stopped(session, nina.id)


def test_new_ranges_are_one_alert_a_day_for_who_signed_up(
    db: Database,
    app: Flask,
    work: Callable[[], None],
    letters: Callable[[], list[mailbox.Letter]],
    clock: FixedClock,
) -> None:
    with db.write() as session:
        brand = new_brand(session)
        keen, calm = (new_member(session, brand.id) for _ in range(2))
        categories = "category,name,never_shareable\ncoats,Coats,no\nhats,Hats,no\n"
        import_files(session, brand.id, {"categories": categories}, now=clock.now())
        sign_up_for_ranges(session, {"coats"}, member=keen, now=clock.now())
        hears_of(session, keen, RANGES_NEWS)
        sign_up_for_ranges(session, {"hats"}, member=calm, now=clock.now())
    for code, name in (("harbour", "Harbour trench"), ("quay", "Quay coat")):
        with db.write() as session:
            rows = f"{STYLES}\n{code},{name},coats,,,,,,trench,\n"
            import_files(session, brand.id, {"styles": rows}, now=clock.now())
        clock.advance(minutes=10)
        work()
    with db.read() as session:
        assert queries.count_unread(session, keen.id) == 1
        assert queries.count_unread(session, calm.id) == 0
    clock.advance(hours=24)
    work()
    (letter,) = letters()
    assert letter.subject == "New in: Harbour trench and more, 2 pieces"
