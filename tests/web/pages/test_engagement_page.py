"""Likes that went further, as marketers see them: nothing of few, nothing of another store."""

from collections.abc import Callable

import pytest

from core.clock import FixedClock
from core.transaction import Database
from retail.brands.queries import StoreView
from retail.consent import service as consent
from retail.consent.rules import LEAGUE
from retail.saves import service as saves
from tests.builders.brands import new_store
from tests.builders.league import like_times, new_league, ranked_outfit
from tests.builders.staff_accounts import COOKIE, new_staff, sign_in_staff
from tests.builders.visitor import Visitor

Visit = Callable[[], Visitor]


@pytest.fixture
def store(db: Database) -> StoreView:
    with db.write() as session:
        store = new_store(session, slug="leeds")
        new_league(session, store.brand_id)
        return store


def marketer(db: Database, store: StoreView, visit: Visit, store_id: str | None = None) -> Visitor:
    with db.write() as session:
        staff = new_staff(session, store.brand_id, role="marketer", store_id=store_id)
        return visit().sign_in(sign_in_staff(session, staff), cookie=COOKIE)


def liked(
    db: Database, store: StoreView, clock: FixedClock, likes: int, further: int, name: str
) -> str:
    """A stylist whose look was liked, with so many who then saved it; gives her id."""
    with db.write() as session:
        stylist, look = ranked_outfit(session, store, display_name=name)
        fans = like_times(session, look, store.brand_id, likes)
        clock.advance(minutes=1)
        for fan in fans[:further]:
            saves.save(session, look, member=fan, now=clock.now())
        return stylist.id


def test_without_likes_the_page_says_so(db: Database, store: StoreView, visit: Visit) -> None:
    page = marketer(db, store, visit).open("/staff/engagement")
    assert (page.status, "No likes to tell of" in page.text) == (200, True)


def test_further_and_empty_likes_are_told_apart(
    db: Database, store: StoreView, visit: Visit, clock: FixedClock
) -> None:
    liked(db, store, clock, 22, 12, "Chloe Martin")
    page = marketer(db, store, visit).open("/staff/engagement")
    for shown in ("Chloe M.", "22 likes", "went further: 12", "empty: 10"):
        assert shown in page.text, shown
    sheet = page.open("/staff/engagement.csv?store=leeds&month=2026-11")
    assert sheet.text.splitlines()[1] == "Chloe M.,22,22,12,10"
    assert "2026-10" in page.open("/staff/engagement").text
    assert "No likes" in page.open("/staff/engagement?month=2026-10").text
    assert page.open("/staff/engagement?month=1999-01").status == 404


def test_nothing_is_said_of_few(
    db: Database, store: StoreView, visit: Visit, clock: FixedClock
) -> None:
    liked(db, store, clock, 22, 12, "Chloe Martin")
    liked(db, store, clock, 9, 3, "Robin Vale")
    page = marketer(db, store, visit).open("/staff/engagement")
    assert page.text.count("not shown") == 2, "the smallest shown one goes with it"
    for told in ("22 likes", "9 likes", "12"):
        assert told not in page.open("/staff/engagement.csv").text


def test_who_left_the_league_is_not_named(
    db: Database, store: StoreView, visit: Visit, clock: FixedClock
) -> None:
    stylist = liked(db, store, clock, 22, 12, "Chloe Martin")
    with db.write() as session:
        who = {"member_id": stylist, "brand_id": store.brand_id}
        consent.withdraw(session, **who, purpose=LEAGUE, now=clock.now())
    page = marketer(db, store, visit)
    for address in ("/staff/engagement", "/staff/engagement.csv"):
        assert "Chloe" not in page.open(address).text


def test_of_another_store_or_brand_nothing_is_seen(
    db: Database, store: StoreView, visit: Visit, clock: FixedClock
) -> None:
    liked(db, store, clock, 22, 12, "Chloe Martin")
    with db.write() as session:
        near = new_store(session, brand_id=store.brand_id, slug="york")
        far = new_store(session, slug="far")
    for page in (marketer(db, near, visit, near.id), marketer(db, far, visit)):
        for address in ("/staff/engagement", "/staff/engagement.csv"):
            assert "Chloe" not in page.open(address).text
            assert page.open(f"{address}?store=leeds").status == 404
