"""Whose likes score: each rule by itself, and what removing a like may never do."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from core import clock
from core.clock import FixedClock
from core.errors import Conflict, Forbidden, Invalid, NotFound
from loyalty.leaderboards import queries as leaderboards
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.fairness import queries, service
from retail.journeys.league.scan_likes import hold_back, look_at_likes
from retail.social import queries as social_queries
from retail.social import service as social
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.catalogue import new_variants
from tests.builders.league import fold, like_times, new_league, ranked_outfit, running_season
from tests.builders.outfits import bought
from tests.builders.staff_accounts import new_staff
from tests.conftest import both_databases


def league(session: Session) -> tuple[StoreView, MemberView, str]:
    store = new_store(session)
    new_league(session, store.brand_id)
    stylist, outfit_id = ranked_outfit(session, store)
    return store, stylist, outfit_id


def score(session: Session, store: StoreView, stylist: MemberView) -> int:
    fold(session)
    standing = leaderboards.rank_of(session, running_season(session, store).id, stylist.id)
    return standing.score if standing else 0


def test_a_like_of_a_day_old_account_scores_and_of_a_younger_one_does_not(
    session: Session,
) -> None:
    store, stylist, outfit_id = league(session)
    for hours in (23, 24):
        joined_at = clock.now() - timedelta(hours=hours)
        fan = new_member(session, store.brand_id, joined_at=joined_at)
        social.like(session, outfit_id, member=fan, now=clock.now())
    assert score(session, store, stylist) == 1
    assert social_queries.count_of(session, outfit_id) == 2


def test_minors_and_those_who_work_here_do_not_score(session: Session) -> None:
    store, stylist, outfit_id = league(session)
    minor = new_member(session, store.brand_id, birth_on=date(2012, 1, 1))
    colleague = new_member(session, store.brand_id, email="jo@brand.example")
    new_staff(session, store.brand_id, email="jo@brand.example")
    for fan in (minor, colleague):
        social.like(session, outfit_id, member=fan, now=clock.now())
    assert score(session, store, stylist) == 0


def test_a_claimed_purchase_can_be_asked_for(session: Session) -> None:
    store, stylist, outfit_id = league(session)
    service.set_rules(session, store.brand_id, {"needs_purchase": True}, now=clock.now())
    like_times(session, outfit_id, store.brand_id, 2)
    (buyer,) = like_times(session, outfit_id, store.brand_id, 1)
    bought(
        session, store, buyer, new_variants(session, brand_id=store.brand_id, drawings=["jeans"])
    )
    assert score(session, store, stylist) == 1


def test_a_days_likes_are_capped_and_removing_one_lifts_no_other(session: Session) -> None:
    store, stylist, outfit_id = league(session)
    other, other_id = ranked_outfit(session, store)
    service.set_rules(session, store.brand_id, {"likes_per_day": 1}, now=clock.now())
    (fan,) = like_times(session, outfit_id, store.brand_id, 1)
    fold(session)
    social.like(session, other_id, member=fan, now=clock.now())
    assert (score(session, store, stylist), score(session, store, other)) == (1, 0)
    case_id = held(session, store, [(outfit_id, fan.id)])
    decide(session, store, case_id, is_fair=False)
    assert (score(session, store, stylist), score(session, store, other)) == (0, 0)


def test_rules_have_versions_and_refuse_nonsense(session: Session) -> None:
    store = new_store(session)
    assert queries.rules_of(session, store.brand_id).version == 0
    play = service.set_rules(session, store.brand_id, {"likes_per_day": 5}, now=clock.now())
    assert (play.version, play.likes_per_day, play.account_age_hours) == (1, 5, 24)
    for nonsense in ({"likes_per_day": 0}, {"likes_per_moon": 4}):
        with pytest.raises(Invalid):
            service.set_rules(session, store.brand_id, nonsense, now=clock.now())  # type: ignore[arg-type]


def held(session: Session, store: StoreView, likes: list[tuple[str, str]]) -> str:
    suspicion = service.Suspicion("group", tuple(likes), {"members": len(likes), "looks": 1})
    play = queries.rules_of(session, store.brand_id)
    case_id = service.hold_back(session, store.brand_id, suspicion, play=play, now=clock.now())
    assert case_id is not None
    return case_id


def decide(session: Session, store: StoreView, case_id: str, *, is_fair: bool) -> str:
    jo = new_staff(session, store.brand_id)
    service.decide(
        session,
        case_id,
        brand_id=store.brand_id,
        staff_id=jo.id,
        is_fair=is_fair,
        reason="They all joined from one flyer.",
        now=clock.now(),
    )
    return jo.id


@both_databases
def test_a_ring_is_held_back_by_the_scan_and_stays_on_its_looks(session: Session) -> None:
    store, stylist, outfit_id = league(session)
    ids = [outfit_id, *(ranked_outfit(session, store)[1] for _ in range(3))]
    ring = [new_member(session, store.brand_id) for _ in range(9)]
    for member in ring:
        for each in ids:
            social.like(session, each, member=member, now=clock.now())
    like_times(session, outfit_id, store.brand_id, 2)
    # A few hundred others, so that what the ring does together is not what everybody does.
    others = [new_member(session, store.brand_id) for _ in range(60)]
    _, loved = ranked_outfit(session, store)
    for member in others:
        social.like(session, loved, member=member, now=clock.now())
    assert score(session, store, stylist) == 11
    play, found = look_at_likes(session, store.brand_id, now=clock.now())
    (case_id,) = hold_back(session, store.brand_id, play, found, now=clock.now())
    assert score(session, store, stylist) == 2
    assert social_queries.count_of(session, outfit_id) == 11
    (mine,) = queries.cases_of(session, stylist.id)
    assert (mine.id, mine.held) == (case_id, 9)
    assert queries.get_case(session, case_id, brand_id=store.brand_id).evidence["members"] == 9
    assert not hold_back(session, store.brand_id, play, found, now=clock.now())


@both_databases
def test_a_cleared_like_scores_again_in_the_season_open_then(
    session: Session, clock: FixedClock
) -> None:
    store, stylist, outfit_id = league(session)
    (fan,) = like_times(session, outfit_id, store.brand_id, 1)
    assert score(session, store, stylist) == 1
    case_id = held(session, store, [(outfit_id, fan.id)])
    assert score(session, store, stylist) == 0
    # Taking it back and giving it again gains nothing while somebody looks at it.
    social.unlike(session, outfit_id, member=fan)
    social.like(session, outfit_id, member=fan, now=clock.now())
    assert score(session, store, stylist) == 0
    decide(session, store, case_id, is_fair=True)
    assert score(session, store, stylist) == 1
    with pytest.raises(Conflict):
        decide(session, store, case_id, is_fair=False)


def test_an_appeal_is_made_once_and_answered_by_somebody_else(session: Session) -> None:
    store, stylist, outfit_id = league(session)
    (fan,) = like_times(session, outfit_id, store.brand_id, 1)
    fold(session)
    case_id = held(session, store, [(outfit_id, fan.id)])
    asked = {"brand_id": store.brand_id, "words": "They are my class.", "now": clock.now()}
    with pytest.raises(NotFound):
        service.appeal(session, case_id, member_id=stylist.id, **asked)  # type: ignore[arg-type]
    jo_id = decide(session, store, case_id, is_fair=False)
    with pytest.raises(NotFound):
        service.appeal(session, case_id, member_id=fan.id, **asked)  # type: ignore[arg-type]
    service.appeal(session, case_id, member_id=stylist.id, **asked)  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        service.appeal(session, case_id, member_id=stylist.id, **asked)  # type: ignore[arg-type]
    words = {"is_upheld": True, "reason": "A class it is.", "now": clock.now()}
    place = {"brand_id": store.brand_id, **words}
    with pytest.raises(Forbidden):
        service.answer(session, case_id, stylist.id, staff_id=jo_id, **place)  # type: ignore[arg-type]
    kim = new_staff(session, store.brand_id, name="Kim Osei")
    service.answer(session, case_id, stylist.id, staff_id=kim.id, **place)  # type: ignore[arg-type]
    assert score(session, store, stylist) == 1
    assert [appeal["words"] for appeal in queries.export(session, stylist.id)] == [asked["words"]]
    service.erase(session, stylist.id)
    assert queries.export(session, stylist.id) == []
