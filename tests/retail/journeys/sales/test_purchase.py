"""A sale: recorded once however often it is sent, never lost for goods that nobody knows."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from core import clock
from core.errors import Conflict, Invalid
from core.ids import new_id
from core.outbox import Event
from core.transaction import Database
from retail.brands.queries import StoreView
from retail.catalogue import queries as catalogue
from retail.catalogue.queries import VariantView
from retail.journeys.sales import purchase
from retail.journeys.sales.purchase import Purchase
from retail.receipts import queries
from retail.receipts.models import LineItem, Receipt
from retail.receipts.rules import ReceiptInput
from tests.builders.accounts import new_member
from tests.builders.brands import new_brand, new_store
from tests.builders.catalogue import new_stock, new_variant
from tests.builders.races import meeting, race
from tests.builders.receipts import SETTINGS, line, receipt_input, till_of
from tests.conftest import both_databases


@pytest.fixture
def store(session: Session) -> StoreView:
    return new_store(session)


@pytest.fixture
def trench(session: Session, store: StoreView) -> VariantView:
    return new_variant(session, brand_id=store.brand_id)


def sell(session: Session, store: StoreView, receipt: ReceiptInput) -> Purchase:
    return purchase.record_purchase(
        session,
        key=till_of(store),
        store_slug=None,
        receipt=receipt,
        now=clock.now(),
        settings=SETTINGS,
    )


def on_hand(session: Session, store: StoreView, variant: VariantView) -> int:
    return catalogue.stock_for(session, store.id, [variant.id], now=clock.now())[variant.id].on_hand


def kinds(session: Session) -> list[str]:
    return list(session.scalars(select(Event.kind).order_by(Event.id)))


def test_the_same_receipt_five_times_is_one_purchase_and_one_answer(
    session: Session, store: StoreView, trench: VariantView
) -> None:
    new_stock(session, brand_id=store.brand_id, store_id=store.id, variant_id=trench.id)
    sent = receipt_input(line(trench), sold_at=clock.now())
    answers = [sell(session, store, sent) for _ in range(5)]
    assert [answer.is_new for answer in answers] == [True, False, False, False, False]
    assert len({answer.reply for answer in answers}) == 1
    assert on_hand(session, store, trench) == 2
    assert kinds(session) == ["ReceiptRecorded"]


def test_the_answer_stays_the_same_after_the_claim(session: Session, store: StoreView) -> None:
    sent = receipt_input()
    first = sell(session, store, sent).reply
    stranger = new_member(session, store.brand_id, display_name="Nina Okafor")
    found = queries.get_receipt(session, first.id)
    assert purchase.receipts.claim(session, found.id, member_id=stranger.id, now=clock.now())
    assert sell(session, store, sent).reply == first


def test_other_content_under_the_number_changes_nothing(
    session: Session, store: StoreView, trench: VariantView
) -> None:
    sent = receipt_input(line(trench))
    first = sell(session, store, sent).reply
    with pytest.raises(Conflict) as refusal:
        sell(session, store, replace(sent, lines=(line(trench, total_minor=1),)))
    assert refusal.value.code == "receipt_differs"
    assert [d["field"] for d in refusal.value.data["differences"]] == ["lines.0.total_minor"]
    assert sell(session, store, sent).reply == first


def test_the_same_number_at_another_till_or_store_is_another_sale(
    session: Session, store: StoreView
) -> None:
    sent = receipt_input()
    elsewhere = new_store(session, brand_id=store.brand_id)
    ids = {
        sell(session, store, sent).reply.id,
        sell(session, store, replace(sent, till="2")).reply.id,
        sell(session, elsewhere, sent).reply.id,
    }
    assert len(ids) == 3


def test_unknown_goods_are_kept_reported_and_told(
    session: Session, store: StoreView, trench: VariantView
) -> None:
    sent = receipt_input(line(trench), line(sku="NEW"), line(description="Bag"))
    reply = sell(session, store, sent).reply
    assert [item.product is not None for item in reply.lines] == [True, False, False]
    assert [(notice.code, notice.line) for notice in reply.notices] == [("unknown_product", 2)]
    assert kinds(session) == ["ReceiptRecorded", "UnknownProductSold"]


def test_another_brands_goods_are_unknown(session: Session, store: StoreView) -> None:
    foreign = new_variant(session, brand_id=new_brand(session).id)
    assert sell(session, store, receipt_input(line(foreign))).reply.lines[0].product is None


def test_a_known_members_receipt_is_born_claimed(session: Session, store: StoreView) -> None:
    maya = new_member(session, store.brand_id, display_name="Maya Lind")
    reply = sell(session, store, receipt_input(member_id=maya.id)).reply
    receipt = queries.get_receipt(session, reply.id)
    assert (receipt.member_id, receipt.claimed_at) == (maya.id, clock.now())
    assert reply.print_line.startswith("Maya, ")


def test_a_member_nobody_knows_never_stops_a_sale(session: Session, store: StoreView) -> None:
    foreign = new_member(session, new_brand(session).id)
    for member_id in (foreign.id, new_id(), "nobody"):
        reply = sell(session, store, receipt_input(member_id=member_id)).reply
        assert queries.get_receipt(session, reply.id).claimed_at is None
        assert [notice.code for notice in reply.notices] == ["unknown_member"]


def test_stock_goes_down_by_whole_pieces_and_never_below_none(
    session: Session, store: StoreView, trench: VariantView
) -> None:
    new_stock(session, brand_id=store.brand_id, store_id=store.id, variant_id=trench.id)
    parts = [line(trench, quantity=Decimal(q)) for q in ("0", "0.6", "1.4")]
    sell(session, store, receipt_input(*parts, sold_at=clock.now()))
    assert on_hand(session, store, trench) == 1
    many = line(trench, quantity=Decimal(9))
    sell(session, store, receipt_input(many, sold_at=clock.now()))
    assert on_hand(session, store, trench) == 0


def test_a_key_sells_for_its_own_store_only(session: Session, store: StoreView) -> None:
    elsewhere = new_store(session, brand_id=store.brand_id)
    for key, slug in (
        (till_of(store), elsewhere.slug),
        (replace(till_of(store), store_id=None, kind="integrator"), None),
        (replace(till_of(store), store_id=None, kind="integrator"), new_store(session).slug),
    ):
        with pytest.raises(Invalid) as refusal:
            purchase.record_purchase(
                session,
                key=key,
                store_slug=slug,
                receipt=receipt_input(),
                now=clock.now(),
                settings=SETTINGS,
            )
        assert list(refusal.value.data["fields"]) == ["store"]


def counts(db: Database) -> tuple[Any, Any]:
    with db.read() as session:
        return (
            session.scalar(select(func.count()).select_from(Receipt)),
            session.scalar(select(func.count()).select_from(LineItem)),
        )


@pytest.mark.proof(rounds=1_250)
@both_databases
def test_tills_that_repeat_at_one_instant_make_one_purchase_each(db: Database) -> None:
    with db.write() as session:
        store = new_store(session)
    sales = [receipt_input(line(), line()) for _ in range(50)]

    def send(attempt: int) -> tuple[str, bool]:
        with db.write() as session:
            answer = sell(session, store, sales[attempt // 8])
            return answer.reply.id, answer.is_new

    answers = race(send, attempts=400)
    assert len({receipt_id for receipt_id, _ in answers}) == 50
    assert sum(is_new for _, is_new in answers) == 50
    assert counts(db) == (50, 100)


@pytest.mark.proof
@both_databases
def test_the_race_catches_a_record_that_looks_before_it_inserts(db: Database) -> None:
    """The control: without the unique number, looking first lets twins through."""
    with db.write() as session:
        store = new_store(session)
    columns = ("brand_id", "store_id", "till", "sold_at", "recorded_at", "currency", "source")
    row = dict(
        zip(
            columns,
            (store.brand_id, store.id, "1", clock.now(), clock.now(), "GBP", "till"),
            strict=True,
        )
    ) | {"total_minor": 0, "is_member_known": False}

    all_have_looked = meeting()

    def naive(attempt: int) -> bool:
        mark = f"{attempt // 8:064d}"
        with db.read() as session:
            is_known = session.scalar(select(Receipt.id).where(Receipt.fingerprint == mark))
        all_have_looked()
        if is_known:
            return False
        with db.write() as session:
            unique = {"id": new_id(), "number": new_id(), "fingerprint": mark}
            session.execute(insert(Receipt), [row | unique])
        return True

    assert sum(race(naive, attempts=80)) > 10
