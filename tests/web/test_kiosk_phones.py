"""A phone at a kiosk: linked by a code, once; what others read there; and nothing afterwards."""

import pytest
from flask import Flask
from sqlalchemy import text

from core import clock as core_clock
from core.clock import FixedClock
from core.transaction import Database, database
from retail.accounts.queries import MemberView
from retail.consent.at_kiosks import KIOSK_LIKES, KIOSK_NAME, KIOSK_POINTS
from retail.consent.rules import LIKES_TO_FRIENDS
from retail.greetings import queries as greetings
from retail.kiosks import service
from retail.product_likes import service as product_likes
from retail.social import service as social
from tests.builders.accounts import give_consent, new_member
from tests.builders.catalogue import new_style, new_variant
from tests.builders.friends import befriend
from tests.builders.greetings import wishes
from tests.builders.kiosks import Kiosk, new_kiosk
from tests.builders.league import fold, like_times, new_league, ranked_outfit
from tests.builders.outfits import new_outfit
from tests.builders.visitor import Visitor


@pytest.fixture
def kiosk(app: Flask) -> Kiosk:
    return new_kiosk(app)


def a_member(kiosk: Kiosk, name: str = "Sarah Lewis", *agreed: str) -> MemberView:
    with kiosk.app.app_context(), database().write() as session:
        member = new_member(session, kiosk.store.brand_id, display_name=name)
        give_consent(session, member, *agreed)
        return member


def test_a_phone_is_linked_by_the_code_and_ends_it_from_there(kiosk: Kiosk) -> None:
    assert "Yours, with your phone" in kiosk.shows()
    phone = kiosk.phone_of(a_member(kiosk))
    code = kiosk.code()
    assert f"/me/kiosk?code={code}" not in kiosk.screen.text, "only the square holds the address"
    assert "Link this phone to the kiosk at" in phone.open(f"/me/kiosk?code={code}").text
    page = phone.send("/me/kiosk/link").text
    assert "Your phone is linked to a kiosk at" in page
    assert "<h1>Hello</h1>" in kiosk.shows(), "without a name: she did not agree to one"
    part = page.partition('data-live-fragment="/fragments/me/kiosk/')[2].partition('"')[0]
    assert phone.api("GET", f"/fragments/me/kiosk/{part}").status_code == 200
    assert "Your phone isn’t linked" in phone.open("/me/kiosk").send("/me/kiosk/end").text
    assert phone.api("GET", f"/fragments/me/kiosk/{part}").status_code == 205
    assert kiosk.screen.client.get("/kiosk/now").status_code == 205
    assert "Stylist league" in kiosk.shows()


def test_a_second_phone_is_refused_in_clear_words_and_the_first_stays(kiosk: Kiosk) -> None:
    sarah, tom = (kiosk.phone_of(a_member(kiosk, name)) for name in ("Sarah", "Tom"))
    code = kiosk.code()
    tom.open(f"/me/kiosk?code={code}")
    sarah.open(f"/me/kiosk?code={code}").send("/me/kiosk/link")
    page = tom.send("/me/kiosk/link")
    assert page.status == 409
    assert "Another phone is linked to this kiosk." in page.text
    assert "Hello" in kiosk.touch("link").text, "no new code while somebody uses it"
    assert "Your phone is linked" in sarah.open("/me/kiosk").text


def test_a_code_is_good_for_a_minute_and_in_its_own_brand(
    app: Flask, kiosk: Kiosk, clock: FixedClock
) -> None:
    code, elsewhere = kiosk.code(), new_kiosk(app)
    stranger = elsewhere.phone_of(a_member(elsewhere))
    assert "No kiosk shows this code just now." in stranger.open(f"/me/kiosk?code={code}").text
    clock.advance(seconds=60)
    sarah = kiosk.phone_of(a_member(kiosk))
    assert "No kiosk shows this code just now." in sarah.open(f"/me/kiosk?code={code}").text
    assert code not in kiosk.shows()


def test_only_a_kiosk_is_one(kiosk: Kiosk) -> None:
    stranger = Visitor(kiosk.app.test_client())
    assert "A kiosk" in stranger.open("/kiosk").text
    assert stranger.client.get("/kiosk/now").status_code == 401


def test_it_warns_for_twenty_seconds_and_a_touch_begins_the_minute_anew(
    kiosk: Kiosk, clock: FixedClock
) -> None:
    kiosk.link(kiosk.phone_of(a_member(kiosk)))
    hidden = "data-warning hidden"
    clock.advance(seconds=39)
    assert hidden in kiosk.shows()
    clock.advance(seconds=1)
    assert hidden not in kiosk.shows()
    clock.advance(seconds=19)
    assert hidden in kiosk.touch("stay").text
    clock.advance(seconds=59)
    assert "Hello" in kiosk.shows()
    clock.advance(seconds=1)
    assert "Hello" not in kiosk.shows(), "also where no worker wiped it yet"
    assert "Hello" not in kiosk.touch("stay").text, "what is over is not begun anew"


def test_her_name_and_points_are_shown_once_she_turned_them_on(kiosk: Kiosk) -> None:
    quiet, open_ = a_member(kiosk), a_member(kiosk, "Ada Quill", KIOSK_NAME, KIOSK_POINTS)
    kiosk.link(kiosk.phone_of(quiet))
    page = kiosk.shows()
    assert "Sarah" not in page
    assert "points" not in page
    kiosk.touch("end")
    kiosk.link(kiosk.phone_of(open_))
    page = kiosk.shows()
    assert "Hello, Ada" in page
    assert "Quill" not in page
    assert "0 points · 0 vouchers" in page


