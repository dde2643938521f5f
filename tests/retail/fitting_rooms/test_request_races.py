"""Two assistants who are equally quick, and a variant that reads before it writes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from core import clock
from core.errors import Conflict
from core.transaction import Database
from retail.fitting_rooms import requests
from tests.builders.brands import new_store
from tests.builders.floor import asked_from_a_room
from tests.builders.staff_accounts import new_staff
from tests.conftest import both_databases

Accept = Callable[[Session, str, str, str], None]


def accept(session: Session, request: str, staff_id: str, store_id: str) -> None:
    told = {"staff_id": staff_id, "staff_name": "Jo H", "now": clock.now()}
    requests.accept(session, request, store_ids=[store_id], **told)


def both_try(db: Database, take: Accept) -> list[str]:
    """What two say who take a request on at one instant."""
    with db.write() as session:
        store = new_store(session)
        request = asked_from_a_room(session, store)
        team = [new_staff(session, store.brand_id).id for _ in "12"]
    together = Barrier(2)

    def attempt(staff_id: str) -> str:
        together.wait()
        with db.write() as session:
            try:
                take(session, request, staff_id, store.id)
            except Conflict:
                return "late"
        return "has it"

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(attempt, team))


@both_databases
def test_two_who_are_equally_quick_never_both_have_a_request(db: Database) -> None:
    assert both_try(db, accept) == ["has it", "late"]


@pytest.mark.postgresql
def test_the_check_catches_who_reads_before_writing(postgresql_db: Database) -> None:
    """The control: looking first and writing then, both believe that they have it."""
    looked = Barrier(2)

    def naive(session: Session, request: str, staff_id: str, _: str) -> None:
        about = {"id": request, "staff": staff_id}
        state = text("SELECT state FROM room_request WHERE id = :id")
        if session.execute(state, about).scalar_one() != "asked":
            raise Conflict("late", "late")
        looked.wait(5)
        session.execute(
            text("UPDATE room_request SET state = 'accepted', staff_id = :staff WHERE id = :id"),
            about,
        )

    assert both_try(postgresql_db, naive) == ["has it", "has it"]
