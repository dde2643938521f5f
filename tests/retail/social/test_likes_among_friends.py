"""Likes of looks for friends: from friends alone, into the look's own number, onto no board."""

import pytest
from sqlalchemy.orm import Session

from core import clock as core_clock
from core.errors import Forbidden, NotFound
from core.transaction import Database
from loyalty.leaderboards import queries as leaderboards
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.friends import service as friends
from retail.journeys.league.opt_in import join_league, leave_league
from retail.journeys.league.season_close import close_season
from retail.journeys.looks.publish import publish, withdraw_friends_looks
from retail.journeys.members.block import block, settle
from retail.outfits import queries as outfits
from retail.outfits import service as outfit_service
from retail.social import queries, service
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.friends import befriend
from tests.builders.league import fold, new_league, running_season
from tests.builders.outfits import new_draft, new_outfit, new_stylist
from tests.conftest import KEY, both_databases


def circle(session: Session) -> tuple[StoreView, MemberView, MemberView, str]:
    """A ranked stylist, a friend of hers, and her look for friends."""
    store = new_store(session)
    new_league(session, store.brand_id)
    stylist = new_stylist(session, store.brand_id)
    join_league(session, member=stylist, now=core_clock.now())
    friend = new_member(session, store.brand_id)
    befriend(session, stylist, friend)
    return store, stylist, friend, new_outfit(session, store, member=stylist, audience="friends")


def like(session: Session, outfit_id: str, member: MemberView) -> int:
    return service.like(session, outfit_id, member=member, now=core_clock.now()).likes


def score(session: Session, store: StoreView, stylist: MemberView) -> int:
    """What the stylist's standing on the store's running board says."""
    fold(session)
    standing = leaderboards.rank_of(session, running_season(session, store).id, stylist.id)
    return standing.score if standing else 0


@both_databases
def test_a_friends_like_counts_for_the_look_and_on_no_board(session: Session) -> None:
    store, stylist, friend, look = circle(session)
    assert like(session, look, friend) == like(session, look, friend) == 1
    assert score(session, store, stylist) == 0
    leave_league(session, member=stylist, now=core_clock.now())
    join_league(session, member=stylist, now=core_clock.now())
    assert score(session, store, stylist) == 0
    assert service.unlike(session, look, member=friend).likes == 0
    assert like(session, look, friend) == 1


def test_a_season_closes_without_likes_among_friends(session: Session) -> None:
    store, stylist, friend, look = circle(session)
    like(session, look, friend)
    fan = new_member(session, store.brand_id)
    like(session, new_outfit(session, store, member=stylist), fan)
    season = running_season(session, store)
    close_season(session, season.id, now=season.ends_at, key=KEY)
    assert [final.score for final in leaderboards.final(session, season.id)] == [1]


def test_only_friends_may_like_and_nobody_else_finds_anything(session: Session) -> None:
    store, stylist, friend, look = circle(session)
    for stranger in (
        new_member(session, store.brand_id),
        new_member(session, new_store(session).brand_id),
    ):
        for act in (
            lambda who: like(session, look, who),
            lambda who: service.unlike(session, look, member=who),
            lambda who: outfits.get_visible(session, look, viewer_id=who.id),
        ):
            with pytest.raises(NotFound):
                act(stranger)
    friends.end(session, friend.id, member=stylist)
    with pytest.raises(NotFound):
        like(session, look, friend)


@both_databases
def test_a_like_among_friends_scores_once_it_is_given_in_public(session: Session) -> None:
    store, stylist, friend, look = circle(session)
    like(session, look, friend)
    publish(session, look, member=stylist, audience="everyone", now=core_clock.now())
    assert like(session, look, friend) == 1
    assert score(session, store, stylist) == 0
    service.unlike(session, look, member=friend)
    assert like(session, look, friend) == 1
    assert score(session, store, stylist) == 1


@both_databases
def test_a_block_takes_back_what_the_two_gave_each_other(session: Session) -> None:
    store, stylist, friend, look = circle(session)
    public = new_outfit(session, store, member=stylist)
    other = new_member(session, store.brand_id)
    for member in (friend, other):
        like(session, public, member)
    like(session, look, friend)
    assert score(session, store, stylist) == 2
    block(session, stylist.id, member=friend, now=core_clock.now())
    assert queries.like_counts(session, [public, look]) == {public: 1, look: 0}
    assert score(session, store, stylist) == 1
    with pytest.raises(NotFound):
        like(session, public, friend)


@both_databases
def test_a_like_on_its_way_is_taken_back_when_the_block_settles(session: Session) -> None:
    store, stylist, friend, _ = circle(session)
    public = new_outfit(session, store, member=stylist)
    like(session, public, friend)
    # As if the like had been written behind the block: this room's part leaves it standing.
    friends.block(session, friend.id, member=stylist, now=core_clock.now())
    assert queries.count_of(session, public) == 1
    settle(session, stylist.id, friend.id)
    assert queries.count_of(session, public) == 0
    friends.unblock(session, friend.id, member=stylist, now=core_clock.now())
    like(session, public, friend)
    settle(session, stylist.id, friend.id)
    assert queries.count_of(session, public) == 1


@both_databases
def test_an_erased_friend_leaves_no_count(db: Database) -> None:
    with db.write() as session:
        _, stylist, friend, look = circle(session)
        like(session, look, friend)
        service.erase(session, friend.id)
        assert queries.count_of(session, look) == 0
        service.erase(session, stylist.id)


def test_looks_for_friends_need_the_owners_word(session: Session) -> None:
    store, stylist, friend, look = circle(session)
    withdraw_friends_looks(session, member=stylist, now=core_clock.now())
    with pytest.raises(NotFound):
        outfits.get_visible(session, look, viewer_id=friend.id)
    assert outfits.get_own(session, look, member_id=stylist.id).audience == "only_me"
    draft = new_draft(session, store, stylist)
    with pytest.raises(Forbidden, match="Agree"):
        outfit_service.publish(
            session, draft, member=stylist, audience="friends", now=core_clock.now()
        )
