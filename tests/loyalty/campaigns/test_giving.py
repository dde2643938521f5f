"""Campaigns for real: once for each source, within limits under races, and taken back."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from core import clock
from core.errors import Conflict, Invalid, NotFound
from core.transaction import Database
from loyalty.campaigns import books, queries, service
from loyalty.campaigns.definition import read_campaign
from loyalty.campaigns.models import Campaign
from loyalty.campaigns.rules import Used
from loyalty.campaigns.running import uses_of_owner
from tests.builders.campaigns import (
    execute,
    facts,
    new_campaign,
    ten_per_cent,
    told,
    used,
)
from tests.builders.points import PROGRAMME
from tests.builders.races import race
from tests.conftest import both_databases
from tests.loyalty.campaigns import naive
from tests.scale import times

HOUR = timedelta(hours=1)


def test_what_is_given_is_what_was_simulated(session: Session) -> None:
    new_campaign(session, ten_per_cent(limits={"uses_each": 1}))
    new_campaign(session, read_campaign(told({"kind": "points", "points": 7})))
    for _ in range(2):
        expected = service.simulate(session, PROGRAMME, facts(), now=clock.now())
        assert execute(session, facts()) == expected


def test_the_same_source_again_is_told_what_it_was_given_and_given_nothing_more(
    session: Session,
) -> None:
    campaign = new_campaign(session, ten_per_cent())
    first = execute(session, facts(), "receipt:1")
    new_campaign(session, ten_per_cent(priority=9))
    assert execute(session, facts(), "receipt:1").gifts == first.gifts
    assert used(session, campaign).used == Used(1, 0, 2010, 0)


@pytest.mark.parametrize(
    ("starts", "ends", "gives"),
    [(-HOUR, HOUR, True), (timedelta(0), None, True), (-HOUR, timedelta(0), False)],
)
def test_a_campaign_gives_from_its_start_until_its_end(
    session: Session, starts: timedelta, ends: timedelta | None, gives: bool
) -> None:
    now = clock.now()
    new_campaign(
        session,
        ten_per_cent(),
        starts_at=now + starts,
        ends_at=None if ends is None else now + ends,
    )
    outcome = service.simulate(session, PROGRAMME, facts(), now=now)
    assert bool(outcome.gifts) == gives


def test_a_draft_a_stopped_and_another_programmes_campaign_give_nothing(session: Session) -> None:
    values = {"starts_at": clock.now() - HOUR, "ends_at": None, "now": clock.now()}
    service.draft(session, programme_id=PROGRAMME, definition=ten_per_cent(), **values)
    stopped = new_campaign(session, ten_per_cent())
    service.stop(session, stopped.id, programme_id=PROGRAMME)
    new_campaign(session, ten_per_cent(), programme_id="another")
    assert execute(session, facts()).gifts == ()
    service.start(session, stopped.id, programme_id=PROGRAMME, now=clock.now())
    assert [gift.campaign_id for gift in execute(session, facts()).gifts] == [stopped.id]


def test_a_use_that_was_taken_back_can_be_had_again(session: Session) -> None:
    campaign = new_campaign(session, ten_per_cent(limits={"uses_each": 1, "budget_minor": 2010}))
    assert execute(session, facts(), "receipt:1").gifts
    assert not execute(session, facts(), "receipt:2").gifts
    assert service.take_back(session, PROGRAMME, "receipt:1", now=clock.now()) == 1
    assert service.take_back(session, PROGRAMME, "receipt:1", now=clock.now()) == 0
    assert used(session, campaign).used == Used()
    assert execute(session, facts(), "receipt:3").gifts
    assert books.miscounts(session) == []


def test_whoever_left_frees_no_money(session: Session) -> None:
    campaign = new_campaign(session, ten_per_cent(limits={"uses_each": 1, "budget_minor": 9999}))
    execute(session, facts())
    service.disown(session, "nina")
    assert used(session, campaign).used == Used(1, 0, 2010, 0)
    assert uses_of_owner(session, [campaign.id], "nina") == {}


def test_counts_that_were_changed_are_found(session: Session) -> None:
    campaign = new_campaign(session, ten_per_cent(limits={"uses": 9}))
    execute(session, facts())
    assert books.miscounts(session) == []
    session.execute(update(Campaign).values(uses=0))
    (found,) = books.miscounts(session)
    assert (found.campaign_id, found.summed.uses) == (campaign.id, 1)


def test_a_draft_is_planned_again_copied_and_thrown_away(session: Session) -> None:
    times = {"starts_at": clock.now(), "ends_at": None}
    first, second = ten_per_cent(), ten_per_cent()
    who = {"programme_id": PROGRAMME}
    draft = service.draft(session, **who, definition=first, **times, now=clock.now())
    with pytest.raises(Conflict, match="of this name"):
        service.draft(session, **who, definition=first, **times, now=clock.now())
    service.plan_again(session, draft, **who, definition=second, **times)
    assert queries.get(session, draft, **who).name == second.name
    copied = service.copy(session, draft, **who, name="Again", now=clock.now())
    again = queries.get(session, copied, **who)
    assert (again.name, again.state) == ("Again", "draft")
    assert again.definition.rules == second.rules
    with pytest.raises(Conflict, match="of this name"):
        service.plan_again(session, copied, **who, definition=second, **times)
    service.discard(session, draft, **who)
    with pytest.raises(NotFound):
        queries.get(session, draft, **who)
    assert [one.id for one in queries.campaigns(session, PROGRAMME)] == [copied]


def test_what_was_started_is_neither_changed_nor_thrown_away(session: Session) -> None:
    campaign, who = new_campaign(session, ten_per_cent()), {"programme_id": PROGRAMME}
    times = {"starts_at": clock.now(), "ends_at": None}
    with pytest.raises(Conflict):
        service.plan_again(session, campaign.id, **who, definition=ten_per_cent(), **times)
    with pytest.raises(Conflict):
        service.discard(session, campaign.id, **who)
    with pytest.raises(NotFound):
        service.stop(session, campaign.id, programme_id="another")


def test_a_campaign_ends_after_it_starts(session: Session) -> None:
    with pytest.raises(Invalid):
        new_campaign(session, ten_per_cent(), ends_at=clock.now() - HOUR)


def check_limit(db: Database, given: list[bool], limit: int) -> None:
    assert sum(given) == limit
    with db.read() as session:
        assert books.miscounts(session) == []
        (campaign,) = queries.campaigns(session, PROGRAMME)
        assert campaign.used.uses == limit


@pytest.mark.proof(rounds=250)
@both_databases
@pytest.mark.parametrize("limits", [{"uses": 50}, {"budget_minor": 50 * 2010}, {"uses_each": 50}])
def test_as_many_get_it_at_once_as_its_limit_says(db: Database, limits: dict[str, int]) -> None:
    with db.write() as session:
        new_campaign(session, ten_per_cent(limits=limits))

    def buy(_: int) -> bool:
        with db.write() as session:
            return bool(execute(session, facts()).gifts)

    check_limit(db, race(buy, attempts=times(80, 200)), 50)


@both_databases
def test_giving_by_what_was_read_is_caught(db: Database) -> None:
    with db.write() as session:
        new_campaign(session, ten_per_cent(limits={"uses": 1}))
    read = threading.Barrier(8)
    given = race(lambda _: naive.execute(db, facts(), read), attempts=8)
    with pytest.raises(AssertionError):
        check_limit(db, given, 1)


@pytest.mark.proof(rounds=250)
@both_databases
def test_two_campaigns_at_once_neither_block_each_other_nor_give_twice(db: Database) -> None:
    with db.write() as session:
        for priority in (1, 2):
            new_campaign(session, ten_per_cent(limits={"uses": 1000}, priority=priority))

    def buy(attempt: int) -> bool:
        with db.write() as session:
            return bool(execute(session, facts(), f"receipt:{attempt // 4}").gifts)

    assert all(race(buy, attempts=80))
    with db.read() as session:
        assert [one.used.uses for one in queries.campaigns(session, PROGRAMME)] == [20, 20]
        assert books.miscounts(session) == []
