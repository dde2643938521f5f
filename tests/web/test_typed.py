"""What was typed when a session had ended: still there after signing in, and kept nowhere."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import delete

from core.clock import FixedClock
from core.transaction import Database
from retail.accounts import queries as accounts
from retail.accounts.models import MemberSession
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.brands.queries import StoreView
from retail.staff.models import StaffSession
from tests.builders.accounts import new_member, sign_in
from tests.builders.brands import new_store
from tests.builders.desk import at_desk, press
from tests.builders.staff_accounts import COOKIE, new_staff, sign_in_staff
from tests.builders.visitor import Visitor
from web.typed import SECRETS

Visit = Callable[[], Visitor]
PROFILE, TERMS, PIN = "/me/profile", "/staff/offers/edit", "/staff/me/pin"
TYPED = "Nina & Daughters"
EMAIL = "nina@shopper.example"
TEMPLATES = Path(__file__).parents[2] / "kiosk_templates"


@pytest.fixture
def store(db: Database, clock: FixedClock) -> StoreView:
    del clock
    with db.write() as session:
        return new_store(session)


@pytest.fixture
def nina(db: Database, store: StoreView) -> MemberView:
    with db.write() as session:
        return new_member(session, store.brand_id, display_name="Nina", email=EMAIL)


def open_form(db: Database, visit: Visit, member: MemberView) -> Visitor:
    with db.write() as session:
        token = sign_in(session, member)
    return visit().sign_in(token).open(PROFILE)


def end_sessions(db: Database) -> None:
    with db.write() as session:
        session.execute(delete(MemberSession))
        session.execute(delete(StaffSession))


def another_tab(page: Visitor) -> Visitor:
    return Visitor(page.client)


def name_of(db: Database, member: MemberView) -> str | None:
    with db.read() as session:
        return accounts.get_member(session, member.id).display_name


def test_a_member_finds_what_she_typed_and_sends_it_herself(
    db: Database, visit: Visit, nina: MemberView, mailed_code: Callable[[], str]
) -> None:
    page = open_form(db, visit, nina)
    end_sessions(db)
    page.send(PROFILE, display_name=TYPED)
    assert page.status == 401
    assert TYPED in page.text
    assert page.page is not None
    assert not page.page.headers.getlist("Set-Cookie")
    assert page.page.headers["Cache-Control"] == "no-store"
    kept = page.form(PROFILE)
    assert page.send(PROFILE).form(PROFILE)["display_name"] == TYPED, "still nobody"

    tab = another_tab(page).open("/join")
    door = tab.path
    tab.send(door, email=EMAIL).send(f"{door}/code", code=mailed_code())
    # Signing in sent nothing, and what she has open is not hers until she says so.
    assert name_of(db, nina) == "Nina"
    page.send(PROFILE)
    assert (page.status, name_of(db, nina)) == (400, "Nina")
    assert "Nothing was sent yet" in page.text
    assert "It goes as Nina." in page.text
    assert page.form(PROFILE)["csrf_token"] != kept["csrf_token"]
    page.send(PROFILE)
    assert (page.status, name_of(db, nina)) == (200, TYPED)


def test_a_colleague_finds_what_they_typed_behind_the_lock_too(
    db: Database, visit: Visit, store: StoreView, clock: FixedClock
) -> None:
    page = at_desk(db, store, visit, name="Robin Vale").open(TERMS)
    clock.advance(minutes=6)
    press(page, TERMS, percent="17")
    assert (page.status, page.form(TERMS)["percent"]) == (401, "17")
    assert 'href="/staff/locked"' in page.text
    end_sessions(db)
    page.send(TERMS)
    assert 'href="/staff/sign-in"' in page.text
    with db.write() as session:
        back = new_staff(session, store.brand_id, role="marketer", name="Ada Byron")
        page.sign_in(sign_in_staff(session, back), cookie=COOKIE)
    assert "Version 1 holds from now on." in page.send(TERMS).text


def test_a_page_of_elsewhere_is_given_no_form_to_press(
    db: Database, visit: Visit, nina: MemberView
) -> None:
    page = open_form(db, visit, nina)
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {}):
        page.page = page.client.post(PROFILE, data={"display_name": TYPED}, headers=headers)
        assert page.status in (400, 401)
        assert TYPED not in page.text
    assert name_of(db, nina) == "Nina"


def test_the_way_on_is_the_form_that_was_sent_and_the_query_it_had(
    db: Database, visit: Visit, nina: MemberView
) -> None:
    page = open_form(db, visit, nina)
    form = page.form(PROFILE)
    end_sessions(db)
    address = f"{PROFILE}?next=//evil.example"
    page.page = page.api("POST", address, data=form | {"display_name": TYPED})
    assert set(re.findall(r'action="([^"]*)"', page.text)) == {address}
    with db.write() as session:
        page.sign_in(sign_in(session, nina))
    assert page.send(address).path == PROFILE


def test_the_words_beside_a_file_can_be_read_and_not_sent_without_it(
    db: Database, visit: Visit, nina: MemberView
) -> None:
    page = open_form(db, visit, nina)
    sent = {"csrf_token": page.form(PROFILE)["csrf_token"], "words": "This or that?"}
    end_sessions(db)
    page.page = page.api(
        "POST", "/me/opinions/new", data=sent | {"picture": (BytesIO(b"jpeg"), "mine.jpg")}
    )
    assert page.status == 401
    assert "This or that?" in page.text
    assert "<form" not in page.text


def test_what_boxes_hide_is_not_spelled_out(db: Database, visit: Visit, store: StoreView) -> None:
    page = at_desk(db, store, visit).open("/staff/me")
    end_sessions(db)
    page.send(PIN, pin="482913")
    assert page.status == 401
    assert "482913" not in page.text
    boxes = re.compile(r"field\('([\w.]+)'[^\n]*type='password'")
    hidden = [boxes.findall(path.read_text()) for path in TEMPLATES.rglob("*.html")]
    assert {name for names in hidden for name in names} == SECRETS


def test_where_nobody_signs_in_nothing_is_given_back(
    db: Database, visit: Visit, store: StoreView
) -> None:
    with db.read() as session:
        slug = brands.get_brand(session, store.brand_id).slug
    page = visit()
    for address in ("/kiosk/end", "/room/end", f"/join/{slug}", f"/staff/sign-in/{slug}"):
        page.page = page.api("POST", address, data={"email": "somebody else wrote this"})
        assert page.status in (400, 401, 403)
        assert "somebody else" not in page.text
