"""A friend reports what they are asked: who sees what of that, and what is left of it."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.errors import Invalid, NotFound
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.fitting_rooms import links
from retail.opinions import queries, reports, service
from retail.opinions.models import OpinionReport
from retail.opinions.reports import ReportedView
from retail.staff.queries import StaffView
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.floor import linked
from tests.builders.friends import befriend
from tests.builders.opinions import answers_to, new_opinion, say
from tests.builders.staff_accounts import new_staff

LINE = "Isn't she a fright?"


@pytest.fixture
def store(session: Session) -> StoreView:
    return new_store(session)


@pytest.fixture
def people(session: Session, store: StoreView) -> list[MemberView]:
    """Sarah with her friends Priya and Tom."""
    names = ("Sarah Lewis", "Priya Nair", "Tom Webb")
    made = [new_member(session, store.brand_id, display_name=name) for name in names]
    befriend(session, made[0], *made[1:])
    return made


@pytest.fixture
def jo(session: Session, store: StoreView) -> StaffView:
    return new_staff(session, store.brand_id)


def report(session: Session, asked: str, friend: MemberView, clock: FixedClock) -> None:
    reports.report(session, asked, reason="unkind", member=friend, now=clock.now())


def waiting(session: Session, staff: StaffView, clock: FixedClock) -> list[ReportedView]:
    return reports.reported(session, seen_by=staff, now=clock.now())


def kept(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(OpinionReport)) or 0


def test_it_is_gone_for_who_reported_it_and_for_nobody_else(
    session: Session, people: list[MemberView], clock: FixedClock
) -> None:
    sarah, priya, tom = people
    asked, now = new_opinion(session, sarah, priya, tom, words=LINE), clock.now()
    say(session, asked, priya, "no")
    report(session, asked, priya, clock)
    assert queries.find_asked(session, asked, viewer=priya, now=now) is None
    assert queries.asked_of(session, priya, now=now) == []
    with pytest.raises(NotFound):
        queries.picture_for(session, asked, viewer_id=priya.id, now=now, key=b"")
    assert answers_to(session, asked, sarah) == [], "as if she had put it away"
    assert queries.find_asked(session, asked, viewer=tom, now=now) is not None
    with pytest.raises(NotFound):
        report(session, asked, priya, clock)
    assert kept(session) == 1


def test_whoever_decides_sees_the_line_and_why_and_no_more(
    session: Session, people: list[MemberView], jo: StaffView, clock: FixedClock
) -> None:
    sarah, priya, tom = people
    asked = new_opinion(session, sarah, priya, tom, words=LINE)
    report(session, asked, priya, clock)
    reports.report(session, asked, reason="bare", member=tom, now=clock.now())
    (seen,) = waiting(session, jo, clock)
    assert (seen.kind, seen.words) == ("picture", LINE)
    assert sorted(seen.reasons) == ["bare", "unkind"]
    names = {"id", "kind", "words", "reasons", "reported_at"}
    assert set(ReportedView.__dataclass_fields__) == names, "nobody, no goods, no picture"
    assert reports.count_reported(session, seen_by=jo, now=clock.now()) == 1


def test_ended_it_is_gone_for_everybody_and_left_only_its_reports_are(
    session: Session, people: list[MemberView], jo: StaffView, clock: FixedClock
) -> None:
    sarah, priya, tom = people
    bad, good = (new_opinion(session, sarah, priya, tom) for _ in range(2))
    for each in (bad, good):
        report(session, each, priya, clock)
    reports.dismiss(session, good, staff=jo)
    reports.end(session, bad, staff=jo)
    assert waiting(session, jo, clock) == []
    assert kept(session) == 0
    assert [one.id for one in queries.own(session, sarah.id, now=clock.now())] == [good]
    assert queries.find_asked(session, good, viewer=priya, now=clock.now()) is None
    for each in (bad, good):
        for decide in (reports.end, reports.dismiss):
            with pytest.raises(NotFound):
                decide(session, each, staff=jo)


def test_nothing_of_a_report_outlives_what_it_is_about(
    session: Session,
    store: StoreView,
    people: list[MemberView],
    jo: StaffView,
    clock: FixedClock,
) -> None:
    sarah, priya, tom = people
    taken, by_day = (new_opinion(session, sarah, priya) for _ in range(2))
    linked(session, store, sarah)
    link = links.link_of(session, sarah.id)
    assert link is not None
    in_room = new_opinion(session, sarah, priya, tom)
    for each in (taken, by_day, in_room):
        report(session, each, priya, clock)
    service.take_back(session, taken, member=sarah)
    links.unlink_member(session, sarah.id)
    assert [one.id for one in waiting(session, jo, clock)] == [by_day], "wiped with the room"
    service.end_of_link(session, link.id)
    assert kept(session) == 1
    clock.advance(hours=24)
    assert waiting(session, jo, clock) == []
    service.end_due(session, by_day, now=clock.now())
    assert kept(session) == 0


def test_a_stores_people_see_what_its_rooms_asked_and_another_brands_see_nothing(
    session: Session, store: StoreView, people: list[MemberView], jo: StaffView, clock: FixedClock
) -> None:
    sarah, priya, tom = people
    at_home = new_opinion(session, priya, sarah)
    linked(session, store, sarah)
    in_room = new_opinion(session, sarah, priya, tom)
    report(session, at_home, sarah, clock)
    report(session, in_room, priya, clock)
    other = new_store(session, brand_id=store.brand_id)
    here, there = (new_staff(session, store.brand_id, store_id=one.id) for one in (store, other))
    stranger = new_staff(session, new_store(session).brand_id)

    def seen(staff: StaffView) -> set[str]:
        return {one.id for one in waiting(session, staff, clock)}

    assert seen(jo) == {at_home, in_room}
    assert seen(here) == {in_room}
    assert seen(there) == seen(stranger) == set()
    for staff, asked in ((there, in_room), (stranger, in_room), (here, at_home)):
        for decide in (reports.end, reports.dismiss):
            with pytest.raises(NotFound):
                decide(session, asked, staff=staff)
    assert kept(session) == 2


def test_only_who_is_asked_reports_and_says_why(
    session: Session, people: list[MemberView], clock: FixedClock
) -> None:
    sarah, priya, tom = people
    asked = new_opinion(session, sarah, priya)
    for one in (sarah, tom):
        with pytest.raises(NotFound):
            report(session, asked, one, clock)
    with pytest.raises(Invalid):
        reports.report(session, asked, reason="", member=priya, now=clock.now())
    assert queries.find_asked(session, asked, viewer=priya, now=clock.now()) is not None


def test_erasing_who_reported_takes_the_report_and_leaves_the_question(
    session: Session, people: list[MemberView], clock: FixedClock
) -> None:
    sarah, priya, tom = people
    asked = new_opinion(session, sarah, priya, tom)
    report(session, asked, priya, clock)
    told = reports.export(session, priya.id)["reported"]
    assert told == [{"reason": "unkind", "reported_at": clock.now()}]
    service.erase(session, priya.id)
    assert kept(session) == 0
    assert queries.own(session, sarah.id, now=clock.now())
