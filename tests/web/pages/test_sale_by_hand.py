"""A sale by hand that is said to be done has all that a sale of a till with a key has."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from core import clock as core_clock
from core.clock import FixedClock
from core.transaction import Database
from loyalty.campaigns.definition import Definition, read_campaign
from loyalty.ledger import queries as ledger
from retail.accounts import cards
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.catalogue import queries as catalogue
from retail.journeys.sales.refund import record_refund
from retail.receipts import queries as receipts
from retail.receipts.given import Off, given_for, named
from retail.receipts.returns import ReturnInput, ReturnLineInput
from retail.receipts.views import ReceiptView
from tests.builders.accounts import new_member, sign_in
from tests.builders.brands import new_store
from tests.builders.campaigns import new_campaign, ten_per_cent, told
from tests.builders.catalogue import new_stock, new_variant
from tests.builders.receipts import new_receipt, till_of
from tests.builders.staff_accounts import COOKIE, new_staff, sign_in_staff
from tests.builders.terms import give_terms
from tests.builders.visitor import Visitor
from tests.builders.vouchers import quote
from tests.conftest import KEY
from tests.web.pages.test_basket_page import HOLD, own_code, put_in, send
from tests.web.pages.test_staff_till import CHECK, fill_in, voucher

Visit = Callable[[], Visitor]
SELL = "/staff/till/sales"


@pytest.fixture
def store(db: Database) -> StoreView:
    with db.write() as session:
        return new_store(session, slug="leeds")


@pytest.fixture
def sam(db: Database, store: StoreView, visit: Visit) -> Visitor:
    """An assistant at the tablet of the store."""
    with db.write() as session:
        staff = new_staff(session, store.brand_id, role="assistant", store_id=store.id)
        return visit().sign_in(sign_in_staff(session, staff), cookie=COOKIE)


@pytest.fixture
def nina(db: Database, store: StoreView) -> MemberView:
    with db.write() as session:
        give_terms(session, store.brand_id)
        return new_member(session, store.brand_id)


def sell(sam: Visitor, *codes: str, card: str = "", **rows: str) -> Visitor:
    return fill_in(sam, *codes, action=SELL, card=card, **rows)


def test_it_leaves_a_receipt_to_scan_and_takes_stock(
    db: Database, store: StoreView, sam: Visitor
) -> None:
    with db.write() as session:
        coat = new_variant(session, brand_id=store.brand_id)
        new_stock(session, brand_id=store.brand_id, store_id=store.id, variant_id=coat.id)
    sold = sell(sam, voucher(db, store), item_0=coat.sku, amount_1="20")
    assert (sold.status, 'class="sold-code' in sold.text) == (200, True)
    with db.read() as session:
        receipt = receipts.get_receipt(session, sold.path.rsplit("/", 1)[1])
        stock = catalogue.stock_for(session, store.id, [coat.id], now=core_clock.now())
    assert receipt.total_minor == coat.price_minor + 2_000 - 500
    assert sum(line.discount_minor for line in receipt.lines) == 500
    assert stock[coat.id].on_hand == 2


def test_a_member_s_card_brings_points_and_undoing_takes_all_of_it_back(
    db: Database, store: StoreView, sam: Visitor, nina: MemberView
) -> None:
    code = voucher(db, store)
    card = cards.code_of(cards.CARD, nina, now=core_clock.now(), key=KEY)
    sold = sell(sam, code, card=card, amount_0="25")
    with db.read() as session:
        assert ledger.pending(session, store.brand_id, nina.id) == 20
    undo = f"{sold.path}/undo"
    token = sold.form(undo)
    for _ in range(2):
        assert sam.api("POST", undo, data=token).status_code == 303
    with db.read() as session:
        assert ledger.pending(session, store.brand_id, nina.id) == 0
        assert quote(session, code, programme_id=store.brand_id).discount_minor == 500


def test_a_card_alone_brings_what_its_member_holds_on_the_phone_once(
    db: Database, store: StoreView, sam: Visitor, nina: MemberView, visit: Visit
) -> None:
    with db.write() as session:
        coat = new_variant(session, brand_id=store.brand_id)
        phone = visit().sign_in(sign_in(session, nina))
    put_in(phone, coat)
    send(phone, HOLD, voucher=own_code(db, nina))
    card = cards.code_of(cards.CARD, nina, now=core_clock.now(), key=KEY)
    sold = sell(sam, card=card, item_0=coat.sku)
    with db.read() as session:
        receipt = receipts.get_receipt(session, sold.path.rsplit("/", 1)[1])
    assert (receipt.total_minor, receipt.member_id) == (coat.price_minor - 500, nina.id)
    again = sell(sam, card=card, item_0=coat.sku)
    with db.read() as session:
        receipt = receipts.get_receipt(session, again.path.rsplit("/", 1)[1])
    assert receipt.total_minor == coat.price_minor


def campaign(db: Database, store: StoreView, definition: Definition) -> None:
    with db.write() as session:
        new_campaign(session, definition, programme_id=store.brand_id)


def sold_for(db: Database, sold: Visitor) -> ReceiptView:
    with db.read() as session:
        return receipts.get_receipt(session, sold.path.rsplit("/", 1)[1])


def test_campaigns_come_off_first_and_vouchers_off_what_they_leave(
    db: Database, store: StoreView, sam: Visitor
) -> None:
    campaign(db, store, ten_per_cent(name="Ten for all"))
    codes = [voucher(db, store, kind="percent", value=50, currency=None) for _ in range(2)]
    foreseen = fill_in(sam, codes[0], amount_0="40")
    for text in ("Ten for all", "£4.00 off", "£18.00"):
        assert text in foreseen.text
    sold = sold_for(db, sell(sam, codes[0], amount_0="40"))
    assert (sold.total_minor, sold.lines[0].discount_minor) == (1_800, 2_200)
    with db.read() as session:
        parts = named(1, sold.lines[0].discount_minor, given_for(session, sold))
    assert parts == (Off("Ten for all", 400), Off("", 1_800))


def test_a_basket_is_priced_for_campaigns_without_any_voucher(
    db: Database, store: StoreView, sam: Visitor
) -> None:
    campaign(db, store, ten_per_cent())
    assert "£36.00" in fill_in(sam, amount_0="40").text
    assert sold_for(db, sell(sam, amount_0="40")).total_minor == 3_600


def test_points_of_campaigns_are_booked_once_and_go_when_it_is_undone(
    db: Database, store: StoreView, sam: Visitor, nina: MemberView
) -> None:
    campaign(db, store, read_campaign(told({"kind": "points", "points": 70})))
    card = cards.code_of(cards.CARD, nina, now=core_clock.now(), key=KEY)
    sent = sam.open("/staff/till").form(CHECK) | {"amount-0": "20", "card": card}
    for _ in range(2):
        sold = sam.api("POST", SELL, data=sent)
    with db.read() as session:
        assert ledger.pending(session, store.brand_id, nina.id) == 90
    sam.open(sold.location).send(f"{sold.location}/undo")
    again = sam.api("POST", SELL, data=sent)
    assert (again.status_code, again.location) == (303, sold.location)
    assert sam.api("POST", SELL, data=sent | {"amount-0": "21"}).status_code == 409
    with db.read() as session:
        assert ledger.pending(session, store.brand_id, nina.id) == 0


def test_a_store_in_another_currency_sells_without_campaigns(
    db: Database, store: StoreView, visit: Visit
) -> None:
    campaign(db, store, ten_per_cent())
    with db.write() as session:
        abroad = new_store(session, brand_id=store.brand_id, currency="EUR")
        staff = new_staff(session, store.brand_id, role="assistant", store_id=abroad.id)
        ana = visit().sign_in(sign_in_staff(session, staff), cookie=COOKIE)
    assert sold_for(db, sell(ana, amount_0="40")).total_minor == 4_000


def test_what_came_back_in_part_is_not_undone(db: Database, store: StoreView, sam: Visitor) -> None:
    sold = sell(sam, amount_0="25", amount_1="10")
    receipt_id = sold.path.rsplit("/", 1)[1]
    with db.write() as session:
        given = ReturnInput("B-1", core_clock.now(), (ReturnLineInput(1, Decimal(1)),))
        how = {"key": till_of(store), "given": given, "now": core_clock.now()}
        record_refund(session, receipt_id=receipt_id, **how)
    refused = sam.open(sold.path).send(f"{sold.path}/undo")
    assert (refused.status, "Some of it came back already." in refused.text) == (409, True)


def test_goods_that_came_back_at_a_till_leave_vouchers_that_are_given_back_here(
    db: Database, store: StoreView, sam: Visitor
) -> None:
    code = voucher(db, store)
    sold = sell(sam, code, amount_0="25")
    given = ReturnInput("B-1", core_clock.now())
    with db.write() as session:
        how = {"key": till_of(store), "given": given, "now": core_clock.now()}
        record_refund(session, receipt_id=sold.path.rsplit("/", 1)[1], **how)
    back = sam.open(sold.path)
    assert "The vouchers still count as used." in back.text
    assert "as they were before" not in back.text
    undone = back.send(f"{sold.path}/undo")
    assert "points and vouchers are as they were before" in undone.text
    with db.read() as session:
        assert quote(session, code, programme_id=store.brand_id).discount_minor == 500


def test_the_button_pressed_twice_sells_once(
    store: StoreView, sam: Visitor, clock: FixedClock
) -> None:
    sent = sam.open("/staff/till").form(CHECK) | {"amount-0": "20"}
    first = sam.api("POST", SELL, data=sent)
    clock.advance(seconds=2)
    again = sam.api("POST", SELL, data=sent)
    assert (first.status_code, first.location) == (303, again.location)


def test_another_store_s_sale_and_another_till_s_are_not_found(
    db: Database, store: StoreView, sam: Visitor, visit: Visit
) -> None:
    sold = sell(sam, amount_0="20").path
    with db.write() as session:
        elsewhere = new_store(session, brand_id=store.brand_id)
        other = new_staff(session, store.brand_id, role="assistant", store_id=elsewhere.id)
        stranger = visit().sign_in(sign_in_staff(session, other), cookie=COOKIE)
        of_a_till = new_receipt(session, store=store)
    assert stranger.open(sold).status == 404
    assert sam.open(f"/staff/till/sales/{of_a_till.id}").status == 404
