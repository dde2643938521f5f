"""My basket on the phone, without scripts: filled, asked about, held, and brought to the till."""

from collections.abc import Callable
from typing import Any

import pytest

from core import clock as core_clock
from core.clock import FixedClock
from core.transaction import Database
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.catalogue.queries import VariantView
from retail.saves import service as saves
from retail.visits import service as visits
from tests.builders.accounts import new_member, sign_in
from tests.builders.brands import new_brand, new_store
from tests.builders.catalogue import new_variant
from tests.builders.staff_accounts import COOKIE, new_staff, sign_in_staff
from tests.builders.visitor import Visitor
from tests.builders.vouchers import new_code
from tests.web.pages.test_card_at_till import ask, code_on

PAGE, CHECK, HOLD, LINES = (f"/me/basket{path}" for path in ("", "/check", "/hold", "/lines"))
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def store(db: Database) -> StoreView:
    with db.write() as session:
        return new_store(session, brand=new_brand(session, name="Aldgate"), slug="leeds")


@pytest.fixture
def coat(db: Database, store: StoreView) -> VariantView:
    with db.write() as session:
        return new_variant(session, brand_id=store.brand_id)


@pytest.fixture
def nina(db: Database, store: StoreView) -> MemberView:
    with db.write() as session:
        return new_member(session, store.brand_id)


@pytest.fixture
def phone(db: Database, nina: MemberView, visit: Callable[[], Visitor]) -> Visitor:
    with db.write() as session:
        return visit().sign_in(sign_in(session, nina))


def own_code(db: Database, nina: MemberView, **terms: Any) -> str:
    with db.write() as session:
        return new_code(session, nina.id, programme_id=nina.brand_id, **terms)


def send(phone: Visitor, action: str, **values: Any) -> str:
    """Send the form with vouchers to one of its two buttons."""
    data = phone.form(CHECK) | values
    phone.page = phone.client.post(action, data=data, follow_redirects=True, headers=SAME_ORIGIN)
    return phone.text


def put_in(phone: Visitor, piece: VariantView) -> str:
    return phone.open(PAGE).send(LINES, item=piece.sku).text


def test_an_empty_basket_says_how_to_fill_it_and_a_wrong_number_what_is_wrong(
    phone: Visitor,
) -> None:
    assert "Nothing in it yet" in phone.open(PAGE).text
    wrong = phone.send(LINES, item="4006381333932")
    assert wrong.status == 422
    assert "Check the number on its label" in wrong.text


def test_pieces_are_counted_up_and_down_and_the_basket_is_emptied(
    phone: Visitor, coat: VariantView
) -> None:
    assert "1 piece" in put_in(phone, coat)
    line = f"{LINES}/{coat.id}"
    assert "3 pieces" in phone.send(line, pieces="3").text
    assert phone.send(line, pieces="900").status == 422
    assert "Nothing in it yet" in phone.open(PAGE).send(line, pieces="0").text
    put_in(phone, coat)
    assert "Nothing in it yet" in phone.send(f"{PAGE}/empty").text
    assert phone.open(f"{PAGE}/hold").path == PAGE


def test_the_store_is_where_one_checked_in_until_one_says_another(
    db: Database, store: StoreView, nina: MemberView, phone: Visitor, coat: VariantView
) -> None:
    with db.write() as session:
        york = new_store(session, brand_id=store.brand_id, slug="york", name="York")
    assert "Where are you?" in phone.open(PAGE).text
    with db.write() as session:
        visits.check_in(session, york, member=nina, now=core_clock.now())
    assert "In York." in put_in(phone, coat)
    assert f"In {store.name}." in phone.send(f"{PAGE}/store", store="leeds").text


def test_what_was_saved_goes_in_with_a_tap(
    db: Database, nina: MemberView, phone: Visitor, coat: VariantView
) -> None:
    with db.write() as session:
        saves.save_piece(session, coat.gtin or "", member=nina, now=core_clock.now())
    assert f'<input type="hidden" name="item" value="{coat.sku}">' in phone.open(PAGE).text
    phone.open(f"/01/{coat.gtin}").send(LINES)
    assert (phone.path, "1 piece" in phone.text) == (PAGE, True)


def test_each_voucher_says_what_it_takes_off_or_why_not(
    db: Database, nina: MemberView, phone: Visitor, coat: VariantView
) -> None:
    own_code(db, nina, value=1000)
    own_code(db, nina, value=2000, minimum_minor=coat.price_minor + 1500)
    text = put_in(phone, coat)
    assert "−£10.00" in text
    assert "Your basket is £15.00 short of what it needs." in text
    assert "Before vouchers" in text
    text = send(phone, CHECK, voucher="", code="nonsense")
    assert "We don’t know this code, or it can’t be used." in text
    assert "Before vouchers" not in text


def test_held_vouchers_are_counted_down_held_longer_and_let_go(
    db: Database, nina: MemberView, phone: Visitor, coat: VariantView, clock: FixedClock
) -> None:
    code = own_code(db, nina)
    put_in(phone, coat)
    text = send(phone, HOLD, voucher=code)
    assert "Held for the till" in text
    assert 'role="timer"' in text
    assert "Until 12:15" in text
    assert "You hold it for the till until 12:15." in phone.open("/me/prizes").text
    clock.advance(minutes=5)
    release = _action(phone.open(PAGE), "release")
    assert "Until 12:20" in phone.send(_action(phone, "extend")).text
    assert "Nothing is held any more." in phone.send(release).text
    assert "Held for the till" not in phone.open(PAGE).text


def _action(phone: Visitor, name: str) -> str:
    return next(part for part in phone.text.split('"') if part.endswith(f"/{name}"))


def test_to_hold_something_that_does_not_count_says_why(
    db: Database, nina: MemberView, phone: Visitor, coat: VariantView
) -> None:
    code = own_code(db, nina, minimum_minor=10**9)
    put_in(phone, coat)
    text = send(phone, HOLD, voucher=code)
    assert "No voucher counts for this basket." in text
    assert "short of what it needs" in text
    assert phone.status == 409
    assert "Choose a voucher to hold." in send(phone, HOLD, voucher="")


def test_a_page_that_shows_a_hold_learns_that_a_till_took_it(
    db: Database,
    store: StoreView,
    nina: MemberView,
    phone: Visitor,
    coat: VariantView,
    visit: Callable[[], Visitor],
) -> None:
    code = own_code(db, nina)
    put_in(phone, coat)
    text = send(phone, HOLD, voucher=code)
    part = next(one for one in text.split('"') if one.startswith("/fragments/me/basket/"))
    assert phone.api("GET", part).status_code == 304
    card = code_on(phone)
    with db.write() as session:
        staff = new_staff(session, store.brand_id, role="assistant", store_id=store.id)
        sam = visit().sign_in(sign_in_staff(session, staff), cookie=COOKIE)
    # The card alone brings the vouchers; nobody types a code.
    assert "£5.00 off" in ask(sam.open("/staff/till"), "", card=card).text
    ask(sam, "", "/staff/till/redeem")
    assert sam.path.startswith("/staff/till/")
    assert phone.api("GET", part).status_code == 205
    assert f"Used at {store.name}, 22 November 2026, 12:00" in phone.open("/me/prizes").text
