"""Reports that meet the end of a question: nothing of one is left, on both databases."""

from typing import NamedTuple

import pytest
from sqlalchemy import func, select

from core import clock
from core.errors import NotFound
from core.transaction import Database
from retail.accounts.queries import MemberView
from retail.opinions import reports, service
from retail.opinions.models import OpinionReport, OpinionRequest
from retail.staff.queries import StaffView
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.friends import befriend
from tests.builders.opinions import new_opinion
from tests.builders.races import meeting, race
from tests.builders.staff_accounts import new_staff
from tests.conftest import both_databases

LANES = 6


class Reported(NamedTuple):
    """A question that the first of its friends reported already."""

    id: str
    asker: MemberView
    friends: list[MemberView]
    jo: StaffView


def new_reported(db: Database) -> Reported:
    with db.write() as session:
        store = new_store(session)
        asker, *friends = (new_member(session, store.brand_id) for _ in range(LANES - 1))
        befriend(session, asker, *friends)
        asked = new_opinion(session, asker, *friends)
        reports.report(session, asked, member=friends[0], reason="unkind", now=clock.now())
        return Reported(asked, asker, friends, new_staff(session, store.brand_id))


@both_databases
def test_friends_who_report_while_it_is_taken_back_and_ended_leave_nothing(db: Database) -> None:
    asked, asker, friends, jo = new_reported(db)

    def work(lane: int) -> bool:
        try:
            with db.write() as session:
                if lane == 0:
                    service.take_back(session, asked, member=asker)
                elif lane == 1:
                    reports.end(session, asked, staff=jo)
                else:
                    again = friends[lane - 2]
                    reports.report(session, asked, member=again, reason="unkind", now=clock.now())
        except NotFound:
            return False
        return lane < 2

    ended = race(work, attempts=LANES, threads=LANES)
    with db.read() as session:
        for table in (OpinionRequest, OpinionReport):
            assert session.scalar(select(func.count()).select_from(table)) == 0
    assert sum(ended) == 1, "one of the two ended it"


@pytest.mark.parametrize("db", ["postgresql"], indirect=True)
def test_control_two_who_look_before_they_end_it_both_say_that_they_did(db: Database) -> None:
    asked, *_ = new_reported(db)
    wait = meeting(2)

    def work(lane: int) -> bool:
        del lane
        with db.write() as session:
            found = session.scalars(select(OpinionRequest.id)).all()
            wait()
            service.remove(session, [asked])
            return bool(found)

    assert race(work, attempts=2, threads=2) == [True, True]
