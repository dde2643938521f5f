"""From the door to the tablet and back: over the pages alone, as the member wishes it."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask

from core.clock import FixedClock
from core.transaction import Database
from retail.brands import queries as brands
from tests.builders.accounts import new_member, sign_in
from tests.builders.brands import new_store
from tests.builders.catalogue import new_stock, new_variant, sells_in_sizes
from tests.builders.outfits import GROWN_UP
from tests.builders.staff import new_till_key
from tests.builders.staff_accounts import COOKIE, new_staff, sign_in_staff
from tests.builders.tiers import new_tiers
from tests.builders.visitor import Visitor
from tests.builders.vouchers import new_code
from web.auth import settings

Visit = Callable[[], Visitor]
TABLET, LIVE = "/staff/greetings/covent-garden", "/staff/live/greetings/covent-garden"


@dataclass(frozen=True)
class Floor:
    """Sarah's phone, the door of a store, and tablets in it and in another one."""

    phone: Visitor
    door: str
    tablet: Visitor
    far: Visitor
    store_id: str
    member_id: str

    def wish(self, **values: str) -> Visitor:
        return self.phone.open("/me/greeting").send("/me/greeting", **values)

    def come_in(self) -> Visitor:
        return self.phone.open(self.door).send(f"{self.door}/check-in")

    def press(self, verb: str) -> Visitor:
        """Press a button of the card, whose form is the page's."""
        token = self.tablet.form(TABLET)
        greeting = self.tablet.text.partition(f'formaction="{TABLET}/')[2][:26]
        answer = self.tablet.api("POST", f"{TABLET}/{greeting}/{verb}", data=token)
        return self.tablet.open(answer.headers["location"])


@pytest.fixture
def floor(app: Flask, db: Database, visit: Visit) -> Floor:
    del app
    with db.write() as session:
        store = new_store(session, slug="covent-garden", name="Covent Garden")
        other = new_store(session, brand_id=store.brand_id)
        who = {"display_name": "Sarah Lewis", "birth_on": GROWN_UP, "sizes": {"tops": "12"}}
        sells_in_sizes(session, store.brand_id, "tops")
        sarah = new_member(session, store.brand_id, **who)
        sam, kit = (
            new_staff(session, store.brand_id, store_id=one.id, role="assistant")
            for one in (store, other)
        )
        brand = brands.get_brand(session, store.brand_id)
        return Floor(
            visit().sign_in(sign_in(session, sarah)),
            f"/in/{brand.slug}/{store.slug}",
            visit().sign_in(sign_in_staff(session, sam), cookie=COOKIE),
            visit().sign_in(sign_in_staff(session, kit), cookie=COOKIE),
            store.id,
            sarah.id,
        )


def test_she_is_greeted_as_she_wishes_and_reads_that_somebody_looked(floor: Floor) -> None:
    floor.wish(form="title", title="Miss", shows="sizes.tops")
    assert "Nobody has looked yet." in floor.come_in().text
    page = floor.tablet.open(TABLET).text
    for words in ("Miss Lewis", "Checked in at the door at 12:00.", "Shown until 12:15."):
        assert words in page, words
    for words in ("“Good afternoon, Miss Lewis. Just ask if I can help.”", "12<small>Tops"):
        assert words in page, words
    assert "Sarah" not in page
    assert "Shown as “Miss Lewis” until 12:15" in floor.phone.open(floor.door).text
    assert "Seen by those who work here." in floor.phone.text
    assert "saw the card of your check-in" in floor.phone.open("/me/privacy/looks").text


def test_her_tier_and_where_she_checked_in_stand_on_the_tablet(floor: Floor, db: Database) -> None:
    assert "Your tier" not in floor.phone.open("/me/greeting").text, "there is none to show"
    with db.write() as session:
        store = brands.get_store(session, floor.store_id)
        new_tiers(session, programme_id=store.brand_id)
    assert "Your tier" in floor.phone.open("/me/greeting").text
    floor.wish(form="first")
    floor.come_in()
    assert "At the door, 12:00" in floor.tablet.open(TABLET).text
    assert "member since" not in floor.tablet.text
    floor.wish(form="first", shows="tier")
    assert "Classic member since 2026." in floor.tablet.open(TABLET).text


def test_nobody_else_and_no_other_store_sees_her(floor: Floor) -> None:
    assert "Nobody was told." in floor.come_in().text
    assert "No one has checked in yet." in floor.tablet.open(TABLET).text
    floor.wish(form="first")
    assert "You’re shown to nobody any more." in floor.phone.open(floor.door).text
    floor.come_in()
    assert "Sarah" in floor.tablet.open("/staff/greetings").text
    assert floor.far.open(TABLET).status == floor.far.open(f"{LIVE}/names").status == 404
    assert "No one has checked in yet." in floor.far.open("/staff/greetings").text


@pytest.mark.parametrize("part", ["card", "names"])
def test_what_a_tablet_fetches_by_itself_forgets_her_in_time(
    floor: Floor, clock: FixedClock, part: str
) -> None:
    floor.wish(form="first")
    floor.come_in()
    for _ in "123":
        clock.advance(minutes=4)
        floor.tablet.open(TABLET)
    clock.advance(minutes=2, seconds=59)
    assert 'data-gone-at="2026-11-22T12:15:00' in floor.tablet.open(f"{LIVE}/{part}").text
    assert "Sarah" in floor.tablet.text
    clock.advance(seconds=1)
    assert "Sarah" not in floor.tablet.open(f"{LIVE}/{part}").text


