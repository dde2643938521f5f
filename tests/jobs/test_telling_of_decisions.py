"""Owners of looks hear what was decided about them and why, and never who asked for it."""

from sqlalchemy.orm import Session

from core import clock as core_clock
from core.clock import FixedClock
from core.transaction import Database
from retail.brands.queries import StoreView
from retail.fairness import queries as fairness
from retail.fairness import service as fair_play
from retail.staff.queries import StaffView
from retail.wall import service as wall
from retail.wall_rules import service as wall_rules
from tests.builders.brands import new_store
from tests.builders.league import fold, like_times, new_league, ranked_outfit
from tests.builders.outfits import new_stylist
from tests.builders.staff_accounts import new_staff
from tests.builders.wall import decide, new_look, report_times, reword
from tests.conftest import both_databases
from tests.jobs.conftest import Told, Work, titles


def held_back(session: Session, store: StoreView, *looks: str) -> str:
    """The id of a case on one like of each look."""
    likes = []
    for look in looks:
        (fan,) = like_times(session, look, store.brand_id, 1)
        likes.append((look, fan.id))
    fold(session)
    play = fairness.rules_of(session, store.brand_id)
    suspicion = fair_play.Suspicion("group", tuple(likes), {"members": 9, "looks": 4})
    now = core_clock.now()
    case_id = fair_play.hold_back(session, store.brand_id, suspicion, play=play, now=now)
    assert case_id is not None
    return case_id


@both_databases
def test_stylists_hear_why_likes_do_not_count_and_what_became_of_an_appeal(
    db: Database, clock: FixedClock, work: Work, told: Told
) -> None:
    with db.write() as session:
        store = new_store(session)
        new_league(session, store.brand_id)
        (ada, look), (bo, other) = (ranked_outfit(session, store) for _ in range(2))
        case_id = held_back(session, store, look, other)
    work()
    place = {"brand_id": store.brand_id, "now": clock.now()}
    assert told(ada) == told(bo) == []
    with db.write() as session:
        why = {"is_fair": False, "reason": "One flyer, nine accounts."}
        fair_play.decide(session, case_id, staff_id="jo", **place, **why)
    work()
    assert titles(told(ada)) == titles(told(bo)) == ["1 like doesn’t count"]
    assert told(ada)[0].text == "Why: One flyer, nine accounts."
    with db.write() as session:
        fair_play.appeal(session, case_id, member_id=ada.id, words="My class.", **place)
        answer = {"is_upheld": True, "reason": "A class it is."}
        fair_play.answer(session, case_id, ada.id, staff_id="kim", **place, **answer)
    work()
    assert titles(told(ada)) == ["We looked again: your likes count"]
    assert told(ada)[0].text == "A class it is."
    assert titles(told(bo)) == ["1 like doesn’t count"]


@both_databases
def test_an_owner_hears_that_a_look_went_off_the_wall_why_and_that_it_is_back(
    db: Database, clock: FixedClock, work: Work, told: Told
) -> None:
    with db.write() as session:
        store = new_store(session)
        owner = new_stylist(session, store.brand_id)
        jo = new_staff(session, store.brand_id)
        look = new_look(session, store, "Two coats cold", member=owner)
        report_times(session, look, store.brand_id, 3)
    steps = (("hide", "unkind"), ("show", None), ("hide", "advert"))
    expected = (
        ("Your look is off the wall", "Its words could hurt somebody."),
        ("Your look hangs on the wall", "Two coats cold"),
        ("Your look is off the wall", "It advertises something else than the look."),
    )
    for (verdict, reason), (title, text) in zip(steps, expected, strict=True):
        clock.advance(minutes=5)
        with db.write() as session:
            decide(session, look, jo, verdict, reason)
        work()
        (said,) = told(owner)
        assert said.title == title
        assert said.text.startswith(text)
    clock.advance(minutes=5)
    with db.write() as session:
        wall.appeal(session, look, member_id=owner.id, now=clock.now())
        decide(session, look, jo, "hide", "advert")
    work()
    assert titles(told(owner)) == ["Your look stays off the wall"]


@both_databases
def test_reports_that_nobody_upheld_are_never_heard_of(
    db: Database, clock: FixedClock, work: Work, told: Told
) -> None:
    with db.write() as session:
        store = new_store(session)
        owner = new_stylist(session, store.brand_id)
        jo = new_staff(session, store.brand_id)
        look = new_look(session, store, member=owner)
        report_times(session, look, store.brand_id, 3)
        decide(session, look, jo, "show")
    work()
    assert told(owner) == []


def ban(session: Session, staff: StaffView, clock: FixedClock) -> None:
    wall_rules.ban_word(session, "plonker", staff=staff, now=clock.now())


def test_new_words_that_wait_are_told_until_somebody_let_them_through(
    db: Database, clock: FixedClock, work: Work, told: Told
) -> None:
    with db.write() as session:
        store = new_store(session)
        owner = new_stylist(session, store.brand_id)
        jo = new_staff(session, store.brand_id)
        look = new_look(session, store, member=owner)
        ban(session, jo, clock)
        reword(session, look, owner, "You plonker")
    work()
    assert titles(told(owner)) == ["Your look isn’t on the wall yet"]
    clock.advance(minutes=1)
    with db.write() as session:
        decide(session, look, jo, "show")
    work()
    assert titles(told(owner)) == ["Your look hangs on the wall"]
