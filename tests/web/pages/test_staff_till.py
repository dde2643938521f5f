"""The till by hand: type a voucher and a basket, see what comes off and why not, redeem, undo."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from core.clock import FixedClock
from core.config import Settings
from core.transaction import Database
from loyalty.vouchers.models import Redemption
from retail.brands.queries import StoreView
from tests.builders.brands import new_store
from tests.builders.catalogue import new_variant
from tests.builders.staff_accounts import COOKIE, new_staff, sign_in_staff
from tests.builders.visitor import Visitor
from tests.builders.vouchers import new_code, quote

Visit = Callable[[], Visitor]


@pytest.fixture
def store(db: Database) -> StoreView:
    with db.write() as session:
        return new_store(session, slug="leeds")


@pytest.fixture
def sam(app: Flask, db: Database, store: StoreView, visit: Visit) -> Visitor:
    """An assistant at the tablet of the store."""
    with db.write() as session:
        staff = new_staff(session, store.brand_id, role="assistant", store_id=store.id)
        return visit().sign_in(sign_in_staff(session, staff), cookie=COOKIE)


def voucher(db: Database, store: StoreView, **terms: object) -> str:
    with db.write() as session:
        return new_code(session, programme_id=store.brand_id, **terms)


CHECK, REDEEM = "/staff/till/check", "/staff/till/redeem"


def fill_in(sam: Visitor, *codes: str, action: str = CHECK, **rows: str) -> Visitor:
    """Send the till's form by either of its two buttons."""
    typed = {"vouchers": "\r\n".join(codes)} | {k.replace("_", "-"): v for k, v in rows.items()}
    form = sam.open("/staff/till").form(CHECK)
    sam.page = sam.client.post(
        action,
        data=form | typed,
        follow_redirects=True,
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    return sam


def test_a_basket_is_priced_line_by_line_before_anything_is_used(
    db: Database, store: StoreView, sam: Visitor
) -> None:
    code = voucher(db, store)
    with db.write() as session:
        coat = new_variant(session, brand_id=store.brand_id)
    label = f"]d201{coat.gtin}21A1"
    page = fill_in(sam, code.lower(), "hello", item_0=label, pieces_0="2", amount_1="7.50")
    assert page.status == 200
    for text in ("£380.50", "378.00", "5.00", f"Ends in {code[-4:]}", "We don’t know this code."):
        assert text in page.text
    for name in (coat.sku, "Article"):
        assert f'<th scope="row">{name}</th>' in page.text
    with db.read() as session:
        assert quote(session, code, programme_id=store.brand_id).discount_minor == 500


def test_there_is_always_a_row_left_for_one_more_article(
    db: Database, store: StoreView, sam: Visitor
) -> None:
    typed = {f"amount_{row}": "1.00" for row in range(8)}
    page = fill_in(sam, voucher(db, store), **typed)
    assert "£3.00" in page.text
    assert 'name="amount-8"' in page.text


@pytest.mark.parametrize("typed", ["-3", "1e3", "1_000", "\u0663", "0.005", "1,25,000", "NaN"])
def test_an_amount_that_is_none_is_named_and_never_guessed(
    db: Database, store: StoreView, sam: Visitor, typed: str
) -> None:
    page = fill_in(sam, voucher(db, store), amount_0=typed, action=REDEEM)
    assert (page.status, "An amount is a number such as 12.50." in page.text) == (422, True)


def test_it_is_redeemed_once_and_undone_once(db: Database, store: StoreView, sam: Visitor) -> None:
    code = voucher(db, store)
    sold = fill_in(sam, code, action=REDEEM, amount_0="20")
    assert (sold.status, "Ask for £15.00." in sold.text) == (200, True)
    undo = f"{sold.path}/undo"
    token = sold.form(undo)
    again = fill_in(sam, code, action=REDEEM, amount_0="20")
    assert (again.status, "It was used already" in again.text) == (409, True)
    for _ in range(2):
        assert sam.api("POST", undo, data=token).status_code == 303
    assert "Nothing was taken off." in sam.open(undo.removesuffix("/undo")).text
    assert fill_in(sam, code, action=REDEEM, amount_0="20").status == 200


def test_the_button_pressed_twice_redeems_once(
    db: Database, store: StoreView, sam: Visitor, clock: FixedClock
) -> None:
    form = sam.open("/staff/till").form(CHECK)
    sent = form | {"vouchers": voucher(db, store), "amount-0": "20"}
    first = sam.api("POST", REDEEM, data=sent)
    clock.advance(seconds=2)
    again = sam.api("POST", REDEEM, data=sent)
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.location == again.location


def test_what_is_wrong_stands_beside_its_row(db: Database, store: StoreView, sam: Visitor) -> None:
    rows = {"item_0": "what", "amount_1": "1.234", "pieces_2": "x", "amount_2": "1"}
    page = fill_in(sam, action=REDEEM, **rows)
    assert page.status == 422
    for words in ("Scan or type a voucher", "We don’t know this article.", "such as 12.50"):
        assert words in page.text
    assert page.form(CHECK)["item-0"] == "what"


def test_another_store_s_sale_is_not_found_elsewhere(
    db: Database, store: StoreView, sam: Visitor, visit: Visit
) -> None:
    sold = fill_in(sam, voucher(db, store), action=REDEEM, amount_0="20").path
    with db.write() as session:
        other = new_staff(session, new_store(session).brand_id)
        stranger = visit().sign_in(sign_in_staff(session, other), cookie=COOKIE)
    assert stranger.open(sold).status == 404


def test_what_another_store_a_sale_by_hand_or_a_till_used_is_not_undone_here(
    db: Database, store: StoreView, sam: Visitor, visit: Visit
) -> None:
    here = fill_in(sam, voucher(db, store), action=REDEEM, amount_0="20").path
    sent = {"amount_0": "20", "action": "/staff/till/sales"}
    assert fill_in(sam, voucher(db, store), **sent).status == 200
    with db.write() as session:
        elsewhere = new_store(session, brand_id=store.brand_id)
        other = new_staff(session, store.brand_id, role="assistant", store_id=elsewhere.id)
        zoe = visit().sign_in(sign_in_staff(session, other), cookie=COOKIE)
        sale = Redemption.source.startswith("by-hand:")
        of_sale = session.scalars(select(Redemption.id).where(sale)).one()
    token = zoe.open("/staff/till").form(CHECK)
    assert zoe.open(here).status == 404
    assert zoe.api("POST", f"{here}/undo", data=token).status_code == 404
    token = sam.open("/staff/till").form(CHECK)
    assert sam.open(f"/staff/till/{of_sale}").status == 404
    assert sam.api("POST", f"/staff/till/{of_sale}/undo", data=token).status_code == 404
    assert sam.open(here).status == 200


def test_who_works_in_all_stores_says_in_which(
    app: Flask, db: Database, store: StoreView, visit: Visit
) -> None:
    code = voucher(db, store)
    with db.write() as session:
        new_store(session, brand_id=store.brand_id)
        token = sign_in_staff(session, new_staff(session, store.brand_id))
    jo = visit().sign_in(token, cookie=COOKIE)
    assert "Say in which store." in fill_in(jo, code, amount_0="20").text
    assert "£15.00" in fill_in(jo, code, amount_0="20", store=store.id).text


class TestGuessing:
    """Five wrong codes, and whoever types waits; a till with a key never does."""

    @pytest.fixture
    def app_settings(self, app_settings: Settings) -> Settings:
        return replace(app_settings, rate_limits=True)

    def test_after_five_wrong_codes_typing_waits(
        self, db: Database, store: StoreView, sam: Visitor
    ) -> None:
        code = voucher(db, store)
        for _ in range(4):
            assert fill_in(sam, "wrong", code, amount_0="20").status == 200
        assert fill_in(sam, "wrong", action=REDEEM, amount_0="20").status == 409
        waits = fill_in(sam, code, action=REDEEM, amount_0="20")
        assert (waits.status, "wait a quarter of an hour" in waits.text) == (429, True)
        assert waits.page is not None
        assert int(waits.page.headers["Retry-After"]) <= 901
