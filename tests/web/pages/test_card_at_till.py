"""A member's card, from the phone to the till by hand: whose basket it is, for it alone."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from core.clock import FixedClock
from core.config import Settings
from core.transaction import Database
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from tests.builders.accounts import new_member, sign_in
from tests.builders.brands import new_store
from tests.builders.staff_accounts import COOKIE, new_staff, sign_in_staff
from tests.builders.visitor import Visitor
from tests.builders.vouchers import new_code

CHECK, REDEEM = "/staff/till/check", "/staff/till/redeem"
OPENS_NOTHING = "This card opens nothing. Ask for a new code."
CODE = re.compile(r"(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}")


@pytest.fixture
def store(db: Database) -> StoreView:
    with db.write() as session:
        return new_store(session, slug="leeds")


@pytest.fixture
def member(db: Database, store: StoreView) -> MemberView:
    with db.write() as session:
        return new_member(session, store.brand_id)


@pytest.fixture
def phone(db: Database, member: MemberView, visit: Callable[[], Visitor]) -> Visitor:
    with db.write() as session:
        return visit().sign_in(sign_in(session, member))


@pytest.fixture
def sam(db: Database, store: StoreView, visit: Callable[[], Visitor]) -> Visitor:
    return assistant(db, store, visit)


def assistant(db: Database, store: StoreView, visit: Callable[[], Visitor]) -> Visitor:
    with db.write() as session:
        staff = new_staff(session, store.brand_id, role="assistant", store_id=store.id)
        return visit().sign_in(sign_in_staff(session, staff), cookie=COOKIE)


def bound(db: Database, member: MemberView) -> str:
    with db.write() as session:
        return new_code(session, member.id, programme_id=member.brand_id, is_bound=True)


def one_for_each(db: Database, store: StoreView) -> str:
    with db.write() as session:
        return new_code(session, programme_id=store.brand_id, uses=None, uses_per_owner=1)


def code_on(phone: Visitor, address: str = "/me/card") -> str:
    shown = CODE.search(phone.open(address).text)
    assert shown is not None
    return shown[0]


def ask(sam: Visitor, voucher: str, action: str = CHECK, **typed: str) -> Visitor:
    """The page that the till's form on the open page leads to, with a basket of £20."""
    given = sam.form(CHECK) | {"vouchers": voucher, "amount-0": "20"} | typed
    sam.page = sam.client.post(
        action, data=given, follow_redirects=True, headers={"Sec-Fetch-Site": "same-origin"}
    )
    return replace(sam)


def test_a_voucher_for_one_member_counts_with_their_card_and_is_redeemed_after_it_is_over(
    db: Database, member: MemberView, phone: Visitor, sam: Visitor, clock: FixedClock
) -> None:
    voucher, till = bound(db, member), sam.open("/staff/till")
    assert "Read their card." in ask(till, voucher).text
    page = ask(till, voucher, card=code_on(phone).lower())
    assert ("Nina O." in page.text, "£15.00" in page.text) == (True, True)
    assert "Okafor" not in page.text
    clock.advance(minutes=4)
    assert "Ask for £15.00." in ask(till, voucher, REDEEM).text


def test_one_for_each_member_counts_once_for_each(
    db: Database, store: StoreView, phone: Visitor, sam: Visitor
) -> None:
    card, voucher = code_on(phone), one_for_each(db, store)
    assert "Read their card first." in ask(sam.open("/staff/till"), voucher).text
    sold = ask(sam.open("/staff/till"), voucher, REDEEM, card=card)
    assert "Ask for £15.00." in sold.text
    again = ask(sam.open("/staff/till"), voucher, REDEEM, card=card)
    assert (again.status, "as many of these as one member can" in again.text) == (409, True)
    assert "Nina O." in again.text, "whose basket it is stays, for another try"


def test_each_reading_is_told_to_the_member_and_a_held_one_is_none(
    db: Database, member: MemberView, phone: Visitor, sam: Visitor
) -> None:
    voucher, till = bound(db, member), sam.open("/staff/till")
    ask(till, voucher, card=code_on(phone))
    ask(till, voucher)
    ask(till, voucher, REDEEM)
    seen = phone.open("/me/privacy/looks").text
    assert seen.count("A shop assistant") == 1
    assert "saw your card, for your basket at the till" in seen


