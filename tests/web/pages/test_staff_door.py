"""Staff sign in by a mailed code, come back by PIN, and reach what their role allows."""

from collections.abc import Callable

import pytest

from core import clock as core_clock
from core.clock import FixedClock
from core.transaction import Database
from retail.brands.queries import BrandView
from retail.staff import queries, service
from retail.staff.queries import StaffView
from tests.builders.accounts import new_member
from tests.builders.brands import new_brand
from tests.builders.staff_accounts import COOKIE, new_staff, sign_in_staff
from tests.builders.visitor import Visitor
from tests.conftest import KEY, both_databases

EMAIL = "jo@alder.example"
DOOR = "/staff/sign-in/alder"
_SAME = {"Sec-Fetch-Site": "same-origin"}
Visit = Callable[[], Visitor]
Code = Callable[[], str]


@pytest.fixture
def brand(db: Database) -> BrandView:
    with db.write() as session:
        return new_brand(session, slug="alder", name="Alder & Finch")


@pytest.fixture
def jo(db: Database, brand: BrandView) -> StaffView:
    with db.write() as session:
        return new_staff(session, brand.id, email=EMAIL)


@pytest.fixture
def at_work(db: Database, jo: StaffView, visit: Visit) -> Visitor:
    """Jo's tablet, a PIN chosen."""
    with db.write() as session:
        service.set_pin(session, jo.id, "4071", key=KEY)
        token = sign_in_staff(session, jo)
    return visit().sign_in(token, cookie=COOKIE)


@both_databases
def test_a_mailed_code_opens_the_staff_pages(
    jo: StaffView, visit: Visit, mailed_code: Code
) -> None:
    tablet = visit().open("/staff/team")
    assert tablet.path == DOOR
    tablet.send(DOOR, email="Jo@Alder.example")
    tablet.send(f"{DOOR}/code", code=mailed_code())
    assert (tablet.status, tablet.path) == (200, "/staff/team")
    assert "Hello, Jo" in tablet.open("/staff").text


def test_a_session_is_named_by_browser_and_device(
    jo: StaffView, visit: Visit, mailed_code: Code
) -> None:
    tablet = visit()
    tablet.client.environ_base["HTTP_USER_AGENT"] = (
        "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0"
    )
    tablet.open(DOOR).send(DOOR, email=EMAIL).send(f"{DOOR}/code", code=mailed_code())
    assert "Firefox on Linux" in tablet.open("/staff/me").text
    assert "Gecko" not in tablet.text


def test_the_cookie_goes_to_nobody_else(jo: StaffView, visit: Visit, mailed_code: Code) -> None:
    tablet = visit().open(DOOR).send(DOOR, email=EMAIL)
    form = tablet.form(f"{DOOR}/code") | {"code": mailed_code()}
    answer = tablet.client.post(f"{DOOR}/code", data=form)
    (cookie,) = [c for c in answer.headers.getlist("Set-Cookie") if c.startswith("staff=")]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


def test_strangers_get_the_same_page_and_no_mail(
    jo: StaffView, visit: Visit, db: Database, mailed_code: Code
) -> None:
    with db.write() as session:
        new_member(session, jo.brand_id, email="nina@shopper.example")
    tablet = visit().open(DOOR).send(DOOR, email="nina@shopper.example")
    assert (tablet.status, tablet.path) == (200, f"{DOOR}/code")
    assert not mailed_code().isdigit()


def test_a_members_code_does_not_open_the_staff_door(
    jo: StaffView, visit: Visit, mailed_code: Code
) -> None:
    visit().open("/join/alder").send("/join/alder", email=EMAIL)
    for_members = mailed_code()
    tablet = visit().open(DOOR).send(DOOR, email=EMAIL)
    tablet.send(f"{DOOR}/code", code=for_members)
    assert tablet.status == 422
    assert tablet.open("/staff").path == DOOR


