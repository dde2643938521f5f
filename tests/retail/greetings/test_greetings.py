"""Greetings: by consent alone, in one store, for a quarter of an hour, and ended by either side."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock as core_clock
from core.clock import FixedClock
from core.errors import NotFound
from core.outbox import Event
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.consent.rules import GREETING
from retail.greetings import queries, service
from retail.greetings.models import Greeting
from retail.journeys.floor.greet import come_in, forget_visit, go_out
from retail.journeys.members.agree import agree, stop_all, take_back
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.greetings import comes_in, names_in, wishes
from tests.builders.staff_accounts import new_staff
from tests.conftest import both_databases


@pytest.fixture
def store(session: Session) -> StoreView:
    return new_store(session)


@pytest.fixture
def sarah(session: Session, store: StoreView) -> MemberView:
    return new_member(session, store.brand_id, display_name="Sarah Lewis")


def shown(session: Session, store: StoreView) -> list[str]:
    return [one.member_id for one in queries.greetings_in(session, store.id, now=core_clock.now())]


@both_databases
def test_who_agreed_is_shown_for_fifteen_minutes_and_who_did_not_is_not(
    session: Session, clock: FixedClock
) -> None:
    store = new_store(session)
    sarah, robin, ivo = (
        new_member(session, store.brand_id, display_name=name) for name in ("Sarah", "Robin", "Ivo")
    )
    for one in (sarah, ivo):
        wishes(session, one)
    for one in (sarah, robin, ivo):
        comes_in(session, store, one)
        clock.advance(seconds=1)
    assert shown(session, store) == [ivo.id, sarah.id], "the newest first"
    clock.advance(minutes=15, seconds=-4)
    assert shown(session, store) == [ivo.id, sarah.id]
    clock.advance(seconds=1)
    assert shown(session, store) == [ivo.id]
    service.forget_old(session, now=clock.now())
    assert session.scalars(select(Greeting.member_id)).all() == [ivo.id]


def test_tapping_again_makes_it_no_longer_and_another_store_takes_it_over(
    session: Session, store: StoreView, sarah: MemberView, clock: FixedClock
) -> None:
    other = new_store(session, brand_id=store.brand_id)
    wishes(session, sarah)
    comes_in(session, store, sarah)
    clock.advance(minutes=10)
    comes_in(session, store, sarah)
    clock.advance(minutes=4)
    assert shown(session, store) == [sarah.id]
    comes_in(session, other, sarah)
    assert (shown(session, store), shown(session, other)) == ([], [sarah.id])
    clock.advance(minutes=15)
    assert shown(session, other) == []
    comes_in(session, other, sarah)
    assert shown(session, other) == [sarah.id], "later she may be shown again"


@pytest.mark.parametrize("withdraw", ["purpose", "everything"])
def test_who_takes_it_back_is_gone_at_once_and_no_later_yes_brings_that_back(
    session: Session, store: StoreView, sarah: MemberView, withdraw: str
) -> None:
    now = core_clock.now()
    wishes(session, sarah)
    comes_in(session, store, sarah)
    if withdraw == "purpose":
        take_back(session, GREETING, member=sarah, now=now)
    else:
        stop_all(session, member=sarah, now=now)
    assert shown(session, store) == []
    agree(session, GREETING, member=sarah, now=now)
    assert shown(session, store) == []


def test_leaving_early_and_deleting_the_visit_end_it_and_nothing_of_anybody_else(
    session: Session, store: StoreView, sarah: MemberView
) -> None:
    now, robin = core_clock.now(), new_member(session, store.brand_id)
    wishes(session, sarah)
    visit = comes_in(session, store, sarah)
    forget_visit(session, visit.id, member=robin)
    go_out(session, store, member=robin, now=now)
    assert shown(session, store) == [sarah.id]
    go_out(session, store, member=sarah, now=now)
    assert shown(session, store) == []
    visit = come_in(session, store, member=sarah, way="kiosk", now=now)
    assert shown(session, store) == [sarah.id]
    forget_visit(session, visit.id, member=sarah)
    assert shown(session, store) == []


def test_not_them_clears_every_tablet_until_that_is_undone_or_they_come_in_again(
    session: Session, store: StoreView, sarah: MemberView, clock: FixedClock
) -> None:
    wishes(session, sarah)
    comes_in(session, store, sarah)
    (one,) = queries.greetings_in(session, store.id, now=clock.now())
    where = {"store_id": store.id, "now": clock.now()}
    with pytest.raises(NotFound):
        service.clear(session, one.id, store_id=new_store(session).id, now=clock.now())
    service.clear(session, one.id, **where)
    assert shown(session, store) == []
    with pytest.raises(NotFound):
        service.clear(session, one.id, **where)
    service.bring_back(session, one.id, **where)
    assert shown(session, store) == [sarah.id]
    service.clear(session, one.id, **where)
    comes_in(session, store, sarah)
    assert shown(session, store) == [sarah.id]
    (again,) = queries.greetings_in(session, store.id, now=clock.now())
    with pytest.raises(NotFound):
        service.bring_back(session, again.id, **where)
    clock.advance(minutes=15)
    with pytest.raises(NotFound):
        service.clear(session, again.id, store_id=store.id, now=clock.now())


def test_who_has_no_name_yet_is_not_greeted(session: Session, store: StoreView) -> None:
    nameless = new_member(session, store.brand_id, display_name="")
    wishes(session, nameless)
    comes_in(session, store, nameless)
    assert shown(session, store) == []


def test_a_changed_wish_holds_where_somebody_is_already(
    session: Session, store: StoreView, sarah: MemberView
) -> None:
    sam = new_staff(session, store.brand_id, role="assistant")
    wishes(session, sarah)
    comes_in(session, store, sarah)
    assert names_in(session, store, sam) == ["Sarah"]
    wishes(session, sarah, form="title", title="Miss")
    assert names_in(session, store, sam) == ["Miss Lewis"]


def test_tablets_of_the_store_are_woken_whenever_somebody_comes_or_goes(
    session: Session, store: StoreView, sarah: MemberView
) -> None:
    def woken() -> int:
        session.flush()
        events = session.scalars(select(Event).where(Event.kind == "GreetingsChanged")).all()
        assert all(one.topics == [f"floor:{store.id}"] for one in events)
        assert all(one.payload == {"store_id": store.id} for one in events), "nobody's name"
        return len(events)

    now = core_clock.now()
    comes_in(session, store, sarah)
    assert woken() == 0, "there is nothing to see"
    wishes(session, sarah)
    comes_in(session, store, sarah)
    comes_in(session, store, sarah)
    assert woken() == 1
    go_out(session, store, member=sarah, now=now)
    assert woken() == 2
    comes_in(session, store, sarah)
    take_back(session, GREETING, member=sarah, now=now)
    assert woken() == 4
