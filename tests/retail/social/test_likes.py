"""Likes: once each, undone at will, and counted as their rows stand."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from core import clock
from core.errors import Invalid, NotFound
from core.outbox import Event
from core.transaction import Database
from retail.journeys.looks.publish import withdraw_public_looks
from retail.outfits import service as outfits
from retail.social import queries, service
from tests.builders.accounts import new_member
from tests.builders.brands import new_brand, new_store
from tests.builders.league import fold, like_times
from tests.builders.outfits import new_draft, new_outfit, new_stylist
from tests.conftest import NOON, both_databases


@both_databases
def test_a_like_counts_once_however_often_it_is_tapped(session: Session) -> None:
    store = new_store(session)
    outfit_id = new_outfit(session, store)
    fan = new_member(session, store.brand_id)
    for _ in range(3):
        counted = service.like(session, outfit_id, member=fan, now=clock.now())
        assert (counted.likes, counted.is_liked) == (1, True)


@both_databases
def test_a_like_can_be_taken_back_and_given_again(session: Session) -> None:
    store = new_store(session)
    outfit_id = new_outfit(session, store)
    (fan, _) = like_times(session, outfit_id, store.brand_id, 2)
    assert service.unlike(session, outfit_id, member=fan).likes == 1
    assert service.unlike(session, outfit_id, member=fan).likes == 1
    assert not queries.has_liked(session, outfit_id, fan.id)
    assert service.like(session, outfit_id, member=fan, now=clock.now()).likes == 2


@both_databases
def test_folding_does_not_show(session: Session) -> None:
    store = new_store(session)
    outfit_id = new_outfit(session, store)
    fans = like_times(session, outfit_id, store.brand_id, 3)
    fold(session)
    assert queries.count_of(session, outfit_id) == 3
    service.unlike(session, outfit_id, member=fans[0])
    like_times(session, outfit_id, store.brand_id, 1)
    assert queries.count_of(session, outfit_id) == 3
    fold(session)
    assert queries.like_counts(session, [outfit_id, "absent"]) == {outfit_id: 3, "absent": 0}
    assert queries.brands_to_fold(session) == []


def test_nobody_likes_their_own_look(session: Session) -> None:
    store = new_store(session)
    stylist = new_stylist(session, store.brand_id)
    outfit_id = new_outfit(session, store, member=stylist)
    with pytest.raises(Invalid) as refusal:
        service.like(session, outfit_id, member=stylist, now=clock.now())
    assert refusal.value.code == "own_outfit"
    assert queries.count_of(session, outfit_id) == 0


@both_databases
def test_what_not_everyone_may_see_cannot_be_liked(session: Session) -> None:
    store = new_store(session)
    stylist = new_stylist(session, store.brand_id)
    away = new_outfit(session, store, member=stylist)
    outfits.put_away(session, away, member_id=stylist.id, now=clock.now())
    hidden = [
        away,
        new_draft(session, store, stylist),
        new_outfit(session, store, member=stylist, audience="only_me"),
        "01ABSENT",
    ]
    fan = new_member(session, store.brand_id)
    for outfit_id in hidden:
        for change in (
            lambda o: service.like(session, o, member=fan, now=clock.now()),
            lambda o: service.unlike(session, o, member=fan),
        ):
            with pytest.raises(NotFound) as refusal:
                change(outfit_id)
            assert refusal.value.code == "outfit_not_found"


def test_members_of_another_brand_find_nothing_to_like(session: Session) -> None:
    outfit_id = new_outfit(session, new_store(session))
    stranger = new_member(session, new_brand(session).id)
    with pytest.raises(NotFound):
        service.like(session, outfit_id, member=stranger, now=clock.now())


def test_looks_of_somebody_who_withdrew_consent_cannot_be_liked(session: Session) -> None:
    store = new_store(session)
    stylist = new_stylist(session, store.brand_id)
    outfit_id = new_outfit(session, store, member=stylist)
    withdraw_public_looks(session, member=stylist, now=clock.now())
    with pytest.raises(NotFound):
        service.like(
            session, outfit_id, member=new_member(session, store.brand_id), now=clock.now()
        )


@both_databases
def test_a_burst_wakes_the_screens_at_once_and_when_it_is_folded(session: Session) -> None:
    store = new_store(session)
    outfit_id = new_outfit(session, store)
    before = session.query(Event).filter(Event.kind.contains("Like")).count()
    like_times(session, outfit_id, store.brand_id, 5)
    fold(session)
    fold(session)
    kinds = [e.kind for e in session.query(Event).order_by(Event.id) if "Like" in e.kind]
    assert kinds[before:] == ["OutfitLiked", "LikesFolded"]


def test_a_single_like_wakes_the_screens_once(session: Session) -> None:
    store = new_store(session)
    outfit_id = new_outfit(session, store)
    like_times(session, outfit_id, store.brand_id, 1)
    fold(session)
    assert [e.kind for e in session.query(Event) if "Like" in e.kind] == ["OutfitLiked"]


@both_databases
def test_the_page_stamp_changes_with_likes_looks_and_consents(db: Database) -> None:
    stamps: list[object] = []
    with db.write() as session:
        store = new_store(session)
        stylist = new_stylist(session, store.brand_id)
        outfit_id = new_outfit(session, store, member=stylist)
    changes: tuple[Callable[[Session], object], ...] = (
        lambda session: like_times(session, outfit_id, store.brand_id, 1),
        lambda session: outfits.label_all(session, stylist.id, has_points_ad=True, now=NOON),
        lambda session: new_stylist(session, store.brand_id),
    )
    for change in changes:
        stamps.append(db.glance(queries.PAGE_STAMP, outfit_id=outfit_id))
        with db.write() as session:
            change(session)
        with db.write() as session:
            fold(session)
    stamps.append(db.glance(queries.PAGE_STAMP, outfit_id=outfit_id))
    assert len(set(stamps)) == len(changes) + 1
    with db.write() as session:
        fold(session)
    assert db.glance(queries.PAGE_STAMP, outfit_id=outfit_id) == stamps[-1]


@both_databases
def test_an_erased_member_leaves_no_like_and_no_count(db: Database) -> None:
    with db.write() as session:
        store = new_store(session)
        outfit_id = new_outfit(session, store)
        (fan, _) = like_times(session, outfit_id, store.brand_id, 2)
        fold(session)
        service.erase(session, fan.id)
        assert queries.count_of(session, outfit_id) == 1
        fold(session)
        assert queries.count_of(session, outfit_id) == 1
