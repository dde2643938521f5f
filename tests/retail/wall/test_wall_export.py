"""What a member's own copy says of the wall: all that is hers, and nothing of anybody else."""

import pytest
from sqlalchemy.orm import Session

from core import clock as core_clock
from core.clock import FixedClock
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.staff.queries import StaffView
from retail.wall import exporter, rules, service
from tests.builders.brands import new_store
from tests.builders.outfits import new_stylist
from tests.builders.staff_accounts import new_staff
from tests.builders.wall import decide, new_look, report_times


@pytest.fixture
def store(session: Session) -> StoreView:
    return new_store(session)


@pytest.fixture
def nina(session: Session, store: StoreView) -> MemberView:
    return new_stylist(session, store.brand_id)


@pytest.fixture
def jo(session: Session, store: StoreView) -> StaffView:
    return new_staff(session, store.brand_id)


def test_an_export_has_her_appeal_and_what_was_noted_about_her_look_but_no_names(
    session: Session, store: StoreView, nina: MemberView, jo: StaffView, clock: FixedClock
) -> None:
    look, other = new_look(session, store, member=nina), new_look(session, store)
    service.report(session, other, member_id=nina.id, owner_id="", now=core_clock.now())
    decide(session, other, jo, rules.HIDE, "rude", note="Its owner was warned before.")
    decide(session, look, jo, rules.HIDE, "advert", note="The caption names another shop.")
    clock.advance(hours=1)
    service.appeal(session, look, member_id=nina.id, now=core_clock.now())
    clock.advance(hours=1)
    decide(session, look, jo, rules.SHOW, note="It is the name of her dog.")
    kept = exporter.export(session, nina.id)
    told = [(row["by"], row["verdict"], row["note"], row["state"]) for row in kept["history"]]
    assert told == [
        ("staff", "hide", "The caption names another shop.", "hidden"),
        ("you", "appeal", "", "hidden"),
        ("staff", "show", "It is the name of her dog.", "shown"),
    ]
    assert kept["posts"][0]["appealed_at"] is not None
    assert {name for name in (jo.name, jo.id) if name in str(kept)} == set(), "they are theirs"
    assert "warned" not in str(kept), "what is noted about another's look is not hers"


def test_an_export_does_not_tell_of_reports_that_came_to_nothing(
    session: Session, store: StoreView, nina: MemberView, jo: StaffView
) -> None:
    look = new_look(session, store, member=nina)
    report_times(session, look, store.brand_id, 3)
    decide(session, look, jo, rules.SHOW, note="Ada reports everybody.")
    assert exporter.export(session, nina.id)["history"] == []
