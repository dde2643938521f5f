"""Goods come back: whole or in part, once, and never more than was sold."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from core import clock
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from core.outbox import Event
from core.transaction import Database
from retail.brands.queries import StoreView
from retail.catalogue import queries as catalogue
from retail.catalogue.queries import VariantView
from retail.journeys.sales.refund import record_refund
from retail.receipts import queries
from retail.receipts.models import LineItem, ReceiptReturn, ReturnLine
from retail.receipts.returns import ReturnInput, ReturnLineInput
from retail.receipts.views import ReceiptView, ReturnView
from tests.builders.brands import new_store
from tests.builders.catalogue import new_stock, new_variant
from tests.builders.races import meeting, race
from tests.builders.receipts import line, new_receipt, till_of
from tests.conftest import both_databases


@pytest.fixture
def store(session: Session) -> StoreView:
    return new_store(session)


@pytest.fixture
def trench(session: Session, store: StoreView) -> VariantView:
    return new_variant(session, brand_id=store.brand_id)


@pytest.fixture
def receipt(session: Session, store: StoreView, trench: VariantView) -> ReceiptView:
    three = line(trench, quantity=Decimal(3), total_minor=10_000)
    bag = line(quantity=Decimal(0), total_minor=10)
    return new_receipt(session, store=store, lines=(three, bag), variants=[trench, trench])


def back(*lines: tuple[int, str], **overrides: Any) -> ReturnInput:
    values: dict[str, Any] = {"number": "B-1", "returned_at": clock.now()}
    given = tuple(ReturnLineInput(position, Decimal(q)) for position, q in lines) or None
    return ReturnInput(**(values | {"lines": given} | overrides))


def refund(
    session: Session, store: StoreView, receipt: ReceiptView, given: ReturnInput
) -> ReturnView:
    return record_refund(
        session, key=till_of(store), receipt_id=receipt.id, given=given, now=clock.now()
    )


def test_a_whole_receipt_comes_back_and_stock_with_it(
    session: Session, store: StoreView, receipt: ReceiptView, trench: VariantView
) -> None:
    new_stock(session, brand_id=store.brand_id, store_id=store.id, variant_id=trench.id)
    done = refund(session, store, receipt, back())
    assert (done.amount_minor, len(done.lines)) == (10_010, 2)
    stock = catalogue.stock_for(session, store.id, [trench.id], now=clock.now())
    assert stock[trench.id].on_hand == 6
    seen = queries.get_receipt(session, receipt.id)
    assert all(item.is_returned for item in seen.lines)
    assert seen.returned_minor == 10_010


def test_the_same_return_again_has_one_effect(
    session: Session, store: StoreView, receipt: ReceiptView, trench: VariantView
) -> None:
    new_stock(session, brand_id=store.brand_id, store_id=store.id, variant_id=trench.id)
    first, *again = (refund(session, store, receipt, back((1, "1"))) for _ in range(5))
    assert again == [first] * 4
    stock = catalogue.stock_for(session, store.id, [trench.id], now=clock.now())
    assert stock[trench.id].on_hand == 4
    kinds = session.scalars(select(Event.kind)).all()
    assert kinds.count("GoodsReturned") == 1


def test_another_return_under_the_number_is_refused(
    session: Session, store: StoreView, receipt: ReceiptView
) -> None:
    refund(session, store, receipt, back((1, "1")))
    with pytest.raises(Conflict) as refusal:
        refund(session, store, receipt, back((1, "2")))
    assert refusal.value.code == "return_differs"


def test_parts_come_back_until_nothing_is_left(
    session: Session, store: StoreView, receipt: ReceiptView
) -> None:
    amounts = [
        refund(session, store, receipt, back((1, "1"), number=f"B-{n}")).amount_minor
        for n in range(3)
    ]
    assert sum(amounts) == 10_000
    with pytest.raises(Conflict) as refusal:
        refund(session, store, receipt, back((1, "1"), number="B-4"))
    assert refusal.value.code == "more_than_sold"
    assert refusal.value.data["left"] == {"quantity": "0", "amount_minor": 0}
    assert refund(session, store, receipt, back(number="B-5")).amount_minor == 10
    with pytest.raises(Conflict) as refusal:
        refund(session, store, receipt, back(number="B-6"))
    assert refusal.value.code == "already_returned"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (back((3, "1"), returned_at=None), "lines.0.position"),
        (back((1, "0"), returned_at=None), "lines.0.quantity"),
        (back((1, "-1"), returned_at=None), "lines.0.quantity"),
        (back((1, "1"), (1, "1"), returned_at=None), "lines"),
        (back(number=" ", returned_at=None), "number"),
    ],
)
def test_a_return_that_makes_no_sense_is_refused_by_field(
    session: Session, store: StoreView, receipt: ReceiptView, given: ReturnInput, field: str
) -> None:
    sent = ReturnInput(given.number, clock.now(), given.lines)
    with pytest.raises(Invalid) as refusal:
        refund(session, store, receipt, sent)
    assert list(refusal.value.data["fields"]) == [field]


def test_nothing_comes_back_before_it_was_sold(
    session: Session, store: StoreView, receipt: ReceiptView
) -> None:
    with pytest.raises(Invalid):
        refund(session, store, receipt, back(returned_at=receipt.sold_at - timedelta(seconds=1)))


def test_another_brand_takes_nothing_back(session: Session, receipt: ReceiptView) -> None:
    with pytest.raises(NotFound):
        refund(session, new_store(session), receipt, back())


@pytest.mark.proof(rounds=1_250)
@both_databases
def test_of_many_returns_at_one_instant_no_more_succeed_than_were_sold(db: Database) -> None:
    with db.write() as session:
        store = new_store(session)
        ten = line(quantity=Decimal(10), total_minor=10_000)
        receipt = new_receipt(session, store=store, lines=(ten,))

    def attempt(number: int) -> bool:
        try:
            with db.write() as session:
                refund(session, store, receipt, back((1, "1"), number=f"B-{number}"))
        except Conflict:
            return False
        return True

    assert sum(race(attempt, attempts=40)) == 10
    with db.read() as session:
        total = select(func.sum(ReturnLine.amount_minor))
        assert int(session.scalar(total) or 0) == 10_000


@pytest.mark.proof
@both_databases
def test_the_race_catches_a_return_that_reads_what_is_left_before_it_writes(db: Database) -> None:
    """The control: what had come back was read before, so more comes back than was sold."""
    with db.write() as session:
        store = new_store(session)
        ten = line(quantity=Decimal(10), total_minor=10_000)
        receipt = new_receipt(session, store=store, lines=(ten,))
        line_id = session.scalars(select(LineItem.id)).one()

    all_have_read = meeting()

    def naive(number: int) -> bool:
        with db.read() as session:
            returned = session.scalar(select(func.sum(ReturnLine.amount_minor))) or 0
        all_have_read()
        if returned >= 10_000:
            return False
        with db.write() as session:
            head = {"id": new_id(), "brand_id": store.brand_id, "receipt_id": receipt.id}
            marks = {
                "number": f"B-{number}",
                "fingerprint": f"{number:064d}",
                "amount_minor": 1_000,
            }
            times = {"returned_at": clock.now(), "recorded_at": clock.now()}
            session.execute(insert(ReceiptReturn), [head | marks | times])
            part = {"return_id": head["id"], "line_item_id": line_id}
            amounts = {"quantity": Decimal(1), "amount_minor": 1_000}
            session.execute(insert(ReturnLine), [part | amounts])
        return True

    assert sum(race(naive, attempts=40)) > 10
