"""What hangs on a wall, and what people decide about it."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock as core_clock
from core.clock import FixedClock
from core.errors import Conflict, Invalid, NotFound, TooMany
from core.outbox import Job
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.journeys.looks.publish import withdraw_public_looks
from retail.journeys.members.agree import Change, stop_all
from retail.outfits import queries as outfits
from retail.social import queries as social
from retail.staff.queries import StaffView
from retail.wall import exporter, queries, rules, service
from retail.wall_page import queries as wall_page
from retail.wall_rules import service as wall_rules
from retail.wall_rules.queries import RulesView
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.outfits import new_draft, new_stylist
from tests.builders.staff_accounts import new_staff
from tests.builders.wall import decide, new_look, report_times, reword


@pytest.fixture
def store(session: Session) -> StoreView:
    return new_store(session)


@pytest.fixture
def nina(session: Session, store: StoreView) -> MemberView:
    return new_stylist(session, store.brand_id)


@pytest.fixture
def jo(session: Session, store: StoreView) -> StaffView:
    return new_staff(session, store.brand_id)


def state(session: Session, outfit_id: str, staff: StaffView) -> str:
    return queries.get_post(session, outfit_id, seen_by=staff).state


def in_queue(session: Session, which: str, staff: StaffView) -> list[str]:
    return [judged.look.id for judged in wall_page.get_queue(session, which, seen_by=staff)]


def is_public(session: Session, outfit_id: str, store: StoreView) -> bool:
    """Whether any of the reads that screens are made of still gives the look."""
    seen = {
        "page": bool(outfits.public_outfits(session, store.brand_id, [outfit_id])),
        "trending": outfit_id in {look.id for look in _trending(session, store)},
        "newest": outfit_id in outfits.newest_public(session, store.brand_id),
    }
    assert len(set(seen.values())) == 1, seen
    return seen["page"]


def _trending(session: Session, store: StoreView) -> list[outfits.OutfitView]:
    return social.trending(session, store.brand_id, store_id=store.id, now=core_clock.now())


def test_a_look_for_everyone_hangs_at_once(
    session: Session, store: StoreView, nina: MemberView, jo: StaffView
) -> None:
    look = new_look(session, store, "Sunday best", member=nina)
    draft = new_draft(session, store, nina)
    assert state(session, look, jo) == rules.SHOWN
    assert [found for _, found in queries.shown_ids(session, store.brand_id, limit=9)] == [look]
    with pytest.raises(NotFound):
        queries.get_post(session, draft, seen_by=jo)


def test_hidden_is_off_every_screen_and_stays_its_owners(
    session: Session, store: StoreView, nina: MemberView, jo: StaffView
) -> None:
    look = new_look(session, store, member=nina)
    assert is_public(session, look, store)
    decide(session, look, jo, rules.HIDE, "rude")
    assert not is_public(session, look, store)
    with pytest.raises(NotFound):
        outfits.get_visible(session, look)
    assert outfits.get_visible(session, look, viewer_id=nina.id).id == look
    decide(session, look, jo, rules.SHOW)
    assert is_public(session, look, store)


def test_its_owner_reads_why_and_may_ask_once(
    session: Session, store: StoreView, nina: MemberView, jo: StaffView
) -> None:
    look = new_look(session, store, member=nina)
    decide(session, look, jo, rules.HIDE, "advert")
    notice = queries.notices_for(session, nina.id)[look]
    assert notice.sentence == "It advertises something else than the look."
    assert notice.may_appeal
    service.appeal(session, look, member_id=nina.id, now=core_clock.now())
    assert in_queue(session, queries.TO_DO, jo) == [look]
    decide(session, look, jo, rules.HIDE, "advert")
    assert in_queue(session, queries.TO_DO, jo) == []
    assert not queries.notices_for(session, nina.id)[look].may_appeal
    with pytest.raises(Conflict):
        service.appeal(session, look, member_id=nina.id, now=core_clock.now())
    with pytest.raises(NotFound):
        service.appeal(
            session, look, member_id=new_member(session, store.brand_id).id, now=core_clock.now()
        )


def test_hiding_needs_one_of_the_reasons(session: Session, store: StoreView, jo: StaffView) -> None:
    look = new_look(session, store)
    for reason in (None, "", "because"):
        with pytest.raises(Invalid):
            decide(session, look, jo, rules.HIDE, reason)


def test_showing_a_hidden_look_again_lets_nothing_through(
    session: Session, store: StoreView, nina: MemberView, jo: StaffView
) -> None:
    look = new_look(session, store, member=nina)
    decide(session, look, jo, rules.HIDE, "rude")
    hang = {"brand_id": store.brand_id, "store_id": store.id, "member_id": nina.id}
    assert (
        service.post(session, look, **hang, caption="Other words", now=core_clock.now())
        == rules.HIDDEN
    )


def test_where_a_brand_checks_first_a_look_waits_for_a_person(
    session: Session, store: StoreView, nina: MemberView, jo: StaffView
) -> None:
    hung_before = new_look(session, store)
    wall_rules.set_rules(
        session, store.brand_id, RulesView(checks_first=True, reports_for_review=3)
    )
    look = new_look(session, store, "Hello", member=nina)
    assert not is_public(session, look, store)
    assert is_public(session, hung_before, store)
    assert in_queue(session, queries.WAITING, jo) == [look]
    decide(session, look, jo, rules.SHOW)
    assert is_public(session, look, store)
    reword(session, look, nina, "Hello again")
    assert not is_public(session, look, store)


def test_a_banned_word_waits_whenever_it_comes(
    session: Session, store: StoreView, nina: MemberView, jo: StaffView
) -> None:
    early = new_look(session, store, "What a PLONKER", member=nina)
    wall_rules.ban_word(session, "Plonker", staff=jo, now=core_clock.now())
    (job,) = session.scalars(select(Job).where(Job.kind == wall_rules.SWEEP_JOB))
    assert service.sweep(session, **job.payload, now=core_clock.now()) == 1
    assert not is_public(session, early, store)
    late = new_look(session, store, "pl0nker!")
    assert not is_public(session, late, store)
    fine = new_look(session, store, "Plonkers are people too", member=nina)
    assert is_public(session, fine, store)
    reword(session, fine, nina, "p.l.o.n.k.e.r")
    assert state(session, fine, jo) == rules.WAITING
    decide(session, fine, jo, rules.SHOW)
    hang = {"brand_id": store.brand_id, "store_id": store.id, "member_id": nina.id}
    again = service.post(session, fine, **hang, caption="p.l.o.n.k.e.r", now=core_clock.now())
    assert again == rules.SHOWN


@pytest.mark.parametrize("verdict", [None, rules.HIDE])
@pytest.mark.parametrize("take_back", [withdraw_public_looks, stop_all])
def test_what_its_owner_took_back_is_nobodys_to_judge(
    session: Session,
    store: StoreView,
    nina: MemberView,
    jo: StaffView,
    verdict: str | None,
    take_back: Change,
) -> None:
    look = new_look(session, store, member=nina)
    report_times(session, look, store.brand_id, 3)
    if verdict:
        decide(session, look, jo, verdict, "rude")
    which = queries.HIDDEN if verdict else queries.REPORTED
    assert in_queue(session, which, jo) == [look]
    take_back(session, member=nina, now=core_clock.now())
    assert in_queue(session, which, jo) == []
    assert wall_page.get_queue_lengths(session, seen_by=jo)[which] == 0
    with pytest.raises(NotFound):
        wall_page.get_judged(session, look, seen_by=jo)


def test_reports_bring_a_look_to_review_and_a_decision_settles_them(
    session: Session, store: StoreView, jo: StaffView
) -> None:
    look = new_look(session, store)
    report_times(session, look, store.brand_id, 2)
    assert in_queue(session, queries.TO_DO, jo) == []
    report_times(session, look, store.brand_id, 1)
    assert in_queue(session, queries.REPORTED, jo) == [look]
    assert is_public(session, look, store)
    assert wall_page.get_queue_lengths(session, seen_by=jo)[queries.TO_DO] == 1
    decide(session, look, jo, rules.SHOW)
    assert in_queue(session, queries.TO_DO, jo) == []
    report_times(session, look, store.brand_id, 2)
    assert in_queue(session, queries.TO_DO, jo) == []


def test_a_member_reports_a_look_once_and_never_their_own(
    session: Session, store: StoreView, nina: MemberView, jo: StaffView
) -> None:
    look, fan = new_look(session, store, member=nina), new_member(session, store.brand_id)
    for _ in range(3):
        service.report(session, look, member_id=fan.id, owner_id=nina.id, now=core_clock.now())
    post = queries.get_post(session, look, seen_by=jo)
    assert post.reports == 1
    assert fan.id not in repr(post)
    with pytest.raises(Invalid):
        service.report(session, look, member_id=nina.id, owner_id=nina.id, now=core_clock.now())


def test_a_flood_of_reports_ends_at_twenty_a_day(
    session: Session, store: StoreView, nina: MemberView, clock: FixedClock
) -> None:
    fan = new_member(session, store.brand_id)
    looks = [new_look(session, store, member=nina) for _ in range(rules.REPORTS_A_DAY + 1)]
    for look in looks[:-1]:
        service.report(session, look, member_id=fan.id, owner_id=nina.id, now=clock.now())
    with pytest.raises(TooMany):
        service.report(session, looks[-1], member_id=fan.id, owner_id=nina.id, now=clock.now())
    clock.advance(days=1)
    service.report(session, looks[-1], member_id=fan.id, owner_id=nina.id, now=clock.now())


def test_the_newest_decision_can_be_undone_and_its_reports_wait_again(
    session: Session, store: StoreView, jo: StaffView
) -> None:
    look = new_look(session, store)
    report_times(session, look, store.brand_id, 3)
    first = decide(session, look, jo, rules.HIDE, "unkind")
    service.undo(session, first, staff=jo, now=core_clock.now())
    assert state(session, look, jo) == rules.SHOWN
    assert in_queue(session, queries.REPORTED, jo) == [look]
    with pytest.raises(Conflict):
        service.undo(session, first, staff=jo, now=core_clock.now())
    verdicts = [line.verdict for line in queries.history(session, look)]
    assert verdicts == [rules.UNDO, rules.HIDE]
    assert {line.staff_name for line in queries.history(session, look)} == {"Jo Hartley"}


def test_another_brands_and_another_stores_staff_see_nothing(
    session: Session, store: StoreView, jo: StaffView
) -> None:
    look = new_look(session, store)
    report_times(session, look, store.brand_id, 3)
    elsewhere = new_store(session, brand_id=store.brand_id)
    strangers = [
        new_staff(session, new_store(session).brand_id),
        new_staff(session, store.brand_id, store_id=elsewhere.id),
    ]
    decision = decide(session, look, jo, rules.HIDE, "rude")
    for stranger in strangers:
        assert sum(wall_page.get_queue_lengths(session, seen_by=stranger).values()) == 0
        with pytest.raises(NotFound):
            decide(session, look, stranger, rules.SHOW)
        with pytest.raises(NotFound):
            service.undo(session, decision, staff=stranger, now=core_clock.now())
    colleague = new_staff(session, store.brand_id, store_id=store.id)
    decide(session, look, colleague, rules.SHOW)


def test_a_look_is_exported_and_erased_with_its_history(
    session: Session, store: StoreView, nina: MemberView, jo: StaffView
) -> None:
    look, other = new_look(session, store, member=nina), new_look(session, store)
    report_times(session, look, store.brand_id, 1)
    service.report(session, other, member_id=nina.id, owner_id="", now=core_clock.now())
    decide(session, look, jo, rules.HIDE, "rude")
    kept = exporter.export(session, nina.id)
    assert [post["outfit_id"] for post in kept["posts"]] == [look]
    assert [row["outfit_id"] for row in kept["reports"]] == [other]
    service.erase(session, nina.id)
    assert exporter.export(session, nina.id) == {"posts": [], "history": [], "reports": []}
    with pytest.raises(NotFound):
        queries.get_post(session, look, seen_by=jo)