def test_a_tablet_left_for_five_minutes_asks_for_the_pin_and_goes_on(
    at_work: Visitor, clock: FixedClock
) -> None:
    clock.advance(minutes=4, seconds=59)
    assert at_work.open("/staff/team").path == "/staff/team"
    clock.advance(minutes=4, seconds=59)
    assert at_work.open("/staff/team").path == "/staff/team"
    clock.advance(minutes=5)
    assert at_work.open("/staff/team").path == "/staff/locked"
    at_work.send("/staff/locked", pin="9999")
    assert (at_work.status, "That isn’t the PIN" in at_work.text) == (422, True)
    assert at_work.send("/staff/locked", pin="40 71").path == "/staff/team"


def test_the_fifth_wrong_pin_ends_the_session(at_work: Visitor) -> None:
    at_work.open("/staff").send("/staff/lock")
    assert at_work.path == "/staff/locked"
    for _ in range(5):
        at_work.send("/staff/locked", pin="1357")
    assert at_work.open("/staff").path == DOOR


def test_a_shift_ends_after_twelve_hours_pin_or_not(at_work: Visitor, clock: FixedClock) -> None:
    clock.advance(hours=11, minutes=59)
    assert at_work.open("/staff").path == "/staff/locked"
    assert at_work.send("/staff/locked", pin="4071").path == "/staff"
    clock.advance(minutes=1)
    assert at_work.open("/staff").path == DOOR


def test_a_pin_that_is_easily_guessed_is_refused(at_work: Visitor) -> None:
    at_work.open("/staff/me")
    for pin in ("1111", "1234", "4321", "12", "123456789", "abcd"):
        assert at_work.send("/staff/me/pin", pin=pin).status == 422, pin
    assert at_work.open("/staff/me").send("/staff/me/pin", pin="２９０４").status == 200


def test_one_sees_ones_sessions_and_ends_another(
    at_work: Visitor, jo: StaffView, db: Database, visit: Visit
) -> None:
    with db.write() as session:
        other = sign_in_staff(session, jo)
        (newest, _) = queries.sessions_of(session, jo.id, now=core_clock.now())
    desk = visit().sign_in(other, cookie=COOKIE).open("/staff")
    assert desk.path == "/staff"
    at_work.open("/staff/me").send(f"/staff/me/sessions/{newest.id}/end")
    assert desk.open("/staff").path == DOOR
    assert at_work.open("/staff").path == "/staff"
    at_work.open("/staff/me").send("/staff/sign-out")
    assert at_work.open("/staff").path == DOOR


def test_who_is_disabled_is_out_at_once_and_gets_no_code(
    at_work: Visitor, jo: StaffView, db: Database, visit: Visit, mailed_code: Code
) -> None:
    with db.write() as session:
        service.disable_staff(session, jo.id, now=core_clock.now(), key=KEY)
    assert at_work.open("/staff").path == DOOR
    visit().open(DOOR).send(DOOR, email=EMAIL)
    assert not mailed_code().isdigit()


def test_another_site_cannot_use_the_session(at_work: Visitor) -> None:
    form = at_work.open("/staff").form("/staff/lock")
    foreign = at_work.client.post(
        "/staff/lock", data=form, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert foreign.status_code == 401
    without = at_work.client.post("/staff/lock", headers={"Sec-Fetch-Site": "same-origin"})
    assert without.status_code == 400
    assert at_work.open("/staff").path == "/staff"


def test_a_member_is_nobody_at_the_staff_door(brand: BrandView, visit: Visit, db: Database) -> None:
    with db.write() as session:
        token = sign_in_staff(session, new_staff(session, brand.id))
    assert visit().sign_in(token, cookie="member").open("/staff").path == DOOR
    assert visit().sign_in(token, cookie=COOKIE).open("/me").path == "/join/alder"


def test_managers_take_people_on_and_let_them_go(
    at_work: Visitor, db: Database, jo: StaffView
) -> None:
    at_work.open("/staff/team")
    at_work.send("/staff/team", name="Sam Reed", email="sam@alder.example", role="assistant")
    assert "Sam Reed" in at_work.text
    with db.read() as session:
        sam = queries.find_staff_by_email(session, jo.brand_id, "sam@alder.example")
    assert sam is not None
    at_work.send(f"/staff/team/{sam.id}/disable")
    assert "Disabled" in at_work.text
    assert (
        at_work.client.post(
            f"/staff/team/{jo.id}/disable", data=at_work.form("/staff/lock"), headers=_SAME
        ).status_code
        == 403
    )
