"""Joining by a mailed code, through the pages."""

import re
from collections.abc import Callable

import pytest

from core.clock import FixedClock
from core.transaction import Database
from retail.accounts import queries as accounts
from retail.brands.queries import BrandView
from tests.builders.accounts import new_member, sign_in
from tests.builders.brands import new_brand
from tests.builders.visitor import Visitor
from tests.conftest import both_databases

EMAIL = "nina@shopper.example"
Visit = Callable[[], Visitor]


@pytest.fixture
def brand(db: Database) -> BrandView:
    with db.write() as session:
        return new_brand(session, slug="alder", name="Alder & Finch")


@both_databases
def test_a_stranger_joins_says_a_name_and_goes_on(
    brand: BrandView, visit: Visit, mailed_code: Callable[[], str], db: Database
) -> None:
    nina = visit().open("/join/alder?next=/dev/mailbox")
    assert "Come on in" in nina.text
    nina.send("/join/alder", email=" Nina@Shopper.example ")
    assert nina.path == "/join/alder/code"
    nina.send("/join/alder/code", code=mailed_code())
    assert nina.path == "/me/profile"
    assert "What shall we call you?" in nina.text
    nina.send("/me/profile", display_name="Nina Okafor", birth_on="1990-05-01")
    assert nina.path == "/dev/mailbox"
    with db.read() as session:
        member = accounts.find_member_by_email(session, brand.id, EMAIL)
    assert member is not None
    assert (member.public_name, member.is_adult) == ("Nina O.", True)


def test_who_has_been_here_goes_straight_on(
    brand: BrandView, visit: Visit, mailed_code: Callable[[], str], db: Database
) -> None:
    with db.write() as session:
        new_member(session, brand.id, email=EMAIL)
    nina = visit().open("/join/alder?next=/me/privacy").send("/join/alder", email=EMAIL)
    nina.send("/join/alder/code", code=mailed_code())
    assert nina.path == "/me/privacy"
    assert nina.open("/join/alder?next=/me/profile").path == "/me/profile"


def test_the_cookie_is_kept_from_scripts_and_other_sites(
    brand: BrandView, visit: Visit, mailed_code: Callable[[], str]
) -> None:
    nina = visit().open("/join/alder").send("/join/alder", email=EMAIL)
    token = nina.form("/join/alder/code")["csrf_token"]
    answer = nina.client.post("/join/alder/code", data={"code": mailed_code(), "csrf_token": token})
    (cookie,) = [c for c in answer.headers.getlist("Set-Cookie") if c.startswith("member=")]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie


@pytest.mark.parametrize("typed", ["", "12", "abcdef", "000000"])
def test_a_wrong_code_is_said_and_another_offered(
    brand: BrandView, visit: Visit, mailed_code: Callable[[], str], typed: str
) -> None:
    nina = visit().open("/join/alder").send("/join/alder", email=EMAIL)
    assert mailed_code() != typed
    nina.send("/join/alder/code", code=typed)
    assert (nina.status, nina.path) == (422, "/join/alder/code")
    assert 'aria-invalid="true"' in nina.text
    assert "Send another code" in nina.text
    assert nina.open("/me/profile").path != "/me/profile"


def test_failed_attempts_are_kept_although_they_fail(
    brand: BrandView, visit: Visit, mailed_code: Callable[[], str]
) -> None:
    nina = visit().open("/join/alder").send("/join/alder", email=EMAIL)
    code = mailed_code()
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(5):
        nina.send("/join/alder/code", code=wrong)
    assert nina.send("/join/alder/code", code=code).status == 422
    nina.send("/join/alder/resend")
    assert "Another code is on its way." in nina.text
    assert nina.send("/join/alder/code", code=mailed_code()).path == "/me/profile"


def test_a_code_that_ran_out_is_said_before_it_is_typed(
    brand: BrandView, visit: Visit, mailed_code: Callable[[], str], clock: FixedClock
) -> None:
    nina = visit().open("/join/alder").send("/join/alder", email=EMAIL)
    code = mailed_code()
    assert "run out" not in nina.open("/join/alder/code").text
    clock.advance(minutes=10)
    assert "That code has run out" in nina.open("/join/alder/code").text
    assert nina.send("/join/alder/code", code=code).status == 422


def test_an_impossible_address_comes_back_with_what_was_typed(
    brand: BrandView, visit: Visit
) -> None:
    nina = visit().open("/join/alder").send("/join/alder", email="nina at shopper")
    assert (nina.status, nina.path) == (422, "/join/alder")
    assert "nina at shopper" in nina.text
    assert "doesn't look like an e-mail" in nina.text.replace("’", "'")
    assert nina.send("/join/alder", email="").status == 422


