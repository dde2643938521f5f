"""Folding likes into live standings: right for every board, once, and only for who agreed."""

from datetime import timedelta

from sqlalchemy.orm import Session

from core import clock
from core.clock import FixedClock
from core.outbox import Event
from loyalty.leaderboards import queries as leaderboards
from loyalty.leaderboards.rules import SeasonView
from retail.journeys.league.fold_likes import has_likes_to_fold
from retail.journeys.league.opt_in import join_league, leave_league
from retail.social import service as social
from tests.builders.brands import new_brand, new_store
from tests.builders.league import (
    fold,
    like_times,
    new_league,
    ranked_outfit,
    running_season,
)
from tests.builders.outfits import new_outfit, new_stylist
from tests.conftest import both_databases


def live(session: Session, season: SeasonView) -> list[int]:
    """The scores of a season that runs, best first."""
    return [row.score for row in leaderboards.top(session, season.id)]


@both_databases
def test_likes_rise_on_every_board_they_belong_to(session: Session) -> None:
    brand = new_brand(session)
    store, other = new_store(session, brand=brand), new_store(session, brand=brand)
    new_league(session, brand.id)
    stylist, outfit_id = ranked_outfit(session, store)
    elsewhere = new_outfit(session, other, member=stylist)
    like_times(session, outfit_id, brand.id, 3)
    like_times(session, elsewhere, brand.id, 2)
    assert has_likes_to_fold(session, clock.now())
    fold(session)
    fold(session)
    assert not has_likes_to_fold(session, clock.now())
    for cadence in ("week", "month"):
        for where, kind, score in ((store, "store", 3), (other, "store", 2), (store, "brand", 5)):
            season = running_season(session, where, scope_kind=kind, cadence=cadence)
            rank = leaderboards.rank_of(session, season.id, stylist.id)
            assert rank is not None
            assert (rank.rank, rank.score) == (1, score)


def test_who_did_not_agree_is_not_ranked(session: Session) -> None:
    store = new_store(session)
    new_league(session, store.brand_id)
    stylist = new_stylist(session, store.brand_id)
    like_times(session, new_outfit(session, store, member=stylist), store.brand_id, 2)
    fold(session)
    assert leaderboards.top(session, running_season(session, store).id) == []


@both_databases
def test_taking_a_like_back_lowers_the_score_and_its_time(
    session: Session, clock: FixedClock
) -> None:
    store = new_store(session)
    new_league(session, store.brand_id)
    stylist, outfit_id = ranked_outfit(session, store)
    first_at = clock.now()
    like_times(session, outfit_id, store.brand_id, 1)
    clock.advance(hours=1)
    (late,) = like_times(session, outfit_id, store.brand_id, 1)
    fold(session)
    social.unlike(session, outfit_id, member=late)
    fold(session)
    (row,) = leaderboards.top(session, running_season(session, store).id)
    assert (row.owner_id, row.score, row.reached_at) == (stylist.id, 1, first_at)


def test_level_scores_go_to_whoever_was_there_first(session: Session, clock: FixedClock) -> None:
    store = new_store(session)
    new_league(session, store.brand_id)
    first, first_outfit = ranked_outfit(session, store)
    second, second_outfit = ranked_outfit(session, store)
    for outfit_id in (second_outfit, first_outfit, first_outfit, second_outfit):
        like_times(session, outfit_id, store.brand_id, 1)
        clock.advance(seconds=1)
    fold(session)
    standings = leaderboards.top(session, running_season(session, store).id)
    assert [(row.owner_id, row.rank) for row in standings] == [(first.id, 1), (second.id, 1)]


def test_a_board_tells_its_screens_once_a_fold(session: Session) -> None:
    store = new_store(session)
    new_league(session, store.brand_id)
    _, outfit_id = ranked_outfit(session, store)
    like_times(session, outfit_id, store.brand_id, 4)
    before = session.query(Event).filter_by(kind="BoardChanged").count()
    fold(session)
    assert session.query(Event).filter_by(kind="BoardChanged").count() - before == 4


def test_a_like_of_a_season_that_is_over_but_open_still_counts_in_it(
    session: Session, clock: FixedClock
) -> None:
    store = new_store(session)
    new_league(session, store.brand_id)
    _, outfit_id = ranked_outfit(session, store)
    season = running_season(session, store)
    clock.instant = season.ends_at - timedelta(seconds=1)
    like_times(session, outfit_id, store.brand_id, 1)
    clock.advance(seconds=2)
    like_times(session, outfit_id, store.brand_id, 2)
    fold(session)
    assert live(session, season) == [1]
    assert live(session, running_season(session, store)) == [2]


@both_databases
def test_who_joins_late_brings_the_likes_of_the_running_seasons(session: Session) -> None:
    store = new_store(session)
    new_league(session, store.brand_id)
    stylist = new_stylist(session, store.brand_id)
    outfit_id = new_outfit(session, store, member=stylist)
    like_times(session, outfit_id, store.brand_id, 2)
    fold(session)
    like_times(session, outfit_id, store.brand_id, 3)
    assert join_league(session, member=stylist, now=clock.now())
    fold(session)
    assert live(session, running_season(session, store)) == [5]


def test_who_leaves_is_off_every_board_and_may_come_back(session: Session) -> None:
    store = new_store(session)
    new_league(session, store.brand_id)
    stylist, outfit_id = ranked_outfit(session, store)
    like_times(session, outfit_id, store.brand_id, 2)
    fold(session)
    assert leave_league(session, member=stylist, now=clock.now())
    assert not leave_league(session, member=stylist, now=clock.now())
    season = running_season(session, store)
    assert leaderboards.top(session, season.id) == []
    like_times(session, outfit_id, store.brand_id, 1)
    fold(session)
    assert leaderboards.top(session, season.id) == []
    assert join_league(session, member=stylist, now=clock.now())
    assert not join_league(session, member=stylist, now=clock.now())
    assert live(session, season) == [3]