def test_unknown_expired_and_foreign_cards_are_answered_alike(
    db: Database,
    member: MemberView,
    phone: Visitor,
    sam: Visitor,
    visit: Callable[[], Visitor],
    clock: FixedClock,
) -> None:
    voucher, card = bound(db, member), code_on(phone)
    with db.write() as session:
        foreign = new_store(session)
    elsewhere = ask(assistant(db, foreign, visit).open("/staff/till"), voucher, card=card)
    clock.advance(minutes=2)
    for page in (
        elsewhere,
        ask(sam.open("/staff/till"), voucher, card=card),
        ask(sam.open("/staff/till"), voucher, card="0000-0000-0000-0000"),
        ask(sam.open("/staff/till"), voucher, card="hello"),
    ):
        assert (page.status, page.text.count(OPENS_NOTHING)) == (422, 2)
        assert "Nina" not in page.text
    assert "Nobody yet" in phone.open("/me/privacy/looks").text


def test_what_stands_for_a_card_is_of_one_basket_of_one_colleague_for_a_quarter_of_an_hour(
    db: Database,
    store: StoreView,
    member: MemberView,
    phone: Visitor,
    sam: Visitor,
    visit: Callable[[], Visitor],
    clock: FixedClock,
) -> None:
    voucher = bound(db, member)
    form = ask(sam.open("/staff/till"), voucher, card=code_on(phone)).form(CHECK)
    held, reference = form["held"], form["reference"]
    next_basket = ask(sam.open("/staff/till"), voucher, held=held)
    jo = assistant(db, store, visit).open("/staff/till")
    others = ask(jo, voucher, held=held, reference=reference)
    assert "£15.00" in ask(sam, voucher, held=held, reference=reference).text
    # Its tablet would lock, untouched for so long.
    for minutes in (4, 4, 4, 3):
        clock.advance(minutes=minutes)
        sam.open("/staff/till")
    late = ask(sam, voucher, held=held, reference=reference)
    for page in (next_basket, others, late):
        assert (page.status, "Nina" in page.text) == (422, False)


def test_a_basket_that_is_somebody_else_s_after_all_is_nobody_s_again(
    db: Database, member: MemberView, phone: Visitor, sam: Visitor
) -> None:
    voucher, till = bound(db, member), sam.open("/staff/till")
    ask(till, voucher, card=code_on(phone))
    page = ask(till, voucher, forget="yes")
    assert ("Nina O." in page.text, "Read their card." in page.text) == (False, True)


def test_the_phone_shows_a_new_code_each_minute_and_its_part_the_same(
    phone: Visitor, clock: FixedClock
) -> None:
    first = code_on(phone)
    assert code_on(phone, "/fragments/me/card") == first
    assert ("Nina O." in phone.text, "Okafor" in phone.text) == (True, False)
    renews_in = re.search(r'data-renews-in="(\d+)"', phone.text)
    assert renews_in is not None
    clock.advance(seconds=int(renews_in[1]))
    assert code_on(phone) != first


def test_it_is_found_from_points_and_prizes_and_strangers_have_none(
    phone: Visitor, visit: Callable[[], Visitor]
) -> None:
    for address in ("/me", "/me/points", "/me/prizes"):
        assert 'href="/me/card"' in phone.open(address).text
    stranger = visit()
    assert CODE.search(stranger.open("/me/card").text) is None
    assert stranger.open("/fragments/me/card").status == 401


class TestGuessing:
    """Wrong cards count like wrong vouchers, together with them."""

    @pytest.fixture
    def app_settings(self, app_settings: Settings) -> Settings:
        return replace(app_settings, rate_limits=True)

    def test_after_five_wrong_ones_typing_waits(
        self, db: Database, member: MemberView, phone: Visitor, sam: Visitor
    ) -> None:
        voucher, till = bound(db, member), sam.open("/staff/till")
        for _ in range(3):
            assert ask(till, voucher, card="wrong").status == 422
        for _ in range(2):
            assert ask(till, "wrong").status == 200
        assert ask(till, voucher, card=code_on(phone)).status == 429
        assert "Nobody yet" in phone.open("/me/privacy/looks").text
