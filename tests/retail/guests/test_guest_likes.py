"""A guest's like waits uncounted, becomes one member's like once, or is forgotten."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core import clock
from core.clock import FixedClock
from core.errors import NotFound
from core.ids import new_secret
from core.transaction import Database
from retail.accounts.queries import MemberView
from retail.guests import rules, service
from retail.guests.models import GuestLike
from retail.journeys.looks.redeem_guest_likes import Redeemed, redeem_guest_likes
from retail.outfits import service as outfits
from retail.sharing import queries as sharing
from retail.sharing import service as shares
from retail.social import queries as social
from retail.social import service as likes
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.outfits import new_draft, new_outfit, new_stylist
from tests.builders.races import meeting, race
from tests.conftest import KEY, both_databases

JOINING, RACES = 8, 4


def keep(session: Session, look: str, guest: str, share_id: str | None = None) -> None:
    service.keep_like(session, look, guest=guest, share_id=share_id, now=clock.now(), key=KEY)


def redeem(session: Session, guest: str, member: MemberView) -> Redeemed:
    return redeem_guest_likes(session, guest, member=member, now=clock.now(), key=KEY)


@both_databases
def test_a_like_waits_uncounted_and_counts_once_its_giver_has_joined(session: Session) -> None:
    store = new_store(session)
    look, guest = new_outfit(session, store), new_secret()
    (link,) = shares.make_links(session, look, sharer=None, channels=("copy",), now=clock.now())
    for _ in range(3):
        keep(session, look, guest, link.share_id)
    assert social.count_of(session, look) == 0
    member = new_member(session, store.brand_id)
    assert redeem(session, guest, member) == Redeemed(frozenset({look}), frozenset())
    assert social.has_liked(session, look, member.id)
    assert sharing.reach_of(session, [look])[look].likes == 1
    assert redeem(session, guest, new_member(session, store.brand_id)).liked == frozenset()
    assert social.count_of(session, look) == 1


def test_the_rules_of_any_like_hold(session: Session) -> None:
    store = new_store(session)
    stylist, guest = new_stylist(session, store.brand_id), new_secret()
    own, gone = (new_outfit(session, store, member=stylist) for _ in range(2))
    for look in (own, gone):
        keep(session, look, guest)
    outfits.put_away(session, gone, member_id=stylist.id, now=clock.now())
    assert redeem(session, guest, stylist) == Redeemed(frozenset(), frozenset({own}))
    with pytest.raises(NotFound):
        keep(session, new_draft(session, store, stylist), guest)


def test_a_like_again_keeps_its_first_time(session: Session, clock: FixedClock) -> None:
    store = new_store(session)
    look, guest = new_outfit(session, store), new_secret()
    member = new_member(session, store.brand_id)
    likes.like(session, look, member=member, now=clock.now())
    keep(session, look, guest)
    clock.advance(hours=1)
    assert redeem(session, guest, member).liked == {look}
    assert social.count_of(session, look) == 1


@both_databases
def test_it_is_forgotten_after_a_day(session: Session, clock: FixedClock) -> None:
    store = new_store(session)
    look, early, late = new_outfit(session, store), new_secret(), new_secret()
    keep(session, look, early)
    clock.advance(hours=24)
    assert redeem(session, early, new_member(session, store.brand_id)).liked == frozenset()
    keep(session, look, early)
    clock.advance(hours=23)
    keep(session, look, late)
    clock.advance(hours=1)
    service.forget_old_likes(session, now=clock.now())
    kept = session.scalars(select(GuestLike.guest_hash)).all()
    assert kept == rules.guest_hashes(KEY, late)


def test_nobody_fills_the_table_and_nothing_in_it_names_the_guest(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, guest = new_store(session), new_secret()
    monkeypatch.setattr(rules, "MOST_WAITING", 2)
    for _ in range(4):
        keep(session, new_outfit(session, store, drawings=("boots",)), guest)
    rows = session.execute(select(*GuestLike.__table__.columns)).all()
    assert len(rows) == 2
    assert guest not in repr(rows)


def test_it_goes_when_the_stylist_is_erased(session: Session) -> None:
    store = new_store(session)
    stylist = new_stylist(session, store.brand_id)
    keep(session, new_outfit(session, store, member=stylist), new_secret())
    service.erase(session, stylist.id)
    assert session.scalars(select(GuestLike.outfit_id)).all() == []


def naive_take(database: Database, guest: str, *, all_have_read: Callable[[], object]) -> list[str]:
    """Reads what waits, then deletes it: the same statements, one after the other."""
    (hashed,) = rules.guest_hashes(KEY, guest)
    with database.read() as session:
        looks = session.scalars(
            select(GuestLike.outfit_id).where(GuestLike.guest_hash == hashed)
        ).all()
    all_have_read()
    with database.write() as session:
        session.execute(delete(GuestLike).where(GuestLike.guest_hash == hashed))
    return list(looks)


def prepare(db: Database) -> tuple[str, list[MemberView]]:
    with db.write() as session:
        store = new_store(session)
        members = [new_member(session, store.brand_id) for _ in range(JOINING)]
        return new_outfit(session, store), members


@pytest.mark.proof(rounds=1_250)
@both_databases
def test_of_many_who_join_at_once_with_one_guest_s_like_one_gets_it(db: Database) -> None:
    look, members = prepare(db)
    for number in range(RACES):
        guest = new_secret()
        with db.write() as session:
            keep(session, look, guest)

        def join(attempt: int, guest: str = guest) -> int:
            with db.write() as session:
                return len(redeem(session, guest, members[attempt]).liked)

        assert sum(race(join, attempts=JOINING, threads=JOINING)) == 1, number
        with db.write() as session:
            assert social.count_of(session, look) == 1
            for member in members:
                likes.unlike(session, look, member=member)


@pytest.mark.proof
@both_databases
def test_the_race_catches_who_reads_first_and_deletes_later(db: Database) -> None:
    """The control: everybody who read the like before it was deleted gets it."""
    look, _ = prepare(db)
    guest, all_have_read = new_secret(), meeting()
    with db.write() as session:
        keep(session, look, guest)
    taken = race(lambda _: naive_take(db, guest, all_have_read=all_have_read), attempts=8)
    assert taken == [[look]] * 8
