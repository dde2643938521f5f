"""Members hear that their tier is another: once, kindly, and not of what was undone meanwhile."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from core import clock as core_clock
from core.clock import FixedClock
from core.transaction import Database
from loyalty.campaigns.definition import read_campaign
from loyalty.tiers.queries import NoticedChange
from loyalty.tiers.rules import Tier
from retail.accounts.queries import MemberView
from retail.journeys.points.review_tier import review_due, review_tier
from retail.journeys.tiers.tell_of_tiers import last_known
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.campaigns import new_campaign
from tests.builders.campaigns import told as campaign
from tests.builders.notes import hears_of
from tests.builders.points import earn, reverse
from tests.builders.tiers import TIERS, new_tiers
from tests.conftest import both_databases
from tests.jobs.conftest import Told, Work, titles


@pytest.fixture
def nina(db: Database, clock: FixedClock) -> MemberView:
    """A member who stands on Silver by 120 credits, and was just looked at for the first time."""
    del clock
    with db.write() as session:
        store = new_store(session, zone="Europe/London")
        new_tiers(session, programme_id=store.brand_id)
        member = new_member(session, store.brand_id)
        give(session, member, 120)
        return member


def give(session: Session, member: MemberView, credits_: int) -> str:
    """Credits from a source, which it tells."""
    source = f"receipt:{core_clock.now().timestamp()}:{credits_}"
    who = {"programme_id": member.brand_id, "wallet": "credits", "source": source}
    earn(session, member.id, credits_, **who)
    review(session, member)
    return source


def take_back(session: Session, member: MemberView, source: str) -> None:
    reverse(session, source, programme_id=member.brand_id)
    review(session, member)


def review(session: Session, member: MemberView) -> None:
    review_tier(session, member.id, brand_id=member.brand_id, now=core_clock.now())


@both_databases
def test_a_rise_is_told_once_with_what_it_brings(
    db: Database, nina: MemberView, work: Work, told: Told
) -> None:
    work()
    assert told(nina) == [], "where somebody stands first is no news"
    to_gold = campaign(
        {"kind": "percent_off", "per_cent": 10},
        conditions=[{"kind": "buyer", "labels": ["tier:gold"]}],
        name="Gold mornings",
    )
    with db.write() as session:
        new_campaign(session, read_campaign(to_gold), programme_id=nina.brand_id)
        give(session, nina, 200)
    work()
    (said,) = told(nina)
    assert (said.title, said.text) == ("You’re Gold now", "It brings you: Gold mornings.")


def test_a_fall_is_told_kindly_with_what_brings_the_tier_back(
    db: Database, nina: MemberView, work: Work, told: Told, clock: FixedClock
) -> None:
    clock.instant = datetime(2027, 1, 1, 0, 30, tzinfo=UTC)
    with db.write() as session:
        review_due(session, clock.now())
    work()
    assert told(nina) == [], "nobody is told at night"
    clock.instant = datetime(2027, 1, 1, 8, 0, tzinfo=UTC)
    work()
    (said,) = told(nina)
    assert said.title == "You’re Classic for now"
    assert said.text == ("100 credits more bring Silver back. We’d be glad to see you there again.")


def test_what_was_undone_before_it_is_told_is_told_nowhere(
    db: Database, nina: MemberView, work: Work, told: Told, clock: FixedClock
) -> None:
    with db.write() as session:
        take_back(session, nina, give(session, nina, 200))
    work()
    assert told(nina) == []
    clock.instant = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
    with db.write() as session:
        bought = give(session, nina, 200)
    work()
    clock.advance(hours=8)
    with db.write() as session:
        take_back(session, nina, bought)
    work()
    clock.advance(hours=3)
    work()
    assert told(nina) == []


def test_what_was_undone_after_it_was_told_is_told_in_its_place(
    db: Database, nina: MemberView, work: Work, told: Told, clock: FixedClock
) -> None:
    with db.write() as session:
        bought = give(session, nina, 200)
    work()
    clock.advance(hours=1)
    assert titles(told(nina)) == ["You’re Gold now"]
    with db.write() as session:
        take_back(session, nina, bought)
    assert told(nina) == [], "what is not so any more is not said"
    work()
    (said,) = told(nina)
    assert said.title == "You’re Silver for now"
    assert said.text.startswith("180 credits more bring Gold back.")


def test_several_steps_at_once_are_told_as_one(
    db: Database, nina: MemberView, work: Work, told: Told, clock: FixedClock
) -> None:
    with db.write() as session:
        rose = give(session, nina, 200)
        take_back(session, nina, rose)
        new_tiers(
            session,
            programme_id=nina.brand_id,
            tiers=(*TIERS[:2], Tier("pearl", "Pearl", 110), TIERS[2]),
        )
        review_due(session, clock.now())
    work()
    assert titles(told(nina)) == ["You’re Pearl now"]


def test_whoever_wants_no_news_of_tiers_is_not_told(
    db: Database, nina: MemberView, work: Work, told: Told
) -> None:
    with db.write() as session:
        hears_of(session, nina)
        give(session, nina, 200)
    work()
    assert told(nina) == []


def test_what_stood_for_a_day_is_known_though_it_was_never_told(clock: FixedClock) -> None:
    began, day = clock.now(), timedelta(days=1)
    fell = [
        NoticedChange("c", "classic", began + 2 * day),
        NoticedChange("b", "silver", began + day),
        NoticedChange("a", "classic", began),
    ]
    assert last_known(fell, ()) == "silver"
    soon = [fell[0], NoticedChange("b", "silver", began + 2 * day - timedelta(seconds=1)), fell[2]]
    assert last_known(soon, ()) == "classic"
    assert last_known(soon, {"b"}) == "silver"
