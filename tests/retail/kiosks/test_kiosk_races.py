"""Two phones that scan a kiosk's code at one instant; and who reads before writing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import text

from core import clock
from core.errors import Conflict
from core.transaction import Database
from retail.accounts.queries import MemberView
from retail.kiosks import service
from retail.kiosks.rules import phone_linked
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.kiosks import a_kiosk_code
from tests.builders.races import meeting
from tests.conftest import KEY, both_databases

Link = Callable[[Database, str, MemberView], None]


def link(db: Database, code: str, member: MemberView) -> None:
    with db.write() as session:
        service.link(session, code, member=member, now=clock.now(), key=KEY)


def both_scan(db: Database, attempt: Link) -> list[str]:
    """What two are told who scan one code at one instant."""
    with db.write() as session:
        store = new_store(session)
        code = a_kiosk_code(session, store)
        people = [new_member(session, store.brand_id) for _ in "12"]
    together = meeting(2)

    def scan(member: MemberView) -> str:
        together()
        try:
            attempt(db, code, member)
        except Conflict as error:
            return error.code
        return "linked"

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(scan, people))


@both_databases
def test_of_two_phones_that_scan_one_code_at_once_one_is_linked(db: Database) -> None:
    assert both_scan(db, link) == ["kiosk_phone_linked", "linked"]


@both_databases
def test_the_check_catches_who_reads_before_writing(db: Database) -> None:
    """The control: looking first and writing then, both believe that theirs is linked."""
    looked = meeting(2)

    def naive(db: Database, code: str, member: MemberView) -> None:
        with db.read() as session:
            taken = session.execute(text("SELECT member_id FROM kiosk_session")).scalar_one()
        looked()
        if taken is not None:
            raise phone_linked()
        with db.write() as session:
            session.execute(text("UPDATE kiosk_session SET member_id = :id"), {"id": member.id})

    assert both_scan(db, naive) == ["linked", "linked"]
