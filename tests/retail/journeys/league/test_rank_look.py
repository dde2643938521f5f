"""A look stands on boards while everyone may see it, and likes among friends never count there."""

from sqlalchemy.orm import Session

from core import clock
from loyalty.leaderboards import queries as leaderboards
from loyalty.leaderboards.rules import SeasonView
from retail.journeys.league.rank_look import rank_look
from retail.social import queries as social
from retail.social import review
from retail.social import service as likes
from retail.wall.rules import HIDE, SHOW
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.friends import befriend
from tests.builders.league import fold, like_times, new_league, ranked_outfit, running_season
from tests.builders.outfits import new_outfit
from tests.builders.staff_accounts import new_staff
from tests.builders.wall import decide, new_look
from tests.conftest import both_databases


def ranked(session: Session, season: SeasonView, outfit_id: str) -> int | None:
    rank_look(session, outfit_id, now=clock.now())
    standing = leaderboards.rank_of(session, season.id, outfit_id)
    return standing.score if standing else None


def test_a_look_off_the_wall_is_off_its_boards_and_comes_back_with_its_likes(
    session: Session,
) -> None:
    store = new_store(session)
    new_league(session, store.brand_id, kinds=["outfits"])
    stylist, _ = ranked_outfit(session, store)
    outfit_id = new_look(session, store, member=stylist)
    rank_look(session, outfit_id, now=clock.now())
    manager = new_staff(session, store.brand_id)
    season = running_season(session, store, kind="outfits")
    like_times(session, outfit_id, store.brand_id, 3)
    fold(session)
    assert ranked(session, season, outfit_id) == 3
    decide(session, outfit_id, manager, HIDE, "rude")
    assert ranked(session, season, outfit_id) is None
    decide(session, outfit_id, manager, SHOW)
    assert ranked(session, season, outfit_id) == 3


@both_databases
def test_a_like_among_friends_is_not_judged_and_scores_nowhere(session: Session) -> None:
    store = new_store(session)
    new_league(session, store.brand_id)
    stylist, _ = ranked_outfit(session, store)
    friend = new_member(session, store.brand_id)
    befriend(session, stylist, friend)
    look = new_outfit(session, store, member=stylist, audience="friends")
    liked = likes.like(session, look, member=friend, now=clock.now())
    assert (liked.likes, liked.is_liked) == (1, True)
    fold(session)
    assert review.unjudged(session, store.brand_id) == []
    assert leaderboards.rank_of(session, running_season(session, store).id, stylist.id) is None
    undone = likes.unlike(session, look, member=friend)
    assert (undone.likes, undone.is_liked) == (0, False)
    assert social.brands_to_fold(session) == []
