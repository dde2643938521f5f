"""A phone checks in while another withdraws: nothing stays that a later yes would bring back."""

import threading
from collections.abc import Callable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import clock
from core.ids import new_id
from core.transaction import Database
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.consent.rules import GREETING
from retail.greetings.models import Greeting
from retail.greetings.rules import SHOWN_FOR
from retail.journeys.members.agree import take_back
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.greetings import comes_in, wishes
from tests.builders.races import until_in_line
from tests.conftest import both_databases

ComeIn = Callable[[Session, StoreView, MemberView], object]


def left_behind(db: Database, come_in: ComeIn) -> int:
    """How many greetings stay of who withdraws while they come in."""
    with db.write() as session:
        store = new_store(session)
        member = new_member(session, store.brand_id)
        wishes(session, member)

    def withdraw() -> None:
        with db.write() as session:
            take_back(session, GREETING, member=member, now=clock.now())

    other = threading.Thread(target=withdraw)
    with db.write() as session:
        come_in(session, store, member)
        other.start()
        until_in_line(db, other)
    other.join()
    with db.read() as session:
        return session.scalar(select(func.count()).select_from(Greeting)) or 0


@both_databases
def test_who_withdraws_meanwhile_leaves_nothing(db: Database) -> None:
    assert left_behind(db, comes_in) == 0


@both_databases
def test_the_control_that_takes_no_turn_is_caught(db: Database) -> None:
    def barge_in(session: Session, store: StoreView, member: MemberView) -> None:
        where = {"brand_id": store.brand_id, "store_id": store.id, "visit_id": new_id()}
        when = {"began_at": clock.now(), "ends_at": clock.now() + SHOWN_FOR}
        session.add(Greeting(id=new_id(), member_id=member.id, way="door", **where, **when))
        session.flush()

    # SQLite has one writer at a time: there nobody can come between.
    assert left_behind(db, barge_in) == (db.engine.dialect.name != "sqlite")