def test_a_sixth_request_within_the_hour_is_told_to_wait(brand: BrandView, visit: Visit) -> None:
    nina = visit()
    for _ in range(5):
        nina.open("/join/alder").send("/join/alder", email=EMAIL)
    nina.open("/join/alder").send("/join/alder", email=EMAIL)
    assert nina.status == 429
    assert nina.page is not None
    assert nina.page.headers["Retry-After"] == "3600"
    assert "Use the newest" in nina.text


def test_members_and_strangers_get_the_same_page(
    brand: BrandView, visit: Visit, db: Database
) -> None:
    with db.write() as session:
        new_member(session, brand.id, email="known@shopper.example")
    pages = []
    for email in ("known@shopper.example", "other@shopper.example"):
        visitor = visit().open("/join/alder").send("/join/alder", email=email)
        text = visitor.text.replace(email, "").replace(
            visitor.form("/join/alder/code")["csrf_token"], ""
        )
        pages.append((visitor.status, visitor.path, re.sub(r'nonce="[^"]+"', "", text)))
    assert pages[0] == pages[1]


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example",
        "/\t/elsewhere.example",
        "javascript:alert(1)",
        "me",
        "/" + "a" * 500,
    ],
)
def test_the_way_on_never_leaves_the_site(
    brand: BrandView,
    visit: Visit,
    mailed_code: Callable[[], str],
    db: Database,
    elsewhere: str,
) -> None:
    with db.write() as session:
        new_member(session, brand.id, email=EMAIL)
    nina = visit()
    nina.page = nina.client.get("/join/alder", query_string={"next": elsewhere})
    assert "next" not in nina.form("/join/alder")
    nina.send("/join/alder", email=EMAIL, next=elsewhere)
    token = nina.form("/join/alder/code")["csrf_token"]
    answer = nina.client.post("/join/alder/code", data={"code": mailed_code(), "csrf_token": token})
    assert answer.headers["Location"] == "/me"


def test_a_form_without_its_token_is_refused(brand: BrandView, visit: Visit) -> None:
    answer = visit().client.post("/join/alder", data={"email": EMAIL})
    assert answer.status_code == 400


def test_the_code_page_without_a_request_leads_to_the_beginning(
    brand: BrandView, visit: Visit
) -> None:
    assert visit().open("/join/alder/code").path == "/join/alder"


def test_one_shop_is_chosen_by_itself_and_several_are_offered(
    brand: BrandView, visit: Visit, db: Database
) -> None:
    assert visit().open("/join?next=/me/privacy").path == "/join/alder"
    with db.write() as session:
        new_brand(session, slug="birch", name="Birch")
    offered = visit().open("/join?next=/me/privacy")
    assert offered.path == "/join"
    assert "/join/birch?next=/me/privacy" in offered.text


def test_an_unknown_shop_is_not_found(brand: BrandView, visit: Visit) -> None:
    assert visit().open("/join/nowhere").status == 404


def test_a_stranger_at_a_members_page_comes_back_to_it(
    brand: BrandView, visit: Visit, mailed_code: Callable[[], str], db: Database
) -> None:
    with db.write() as session:
        new_member(session, brand.id, email=EMAIL)
    nina = visit().open("/me/privacy")
    assert nina.path == "/join/alder"
    nina.send("/join/alder", email=EMAIL)
    assert nina.send("/join/alder/code", code=mailed_code()).path == "/me/privacy"


def test_signing_out_ends_the_session_for_good(
    brand: BrandView, visit: Visit, db: Database
) -> None:
    with db.write() as session:
        token = sign_in(session, new_member(session, brand.id))
    nina = visit().sign_in(token).open("/me/profile")
    assert nina.path == "/me/profile"
    nina.client.post(
        "/me/sign-out", data=nina.form("/me/sign-out"), headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert visit().sign_in(token).open("/me/profile").path == "/join/alder"


def test_another_site_cannot_use_the_cookie(brand: BrandView, visit: Visit, db: Database) -> None:
    with db.write() as session:
        token = sign_in(session, new_member(session, brand.id))
    nina = visit().sign_in(token).open("/me/profile")
    answer = nina.client.post(
        "/me/sign-out", data=nina.form("/me/sign-out"), headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 401
    assert nina.open("/me/profile").path == "/me/profile"


def test_a_session_in_use_runs_on(
    brand: BrandView, visit: Visit, db: Database, clock: FixedClock
) -> None:
    with db.write() as session:
        token = sign_in(session, new_member(session, brand.id))
    nina = visit().sign_in(token)
    for _ in range(3):
        clock.advance(days=13)
        assert nina.open("/me/profile").path == "/me/profile"
    clock.advance(days=14)
    assert nina.open("/me/profile").path == "/join/alder"
