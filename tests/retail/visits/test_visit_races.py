"""Two phones of one member check in and take it back at once: one visit a day, never an error."""

import threading
from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import clock
from core.ids import new_id
from core.sql import insert_ignore
from core.transaction import Database
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.visits import queries, service
from retail.visits.models import Visit
from retail.visits.rules import day_of
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.races import meeting, race, until_in_line
from tests.conftest import both_databases

ATTEMPTS = 80
CheckIn = Callable[..., object]


def at_the_door(db: Database) -> tuple[StoreView, MemberView]:
    with db.write() as session:
        store = new_store(session)
        return store, new_member(session, store.brand_id)


def row_of(store: StoreView, member: MemberView) -> dict[str, object]:
    return {
        "id": new_id(),
        "brand_id": store.brand_id,
        "store_id": store.id,
        "member_id": member.id,
        "visited_on": day_of(clock.now(), store.zone),
        "checked_in_at": clock.now(),
    }


def check_in(db: Database, store: StoreView, member: MemberView) -> None:
    with db.write() as session:
        assert service.check_in(session, store, member=member, now=clock.now())


def check_in_after_a_look(
    db: Database, store: StoreView, member: MemberView, *, all_have_looked: Callable[[], object]
) -> None:
    """The naive variant: it looks first whether there is a visit, and then writes."""
    with db.read() as session:
        visit = queries.find_visit(session, store, member.id, now=clock.now())
    all_have_looked()
    if visit is None:
        with db.write() as session:
            session.add(Visit(**row_of(store, member)))


def rush(db: Database, check_in: CheckIn, *, leaves_every: int) -> list[str]:
    """Everything that went wrong while eight phones tapped."""
    store, member = at_the_door(db)

    def attempt(number: int) -> str | None:
        try:
            if number % leaves_every == leaves_every - 1:
                with db.write() as session:
                    service.leave(session, store, member=member, now=clock.now())
            else:
                check_in(db, store, member)
        except (AssertionError, IntegrityError) as error:
            return type(error).__name__
        return None

    wrong = [error for error in race(attempt, attempts=ATTEMPTS) if error]
    with db.read() as session:
        kept = session.scalars(select(func.count()).select_from(Visit)).one()
    return wrong if kept <= 1 else [*wrong, f"{kept} visits"]


@pytest.mark.proof(rounds=1_250)
@both_databases
def test_no_tap_fails_and_one_visit_at_most_is_kept(db: Database) -> None:
    assert rush(db, check_in, leaves_every=3) == []


@pytest.mark.proof
@both_databases
def test_the_control_that_looks_first_is_caught(db: Database) -> None:
    naive = partial(check_in_after_a_look, all_have_looked=meeting())
    assert "IntegrityError" in rush(db, naive, leaves_every=ATTEMPTS + 1)


def is_there_while_taken_back(db: Database, again: CheckIn) -> bool:
    """Whether who checks in again still finds the visit though another phone takes it back."""
    store, member = at_the_door(db)
    check_in(db, store, member)

    def leave() -> None:
        with db.write() as session:
            service.leave(session, store, member=member, now=clock.now())

    other = threading.Thread(target=leave)
    with db.write() as session:
        again(session, store, member)
        other.start()
        until_in_line(db, other)
        found = queries.find_visit(session, store, member.id, now=clock.now())
    other.join()
    with db.read() as session:
        assert queries.visits_of(session, member.id) == []
    return found is not None


@both_databases
def test_what_is_checked_in_again_is_not_taken_back_meanwhile(db: Database) -> None:
    def again(session: Session, store: StoreView, member: MemberView) -> None:
        service.check_in(session, store, member=member, now=clock.now())

    assert is_there_while_taken_back(db, again)


@both_databases
def test_the_control_that_leaves_the_visit_alone_is_caught(db: Database) -> None:
    def again(session: Session, store: StoreView, member: MemberView) -> None:
        insert_ignore(session, Visit, **row_of(store, member))

    # SQLite has one writer at a time: there nobody can come between.
    assert is_there_while_taken_back(db, again) == (db.engine.dialect.name == "sqlite")
