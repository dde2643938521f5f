"""A retailer with sixteen stores runs more than a hundred boards at once."""

from sqlalchemy.orm import Session

from core import clock
from loyalty.leaderboards import queries as leaderboards
from loyalty.leaderboards.rules import BOARD_KINDS
from tests.builders.brands import new_brand, new_store
from tests.builders.league import fold, like_times, new_league, ranked_outfit

STORES = 16


def test_a_hundred_boards_count_side_by_side(session: Session) -> None:
    brand = new_brand(session)
    stores = [new_store(session, brand=brand) for _ in range(STORES)]
    new_league(session, brand.id, kinds=BOARD_KINDS)
    liked = {}
    for number, store in enumerate(stores):
        stylist, outfit_id = ranked_outfit(session, store)
        like_times(session, outfit_id, brand.id, number % 3 + 1)
        liked[store.id] = (stylist.id, number % 3 + 1)
    fold(session)

    seasons = leaderboards.open_seasons(session, brand.id, clock.now())
    assert len(seasons) == 6 * (STORES + 1) >= 100
    for season in (season for season in seasons if season.kind == "stylists"):
        standings = leaderboards.top(session, season.id, STORES)
        found = {standing.owner_id: standing.score for standing in standings}
        if season.scope_kind == "brand":
            assert found == dict(liked.values())
        else:
            assert found == dict([liked[season.scope_id]])
