"""Reports that meet the end of a question: nothing of one is left, on both databases."""

from sqlalchemy import func, select

from core import clock
from core.errors import NotFound
from core.transaction import Database
from retail.opinions import reports, service
from retail.opinions.models import OpinionReport, OpinionRequest
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.friends import befriend
from tests.builders.opinions import new_opinion
from tests.builders.races import race
from tests.builders.staff_accounts import new_staff
from tests.conftest import both_databases

LANES = 6


@both_databases
def test_friends_who_report_while_it_is_taken_back_and_ended_leave_nothing(db: Database) -> None:
    with db.write() as session:
        store = new_store(session)
        asker, *friends = (new_member(session, store.brand_id) for _ in range(LANES - 1))
        befriend(session, asker, *friends)
        jo = new_staff(session, store.brand_id)
        asked = new_opinion(session, asker, *friends)
        told = {"reason": "unkind", "now": clock.now()}
        reports.report(session, asked, member=friends[0], **told)

    def work(lane: int) -> bool:
        try:
            with db.write() as session:
                if lane == 0:
                    service.take_back(session, asked, member=asker)
                elif lane == 1:
                    reports.end(session, asked, staff=jo)
                else:
                    reports.report(session, asked, member=friends[lane - 2], **told)
        except NotFound:
            return False
        return lane < 2

    ended = race(work, attempts=LANES, threads=LANES)
    with db.read() as session:
        for table in (OpinionRequest, OpinionReport):
            assert session.scalar(select(func.count()).select_from(table)) == 0
    assert sum(ended) == 1, "one of the two ended it"
