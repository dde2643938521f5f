"""Two assistants who are equally quick, two phones at one code; and who reads before writing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import text

from core import clock
from core.errors import Conflict
from core.transaction import Database
from retail.fitting_rooms import links, requests
from retail.fitting_rooms.requests import Helper
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.floor import a_code, asked_from_a_room
from tests.builders.races import meeting
from tests.builders.staff_accounts import new_staff
from tests.conftest import KEY, both_databases

Accept = Callable[[Database, str, str, str], None]


def accept(db: Database, request: str, staff_id: str, store_id: str) -> None:
    with db.write() as session:
        by = Helper(staff_id, "Jo H")
        requests.accept(session, request, by=by, store_ids=[store_id], now=clock.now())


def both_try(db: Database, take: Accept) -> list[str]:
    """What two say who take a request on at one instant."""
    with db.write() as session:
        store = new_store(session)
        request = asked_from_a_room(session, store)
        team = [new_staff(session, store.brand_id).id for _ in "12"]
    together = meeting(2)

    def attempt(staff_id: str) -> str:
        together()
        try:
            take(db, request, staff_id, store.id)
        except Conflict:
            return "late"
        return "has it"

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(attempt, team))


@both_databases
def test_two_who_are_equally_quick_never_both_have_a_request(db: Database) -> None:
    assert both_try(db, accept) == ["has it", "late"]


@both_databases
def test_the_check_catches_who_reads_before_writing(db: Database) -> None:
    """The control: looking first and writing then, both believe that they have it."""
    looked = meeting(2)

    def naive(db: Database, request: str, staff_id: str, _: str) -> None:
        about = {"id": request, "staff": staff_id}
        with db.read() as session:
            state = text("SELECT state FROM room_request WHERE id = :id")
            is_taken = session.execute(state, about).scalar_one() != "asked"
        looked()
        if is_taken:
            raise Conflict("late", "late")
        taken = "UPDATE room_request SET state = 'accepted', staff_id = :staff WHERE id = :id"
        with db.write() as session:
            session.execute(text(taken), about)

    assert both_try(db, naive) == ["has it", "has it"]


@both_databases
def test_of_two_phones_that_scan_one_code_at_once_one_is_linked(db: Database) -> None:
    with db.write() as session:
        store = new_store(session)
        code = a_code(session, store)
        people = [new_member(session, store.brand_id) for _ in "12"]
    together = meeting(2)

    def attempt(number: int) -> str:
        together()
        try:
            with db.write() as session:
                told = {"member": people[number], "now": clock.now(), "key": KEY}
                links.link(session, code, **told)
        except Conflict as error:
            return error.code
        return "linked"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, range(2))) == ["linked", "room_phone_linked"]
