"""With a look that goes back, closed seasons lose the likes that they had counted, and no other."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import FixedClock
from loyalty.leaderboards import corrections
from loyalty.leaderboards import queries as leaderboards
from loyalty.leaderboards.rules import SeasonView
from retail.accounts import queries as accounts
from retail.journeys.league.season_close import close_season
from retail.social import review
from retail.social import service as likes
from retail.social.models import OutfitLike
from tests.builders.back import SCARF, Week, new_week, send_back
from tests.builders.league import fold, like_times, running_season
from tests.builders.outfits import new_outfit
from tests.conftest import KEY


def two_looks(session: Session) -> Week:
    """A week whose best stylist keeps another look, so that more may be lost than is right."""
    week = new_week(session, SCARF)
    kept = new_outfit(session, week.store, member=week.stylists[0])
    like_times(session, kept, week.store.brand_id, 5)
    fold(session)
    return week


def of_first(session: Session, week: Week) -> list[tuple[str, str]]:
    """The likes of the best look, as review names them."""
    look = week.looks[0]
    given = select(OutfitLike.outfit_id, OutfitLike.member_id).where(OutfitLike.outfit_id == look)
    return [(row.outfit_id, row.member_id) for row in session.execute(given)]


def lost(session: Session, season: SeasonView, week: Week) -> int:
    """What the best stylist lost in a closed season, of what it had counted."""
    frozen = leaderboards.final(session, season.id, owner_id=week.stylists[0].id)
    left = {one.owner_id: one.score for one in corrections.corrected(session, season.id)}
    return frozen[0].score - left.get(week.stylists[0].id, 0)


def test_a_like_that_a_closed_season_counted_is_lost_also_while_it_waits_for_review(
    session: Session, clock: FixedClock
) -> None:
    week = two_looks(session)
    week.close(session, clock)
    one = of_first(session, week)[:1]
    assert review.hold(session, week.store.brand_id, one, case_id="case") == 1
    send_back(session, week.store, week.looks[0])
    assert lost(session, week.season, week) == 3


@pytest.mark.parametrize("is_missed", [True, False])
def test_a_like_that_passed_review_is_lost_only_where_it_had_been_counted(
    session: Session, clock: FixedClock, is_missed: bool
) -> None:
    week = two_looks(session)
    month, brand_id = running_season(session, week.store, cadence="month"), week.store.brand_id
    week.close(session, clock)
    review.hold(session, brand_id, of_first(session, week)[:1], case_id="case")
    fold(session)
    if not is_missed:
        review.settle(session, brand_id, "case", verdict="cleared")
    clock.instant = month.ends_at
    close_season(session, month.id, now=clock.now(), key=KEY)
    if is_missed:
        review.settle(session, brand_id, "case", verdict="cleared")
    send_back(session, week.store, week.looks[0])
    assert lost(session, week.season, week) == 3
    assert lost(session, month, week) == (2 if is_missed else 3)


def test_a_like_given_again_is_lost_only_where_it_had_been_counted(
    session: Session, clock: FixedClock
) -> None:
    week = two_looks(session)
    month = running_season(session, week.store, cadence="month")
    week.close(session, clock)
    look, fan_id = of_first(session, week)[0]
    fan = accounts.members_by_id(session, [fan_id])[fan_id]
    likes.unlike(session, look, member=fan)
    clock.instant = month.ends_at
    close_season(session, month.id, now=clock.now(), key=KEY)
    likes.like(session, look, member=fan, now=clock.now())
    fold(session)
    send_back(session, week.store, look)
    assert (lost(session, week.season, week), lost(session, month, week)) == (3, 2)
