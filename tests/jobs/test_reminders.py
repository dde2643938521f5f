"""Winners are reminded of what runs out: once, in time, and of nothing that is claimed or used."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.transaction import Database
from jobs.telling import TELLING
from jobs.worker import Worker
from loyalty.leaderboards.rules import Prize
from loyalty.prizes import queries as prizes
from loyalty.prizes.rules import gift_code
from loyalty.vouchers import queries as vouchers
from loyalty.vouchers import windows
from loyalty.vouchers.models import Voucher
from retail.accounts.queries import MemberView
from retail.consent.rules import FRIENDS_NEWS
from retail.journeys.league import give_prize, tell_of_prizes
from retail.journeys.league.season_close import close_season
from retail.journeys.points.end_points import look_after_idle_points
from retail.journeys.points.set_terms import set_terms
from retail.notifications import queries as notes
from retail.notifications.rules import REMIND_BEFORE
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.league import fold, like_times, new_league, ranked_outfit, running_season
from tests.builders.notes import hears_of
from tests.builders.points import earn
from tests.builders.points import spend as spend_points
from tests.builders.terms import terms_document
from tests.builders.vouchers import basket, redeem_now
from tests.conftest import KEY, both_databases
from tests.jobs.conftest import Told, Work, titles

GIFT = Prize(1, "gift", 2500, "GBP", title="Silk scarf", claim_days=7)
INVITATION = Prize(1, "invitation", title="Private view", claim_days=7)
VOUCHER = Prize(1, "voucher", 1000, "GBP")
LIVES = {"gift": timedelta(days=7), "invitation": timedelta(days=7)}
LIVES["voucher"] = timedelta(days=windows.GIVEN_DAYS)

Win = Callable[[Prize], MemberView]


@pytest.fixture
def win(db: Database, clock: FixedClock) -> Win:
    """A season closes now, and its one stylist wins the prize."""

    def close(prize: Prize) -> MemberView:
        with db.write() as session:
            store = new_store(session)
            new_league(session, store.brand_id, [prize])
            stylist, outfit_id = ranked_outfit(session, store)
            like_times(session, outfit_id, store.brand_id, 1)
            fold(session)
            season = running_season(session, store)
            clock.instant = season.ends_at
            close_season(session, season.id, now=clock.now(), key=KEY)
            return stylist

    return close


def award_id(session: Session, member: MemberView) -> str:
    (award,) = prizes.awards_of(session, member.brand_id, member.id)
    return award.id


@both_databases
@pytest.mark.parametrize(
    ("prize", "title", "text"),
    [
        (GIFT, "Still yours to collect: Silk scarf", "Come for it before Monday 30 November"),
        (INVITATION, "Still yours to say yes to: Private view", "Say yes with your prizes before"),
        (VOUCHER, "Your voucher runs out soon", "Use it before Sunday 21 February, 00:00."),
    ],
)
def test_what_waits_is_reminded_of_once_some_days_before_its_end(
    clock: FixedClock, win: Win, work: Work, told: Told, prize: Prize, title: str, text: str
) -> None:
    winner = win(prize)
    ends_at = clock.now() + LIVES[prize.kind]
    clock.instant = ends_at - REMIND_BEFORE - timedelta(seconds=1)
    work()
    assert len(told(winner)) == 1
    clock.advance(seconds=1)
    work()
    reminder, won = told(winner)
    assert (reminder.title, reminder.text[: len(text)]) == (title, text)
    assert won.title != title
    # A reminder that is read too late says nothing.
    clock.instant = ends_at
    assert title not in titles(told(winner))


@pytest.mark.parametrize("prize", [GIFT, VOUCHER], ids=lambda prize: prize.kind)
@pytest.mark.parametrize("late", [timedelta(days=2, hours=23), REMIND_BEFORE, timedelta(days=9)])
def test_a_late_worker_reminds_in_time_or_not_at_all(
    db: Database, clock: FixedClock, win: Win, work: Work, prize: Prize, late: timedelta
) -> None:
    winner = win(prize)
    clock.instant += LIVES[prize.kind] - REMIND_BEFORE + late
    work()
    with db.read() as session:
        subjects = [note.subject for note in notes.inbox(session, winner.id)]
    assert any(subject.endswith(".soon") for subject in subjects) == (late < REMIND_BEFORE)


def collect(session: Session, winner: MemberView, now: datetime) -> None:
    code = gift_code(award_id(session, winner), KEY)
    by = {"brand_id": winner.brand_id, "by_id": "till", "now": now}
    give_prize.hand_over(session, code, **by, key=KEY)  # type: ignore[arg-type]


def accept(session: Session, winner: MemberView, now: datetime) -> None:
    mine = {"brand_id": winner.brand_id, "member_id": winner.id, "now": now}
    give_prize.accept_invitation(session, award_id(session, winner), **mine)  # type: ignore[arg-type]


def becomes(**values: object) -> Callable[[Session, MemberView, datetime], None]:
    def settle(session: Session, winner: MemberView, now: datetime) -> None:
        mine = Voucher.owner_id == winner.id
        session.execute(update(Voucher).where(mine).values(**values))

    return settle


def spend(session: Session, winner: MemberView, now: datetime) -> None:
    mine = {"now": now, "key": KEY}
    (voucher,) = vouchers.vouchers_of(session, winner.brand_id, winner.id, **mine)
    mine = basket(2000, owner_id=winner.id)
    redeem_now(session, voucher.code, programme_id=winner.brand_id, basket=mine)


@pytest.mark.parametrize(
    ("prize", "settle"),
    [
        (GIFT, collect),
        (INVITATION, accept),
        (VOUCHER, spend),
        (VOUCHER, becomes(state="void")),
    ],
)
def test_what_is_claimed_or_used_is_not_reminded_of(
    db: Database,
    clock: FixedClock,
    win: Win,
    work: Work,
    told: Told,
    prize: Prize,
    settle: Callable[[Session, MemberView, datetime], None],
) -> None:
    winner = win(prize)
    clock.instant += LIVES[prize.kind] - REMIND_BEFORE
    with db.write() as session:
        settle(session, winner, clock.now())
    work()
    assert len(told(winner)) == 1


def test_a_reminder_says_nothing_once_the_gift_is_collected(
    db: Database, clock: FixedClock, win: Win, work: Work, told: Told
) -> None:
    winner = win(GIFT)
    clock.instant += LIVES["gift"] - REMIND_BEFORE
    work()
    assert len(told(winner)) == 2
    with db.write() as session:
        collect(session, winner, clock.now())
    assert [said.text for said in told(winner)] == ["You’ve collected it. Enjoy."]


def test_a_short_wait_is_reminded_of_halfway(
    clock: FixedClock, win: Win, work: Work, told: Told
) -> None:
    winner = win(Prize(1, "gift", 2500, "GBP", title="Silk scarf", claim_days=1))
    clock.advance(hours=11)
    work()
    assert titles(told(winner)) == ["You’ve won: Silk scarf"]
    clock.advance(hours=1)
    work()
    assert titles(told(winner))[0] == "Still yours to collect: Silk scarf"


def test_who_wants_no_news_of_prizes_is_not_reminded(
    db: Database, clock: FixedClock, win: Win, work: Work
) -> None:
    winner = win(GIFT)
    with db.write() as session:
        hears_of(session, winner, FRIENDS_NEWS)
    clock.instant += LIVES["gift"] - REMIND_BEFORE
    work()
    with db.read() as session:
        assert notes.inbox(session, winner.id) == []


@both_databases
def test_a_reminder_that_fails_after_it_was_written_is_told_once(
    app: Flask, db: Database, clock: FixedClock, win: Win
) -> None:
    winner, fails = win(GIFT), [True]

    def remind(session: Session, payload: dict[str, Any], now: datetime) -> None:
        assert tell_of_prizes.tell_of_prize_ending(session, payload["award_id"], now=now)
        session.flush()
        if fails.pop():
            fails.append(False)
            raise ConnectionError

    clock.instant += LIVES["gift"] - REMIND_BEFORE
    worker = Worker(db, transactional={tell_of_prizes.ENDING_JOB: remind}, leased={})
    with app.app_context():
        worker.run_all()
        with db.read() as session:
            assert notes.inbox(session, winner.id) == []
        clock.advance(minutes=1)
        worker.run_all()
        # Once more, as a whole worker would after a crash that forgot it all.
        Worker(db, transactional=TELLING, leased={}).run_all()
    with db.read() as session:
        reminders = [n for n in notes.inbox(session, winner.id) if n.subject.endswith(".soon")]
    assert len(reminders) == 1


@both_databases
def test_points_that_idleness_ends_are_warned_of_and_activity_puts_it_off(
    db: Database, clock: FixedClock, work: Work, told: Told
) -> None:
    """Sixty days from 22 November: told a fortnight before 22 January, or so long after a spend."""
    with db.write() as session:
        store = new_store(session)
        nina, sam = (new_member(session, store.brand_id) for _ in range(2))
        for member in (nina, sam):
            earn(session, member.id, 40, programme_id=store.brand_id)
        document = terms_document(expiry={"kind": "sliding", "days": 60})
        set_terms(session, store.brand_id, document, now=clock.now())
        look_after_idle_points(session, programme_id=store.brand_id)
    clock.instant = datetime(2027, 1, 7, 23, 59, tzinfo=UTC)
    work()
    assert told(nina) == told(sam) == []
    with db.write() as session:
        spend_points(session, sam.id, 5, programme_id=store.brand_id)
    clock.instant = datetime(2027, 1, 8, tzinfo=UTC)
    work()
    assert (titles(told(nina)), told(sam)) == (["40 points run out soon"], [])
    clock.instant = datetime(2027, 2, 23, tzinfo=UTC)
    work()
    assert titles(told(sam)) == ["35 points run out soon"]
    with db.write() as session:
        spend_points(session, sam.id, 5, programme_id=store.brand_id)
    assert told(sam) == [], "what was put off is no news any more"