def test_friends_are_named_counted_or_left_out_as_they_agreed(kiosk: Kiosk) -> None:
    sarah, priya = a_member(kiosk), a_member(kiosk, "Priya Shah", KIOSK_LIKES)
    counted = [a_member(kiosk, name, LIKES_TO_FRIENDS) for name in ("Tom Counted", "Uma Counted")]
    silent = a_member(kiosk, "Ivo Silent")
    with kiosk.app.app_context(), database().write() as session:
        befriend(session, sarah, priya, *counted, silent)
        both, one = (new_outfit(session, kiosk.store) for _ in "12")
        for friend in (priya, *counted, silent):
            social.like(session, both, member=friend, now=core_clock.now())
        for friend in (counted[0], silent):
            social.like(session, one, member=friend, now=core_clock.now())
        brand = {"brand_id": kiosk.store.brand_id}
        goods, quiet = (
            new_variant(session, style=new_style(session, name=name, **brand), **brand)
            for name in ("Loud lamp", "Quiet lamp")
        )
        product_likes.like(session, goods.gtin or "", member=priya, now=core_clock.now())
        product_likes.like(session, quiet.gtin or "", member=counted[0], now=core_clock.now())
    kiosk.link(kiosk.phone_of(sarah))
    page = kiosk.shows().partition("Your friends like")[2].partition("Trending in store")[0]
    assert "Priya and 2 more friends" in page
    assert page.count('class="tile"') == 1, "one who may not be named is no number either"
    assert f"<b>{goods.style_name}</b>" in page
    assert f"<b>{quiet.style_name}</b>" not in page, "to be seen on pages is another consent"
    assert not {"Tom", "Uma", "Ivo", "Shah"} & set(page.replace(",", " ").split())


def test_her_place_stands_among_its_neighbours_and_never_last(kiosk: Kiosk) -> None:
    with kiosk.app.app_context(), database().write() as session:
        new_league(session, kiosk.store.brand_id)
        ranked = [ranked_outfit(session, kiosk.store, display_name=n) for n in ("Ann A", "Bea B")]
        like_times(session, ranked[0][1], kiosk.store.brand_id, 3)
        like_times(session, ranked[1][1], kiosk.store.brand_id, 1)
        fold(session)
    kiosk.link(kiosk.phone_of(ranked[1][0]))
    page = kiosk.shows().partition("Your place this week")[2].partition("</main>")[0]
    assert page.index("Ann A.") < page.index(">You<") < page.index("Room for the next")
    assert "Bea" not in page


def greeted_at(kiosk: Kiosk) -> int:
    """How many may be greeted in the kiosk's store: what tablets show."""
    with kiosk.app.app_context(), database().read() as session:
        return len(greetings.greetings_in(session, kiosk.store.id, now=core_clock.now()))


def test_checking_in_there_is_the_check_in_of_the_door(kiosk: Kiosk) -> None:
    sarah = a_member(kiosk)
    with kiosk.app.app_context(), database().write() as session:
        wishes(session, sarah)
    phone = kiosk.phone_of(sarah)
    assert "Stylist league" in kiosk.touch("check-in").text, "nobody to check in"
    kiosk.link(phone)
    assert "You’re checked in here today." in kiosk.touch("check-in").text
    assert kiosk.store.name in phone.open("/me/visits").text
    assert greeted_at(kiosk) == 1
    assert "Check in here?" in kiosk.touch("leave").text
    assert greeted_at(kiosk) == 0, "who leaves is greeted by no tablet any more"
    assert kiosk.store.name not in phone.open("/me/visits").text.partition("<main")[2]


def test_after_a_wipe_nothing_of_the_phone_is_left_anywhere(
    kiosk: Kiosk, db: Database, clock: FixedClock
) -> None:
    sarah = a_member(kiosk, "Sarah Lewis", KIOSK_NAME)
    phone = kiosk.phone_of(sarah).open("/me")
    empty, jar = rows(db, sarah.id), kept(kiosk.screen)
    kiosk.link(phone)
    assert "Hello, Sarah" in kiosk.shows()
    assert kiosk.screen.page is not None
    assert kiosk.screen.page.headers["Cache-Control"] == "no-store"
    linked = rows(db, sarah.id)
    assert linked == empty | {"kiosk_session": 1}, "the control: while it is linked, one row is"
    with db.read() as session:
        session_id = session.execute(text("SELECT id FROM kiosk_session")).scalar_one()
    clock.advance(seconds=59)
    wipe_due(db, session_id)
    assert rows(db, sarah.id) == linked
    clock.advance(seconds=1)
    wipe_due(db, session_id)
    assert rows(db, sarah.id) == empty
    for address in ("/kiosk", "/kiosk/now"):
        assert "Sarah" not in kiosk.screen.open(address).text
    assert kept(kiosk.screen) == jar, "no cookie was added, and none changed"
    assert "Your phone isn’t linked" in phone.open("/me/kiosk").text


def wipe_due(db: Database, session_id: str) -> None:
    """What the worker does by the time that it was told."""
    with db.write() as session:
        service.wipe_due(session, session_id, now=core_clock.now())


def rows(db: Database, member_id: str) -> dict[str, int]:
    """How often the member's id stands in what kiosks write, events and jobs included."""
    names = ("kiosk_session", "visit", "event", "job")
    with db.read() as session:
        every = [(name, session.execute(text(f"SELECT * FROM {name}")).all()) for name in names]
    return {name: repr(found).count(member_id) for name, found in every}


def kept(browser: Visitor) -> list[tuple[str, str]]:
    """The cookies of a browser."""
    return sorted((key[-1], one.value) for key, one in browser.client._cookies.items())
