"""The words on paper: to members by name, never about sizes, presents or health."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.catalogue.queries import VariantView
from retail.receipts import queries, service, slip
from retail.receipts.slip import Slip
from retail.receipts.views import ReceiptView
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.catalogue import new_style, new_variant
from tests.builders.receipts import line, new_receipt, receipt_input
from tests.conftest import KEY, NOON


@pytest.fixture
def store(session: Session) -> StoreView:
    return new_store(session, name="Covent Garden")


@pytest.fixture
def maya(session: Session, store: StoreView) -> MemberView:
    return new_member(session, store.brand_id, display_name="Maya Lind")


@pytest.fixture
def trench(session: Session, store: StoreView) -> VariantView:
    return new_variant(session, brand_id=store.brand_id)


def paper(session: Session, receipt: ReceiptView) -> Slip:
    return queries.slip(
        session, receipt.id, brand_id=None, key=KEY, public_url="https://shop.example"
    )


def test_items_and_total_come_first_in_the_money_of_the_store(
    session: Session, store: StoreView, trench: VariantView
) -> None:
    seen = paper(session, new_receipt(session, store=store, variants=[trench], till="3"))
    assert seen.store_name == "Covent Garden"
    assert (seen.sold_at, seen.till) == ("Sun 22 Nov 2026, 11:59", "Till 3")
    (item,) = seen.lines
    assert (item.name, item.amount, item.detail) == ("Harbour trench", "189.00", "camel, 12")
    assert seen.total == "£189.00"


def test_the_slip_names_the_last_good_days(session: Session, store: StoreView) -> None:
    seen = paper(session, new_receipt(session, store=store))
    assert seen.open_until == (
        "Scan until 21 December, type the code until 5 December. One claim per receipt."
    )


def test_a_stranger_is_asked_a_question(
    session: Session, store: StoreView, trench: VariantView
) -> None:
    seen = paper(session, new_receipt(session, store=store, variants=[trench]))
    assert seen.headline == "Like what you bought? Show it off."


def test_a_known_member_is_praised_for_the_dearest_piece(
    session: Session, store: StoreView, trench: VariantView, maya: MemberView
) -> None:
    hat = new_variant(
        session,
        brand_id=store.brand_id,
        price_minor=2_000,
        style=new_style(session, brand_id=store.brand_id, name="Dock beanie", drawing="beanie"),
    )
    seen = paper(session, new_receipt(session, store=store, variants=[hat, trench], member=maya))
    assert seen.headline == "Maya, that lining deserves an audience"


def test_presents_and_private_goods_are_never_spoken_of(
    session: Session, store: StoreView, trench: VariantView, maya: MemberView
) -> None:
    private = new_variant(
        session,
        brand_id=store.brand_id,
        style=new_style(
            session,
            brand_id=store.brand_id,
            category_code="underwear",
            is_never_shareable=True,
            drawing="dress",
        ),
    )
    present = new_receipt(
        session,
        store=store,
        variants=[trench, private],
        member=maya,
        lines=(line(trench, is_gift=True), line(private)),
    )
    assert paper(session, present).headline == "Maya, that look deserves an audience"


def test_whoever_claims_later_is_not_named_to_the_till(
    session: Session, store: StoreView, maya: MemberView
) -> None:
    receipt = new_receipt(session, store=store)
    assert service.claim(session, receipt.id, member_id=maya.id, now=NOON)
    assert "Maya" not in paper(session, receipt).headline


def test_an_unknown_product_keeps_the_tills_words_and_a_discount_its_own_line(
    session: Session, store: StoreView
) -> None:
    sent = receipt_input(line(description="Hand-knit thing", total_minor=800, discount_minor=200))
    seen = paper(session, new_receipt(session, store=store, lines=sent.lines))
    assert [(item.name, item.amount) for item in seen.lines] == [
        ("Hand-knit thing", "10.00"),
        ("Discount", "-2.00"),
    ]
    assert seen.total == "£8.00"


def test_money_without_decimals_is_shown_without(session: Session) -> None:
    tokyo = new_store(session, currency="JPY", zone="Asia/Tokyo", locale="ja-JP")
    seen = paper(
        session,
        new_receipt(session, store=tokyo, currency="JPY", lines=(line(total_minor=12_000),)),
    )
    assert seen.lines[0].amount == "12000"
    assert "12,000" in seen.total


def test_the_line_for_a_plain_till_holds_address_and_code(
    session: Session, store: StoreView
) -> None:
    seen = paper(session, new_receipt(session, store=store, sold_at=NOON - timedelta(hours=1)))
    assert seen.claim_url is not None
    assert slip.print_line(seen) == f"{seen.headline} {seen.claim_url} or code {seen.code}"