def test_a_locked_tablet_is_told_nothing_more(floor: Floor, clock: FixedClock) -> None:
    floor.wish(form="first")
    floor.come_in()
    floor.tablet.open(TABLET)
    clock.advance(minutes=5)
    assert floor.tablet.open(f"{LIVE}/card").status == 401
    assert "Sarah" not in floor.tablet.open(TABLET).text


@pytest.mark.parametrize("how", ["leaves", "says not at all", "stops all sharing"])
def test_she_ends_it_herself_at_once(floor: Floor, how: str) -> None:
    floor.wish(form="first")
    floor.come_in()
    assert "Sarah" in floor.tablet.open(f"{LIVE}/names").text
    if how == "leaves":
        floor.phone.send(f"{floor.door}/leave")
    elif how == "says not at all":
        floor.wish(form="none")
    else:
        floor.phone.open("/me/privacy").send("/me/privacy/stop")
    assert "Sarah" not in floor.tablet.open(f"{LIVE}/names").text
    assert "Sarah" not in floor.tablet.open(TABLET).text


def test_not_sarah_clears_it_and_that_can_be_undone(floor: Floor) -> None:
    floor.wish(form="first")
    floor.come_in()
    floor.tablet.open(TABLET)
    assert "Not Sarah" in floor.tablet.text
    page = floor.press("clear").text
    assert "Gone from every tablet here." in page
    assert "Sarah" not in page
    undo = page.partition(f'action="{TABLET}/')[2].partition('"')[0]
    assert "Not Sarah" in floor.tablet.send(f"{TABLET}/{undo}").text


def test_what_she_saved_is_held_for_her_and_she_lets_it_go(floor: Floor, db: Database) -> None:
    with db.write() as session:
        store = brands.get_store(session, floor.store_id)
        piece = new_variant(session, brand_id=store.brand_id)
        where = {"brand_id": store.brand_id, "store_id": store.id, "variant_id": piece.id}
        new_stock(session, **where, on_hand=1)
    floor.phone.open(f"/01/{piece.gtin}").send(f"/01/{piece.gtin}/save")
    floor.wish(form="first", shows="saved")
    floor.come_in()
    assert "Last one here, in 12" in floor.tablet.open(TABLET).text
    assert "Held for them until 12:15" in floor.press(f"hold/{piece.id}").text
    assert "Held for you here" in floor.phone.open(floor.door).text
    let_go = floor.phone.text.partition('action="/me/offers/holds/')[2].partition('"')[0]
    floor.phone.send(f"/me/offers/holds/{let_go}")
    assert "Last one here, in 12" in floor.tablet.open(TABLET).text


def test_a_wish_that_is_unclear_comes_back_with_what_was_typed(floor: Floor) -> None:
    page = floor.wish(form="title", title="", shows="saved")
    assert page.status == 422
    assert "Write the title, as in Miss, Mr or Dr." in page.text
    assert page.form("/me/greeting")["shows"] == "saved"
    assert "Nobody was told." in floor.come_in().text


def test_an_app_says_how_it_is_to_be_greeted_and_until_when_it_is(floor: Floor) -> None:
    api, wish = "/api/v1/me/greeting", {"form": "full", "shows": ["saved"]}
    before = floor.phone.api("GET", api).json
    assert before == {
        "is_on": False,
        "form": "first",
        "title": "",
        "shows": [],
        "shown_until": None,
    }
    assert floor.phone.api("PUT", api, json=wish).json["is_on"] is True
    floor.phone.api("POST", "/api/v1/me/visits", json={"store": "covent-garden"})
    assert floor.phone.api("GET", api).json["shown_until"] == "2026-11-22T12:15:00Z"
    assert "Checked in on the phone" in floor.tablet.open(TABLET).text
    assert floor.phone.api("DELETE", api).status_code == 204
    assert "No one has checked in yet." in floor.tablet.open(TABLET).text
    assert floor.phone.api("PUT", api, json={"form": "title"}).status_code == 422


def test_a_voucher_used_today_says_when_and_at_which_till(
    app: Flask, floor: Floor, db: Database, clock: FixedClock
) -> None:
    with app.app_context(), db.write() as session:
        store, key = brands.get_store(session, floor.store_id), settings().key
        _, till_key = new_till_key(session, store.brand_id, store.id, key=key)
        code = new_code(session, floor.member_id, programme_id=store.brand_id, key=key)
    clock.advance(minutes=3)
    sale = {"till": "2", "reference": "4711", "currency": "GBP", "lines": [{"total_minor": 2000}]}
    taken = app.test_client().post(
        "/api/v1/voucher-redemptions",
        json=sale | {"vouchers": [code], "member_id": floor.member_id},
        headers={"Authorization": f"Bearer {till_key}"},
    )
    assert taken.status_code == 201
    floor.wish(form="first", shows="vouchers")
    floor.come_in()
    assert "Used today at 12:03, till 2." in floor.tablet.open(TABLET).text
