"""Visits: a deliberate act, once a day and store, for nobody else to see and soon forgotten."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock as core_clock
from core.clock import FixedClock
from core.errors import NotFound
from retail.engagement import queries as engagement
from retail.engagement.rules import ENGAGED_WITHIN, Engagement
from retail.social import service as likes
from retail.visits import queries, service
from retail.visits.models import Visit, VisitedLike
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.league import like_times
from tests.builders.outfits import new_outfit
from tests.conftest import both_databases


def forget_old(session: Session) -> None:
    service.forget_old(session, after_likes=ENGAGED_WITHIN, now=core_clock.now())


@both_databases
def test_a_visit_counts_once_for_each_day_of_the_store(session: Session, clock: FixedClock) -> None:
    store = new_store(session, zone="America/New_York")
    other = new_store(session, brand_id=store.brand_id)
    member = new_member(session, store.brand_id)
    # In New York the day is over at five in the morning, UTC.
    clock.instant = datetime(2026, 11, 23, 4, 58, tzinfo=UTC)
    first = service.check_in(session, store, member=member, now=clock.now())
    assert first.visited_on == date(2026, 11, 22)
    clock.advance(minutes=1)
    assert service.check_in(session, store, member=member, now=clock.now()) == first
    clock.advance(minutes=1)
    assert queries.find_visit(session, store, member.id, now=clock.now()) is None
    second = service.check_in(session, store, member=member, now=clock.now())
    assert second.visited_on == date(2026, 11, 23)
    elsewhere = service.check_in(session, other, member=member, now=clock.now())
    assert {visit.id for visit in queries.visits_of(session, member.id)} == {
        first.id,
        second.id,
        elsewhere.id,
    }


def test_a_visit_is_taken_back_by_its_member_alone(session: Session) -> None:
    store, far = new_store(session), new_store(session)
    member, other = (new_member(session, store.brand_id) for _ in range(2))
    now = core_clock.now()
    visit = service.check_in(session, store, member=member, now=now)
    service.forget(session, visit.id, member=other)
    service.leave(session, store, member=other, now=now)
    assert queries.visits_of(session, member.id) == [visit]
    assert queries.visits_of(session, other.id) == []
    for _ in range(2):
        service.leave(session, store, member=member, now=now)
    assert queries.visits_of(session, member.id) == []
    with pytest.raises(NotFound):
        service.check_in(session, far, member=member, now=now)


@both_databases
def test_after_14_days_place_and_time_are_gone_and_the_like_still_went_further(
    session: Session, clock: FixedClock
) -> None:
    store = new_store(session)
    look = new_outfit(session, store)
    came, late, *_ = like_times(session, look, store.brand_id, 6)
    early = new_member(session, store.brand_id)
    service.check_in(session, store, member=early, now=clock.now())
    clock.advance(days=1)
    likes.like(session, look, member=early, now=clock.now())
    clock.advance(days=1)
    service.check_in(session, store, member=came, now=clock.now())
    clock.advance(days=12, seconds=1)
    service.check_in(session, store, member=late, now=clock.now())
    told = engagement.engagement_of_looks(session, [look])[look]
    assert told == Engagement(7, 1), "nothing before the like, nothing after 14 days"
    for passed in (12 * 86_400 - 60, 120, 14 * 86_400):
        clock.advance(seconds=passed)
        forget_old(session)
        assert engagement.engagement_of_looks(session, [look])[look] == told
    assert session.scalars(select(Visit.id)).all() == []
    noted = session.execute(select(VisitedLike.member_id, VisitedLike.outfit_id)).all()
    assert [tuple(row) for row in noted] == [(came.id, look)]
    assert queries.export(session, came.id)["likes_followed_by_one"][0]["outfit_id"] == look


def test_a_like_taken_back_takes_along_what_was_left_of_its_visit(
    session: Session, clock: FixedClock
) -> None:
    store = new_store(session)
    look = new_outfit(session, store)
    (fan, *_) = like_times(session, look, store.brand_id, 6)
    service.check_in(session, store, member=fan, now=clock.now())
    clock.advance(days=14)
    forget_old(session)
    assert engagement.engagement_of_looks(session, [look])[look] == Engagement(6, 1)
    likes.unlike(session, look, member=fan)
    clock.advance(seconds=1)
    likes.like(session, look, member=fan, now=clock.now())
    assert engagement.engagement_of_looks(session, [look])[look] == Engagement(6, 0)
    forget_old(session)
    assert session.execute(select(VisitedLike)).all() == []
