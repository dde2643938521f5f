"""Historic receipts: all that make sense come in, once, however often and wherever it stops."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import clock
from core.clock import FixedClock
from core.errors import Invalid
from core.outbox import Event, Job
from core.transaction import Database
from jobs.worker import Worker
from retail.brands.queries import StoreView
from retail.catalogue.queries import VariantView
from retail.journeys.sales import receipt_import
from retail.receipts import history, importer, queries
from retail.receipts.models import LineItem, Receipt, ReceiptImportChunk
from retail.receipts.views import ImportView
from tests.builders.brands import new_store
from tests.builders.catalogue import new_variant
from tests.builders.receipts import line, new_receipt
from tests.conftest import NOON, both_databases

HEADER = ",".join(history.COLUMNS)


@pytest.fixture
def store(session: Session) -> StoreView:
    return new_store(session, slug="leeds")


def row(number: str, **cells: str) -> str:
    values = {
        "store": "leeds",
        "till": "1",
        "number": number,
        "sold_at": "2025-03-01T10:00:00Z",
        "currency": "GBP",
        "sku": "A",
        "gtin": "",
        "description": "Thing",
        "quantity": "1",
        "total_minor": "250",
        "discount_minor": "",
    } | cells
    return ",".join(values[name] for name in history.COLUMNS)


def csv_of(*rows: str, header: str = HEADER) -> str:
    return "\n".join([header, *rows, ""])


def take_in(session: Session, store: StoreView, text: str) -> ImportView:
    begun = receipt_import.begin_import(
        session, brand_id=store.brand_id, text=text, now=clock.now()
    )
    while begun.state == "running":
        receipt_import.continue_import(session, begun.id, now=clock.now())
        begun = queries.get_import(session, begun.id, brand_id=store.brand_id)
    return begun


def test_rows_become_receipts_with_lines(session: Session, store: StoreView) -> None:
    known: VariantView = new_variant(session, brand_id=store.brand_id)
    text = csv_of(
        row("1", sku=known.sku),
        row("1", sku="", gtin=known.gtin or "", quantity="0.333", discount_minor="5"),
        row("2", quantity="0", sold_at="2025-07-01T10:00:00"),
    )
    done = take_in(session, store, text)
    assert (done.state, done.rows_done, done.receipts_new, done.problems_total) == ("done", 3, 2, 0)
    first = queries.find_by_number(session, store.id, "1", "1")
    second = queries.find_by_number(session, store.id, "1", "2")
    assert first is not None
    assert second is not None
    assert first.total_minor == 500
    assert [item.variant_id for item in first.lines] == [known.id, known.id]
    assert first.lines[1].quantity == Decimal("0.333")
    assert first.lines[1].discount_minor == 5
    # Without an offset the time is the store's own, here British summer time.
    assert second.sold_at.hour == 9
    assert (second.claim_ends_at, second.source) == (None, "import")


def test_columns_may_stand_in_any_order_and_idle_ones_be_left_out(
    session: Session, store: StoreView
) -> None:
    text = (
        "\ufefftotal_minor,store,number,till,currency,sold_at,quantity,description\r\n"
        '250,leeds,1,1,GBP,2025-03-01T10:00:00Z,1,"Coat, ""long"""\r\n'
    )
    assert take_in(session, store, text).receipts_new == 1
    receipt = queries.find_by_number(session, store.id, "1", "1")
    assert receipt is not None
    assert receipt.lines[0].description == 'Coat, "long"'


def test_the_same_file_again_is_the_same_import(session: Session, store: StoreView) -> None:
    text = csv_of(row("1"), row("2"))
    assert take_in(session, store, text) == take_in(session, store, text)


def test_known_receipts_stay_as_they_are(session: Session, store: StoreView) -> None:
    take_in(session, store, csv_of(row("1"), row("2")))
    again = take_in(session, store, csv_of(row("1"), row("2", total_minor="9"), row("3")))
    assert (again.receipts_new, again.receipts_known) == (1, 1)
    assert [problem["line"] for problem in again.problems] == [3]
    receipt = queries.find_by_number(session, store.id, "1", "2")
    assert receipt is not None
    assert receipt.total_minor == 250


def test_a_tills_receipt_is_known_to_a_later_file(session: Session, store: StoreView) -> None:
    sold = line(sku="A", description="Thing", total_minor=250)
    new_receipt(session, store=store, lines=(sold,), number="1", sold_at=NOON, till="1")
    done = take_in(session, store, csv_of(row("1", sold_at="2026-11-22T12:00:00+00:00")))
    assert (done.receipts_new, done.receipts_known, done.problems_total) == (0, 1, 0)


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"store": "mars"}, "store"),
        ({"till": ""}, "till"),
        ({"number": "x" * 41}, "number"),
        ({"sold_at": "yesterday"}, "sold_at"),
        ({"sold_at": "2045-01-01T00:00:00Z"}, "sold_at"),
        ({"sold_at": "0001-01-01T00:00:00+14:00"}, "sold_at"),
        ({"currency": "EUR"}, "currency"),
    ],
)
def test_a_receipt_that_cannot_be_placed_is_named_once(
    session: Session, store: StoreView, cells: dict[str, str], column: str
) -> None:
    wrong = row(**({"number": "2"} | cells))
    done = take_in(session, store, csv_of(row("1"), wrong, wrong, row("3")))
    assert [(problem["line"], problem["column"]) for problem in done.problems] == [(3, column)]
    assert done.receipts_new == 2


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"sold_at": "2025-03-01T10:00:01Z"}, "sold_at"),
        ({"currency": "EUR"}, "currency"),
        ({"sku": "", "description": ""}, "description"),
        ({"sku": "x" * 61}, "sku"),
        ({"gtin": "5012345678901"}, "gtin"),
        ({"description": "card 4111 1111 1111 1111"}, "description"),
        ({"quantity": "1.2.3"}, "quantity"),
        ({"quantity": "-1"}, "quantity"),
        ({"quantity": "NaN"}, "quantity"),
        ({"quantity": "1e400"}, "quantity"),
        ({"total_minor": "2.50"}, "total_minor"),
        ({"total_minor": "-1"}, "total_minor"),
        ({"total_minor": "٣"}, "total_minor"),
        ({"total_minor": "9" * 5_000}, "total_minor"),
        ({"discount_minor": "x"}, "discount_minor"),
    ],
)
def test_a_wrong_line_is_named_and_keeps_its_whole_receipt_out(
    session: Session, store: StoreView, cells: dict[str, str], column: str
) -> None:
    wrong = row("2", **cells)
    done = take_in(session, store, csv_of(row("1"), row("2"), wrong, row("2"), wrong, row("3")))
    assert [(problem["line"], problem["column"]) for problem in done.problems] == [
        (4, column),
        (6, column),
    ]
    assert "4111" not in str(done.problems)
    assert done.receipts_new == 2
    assert queries.find_by_number(session, store.id, "1", "2") is None


def test_lines_of_a_receipt_that_stand_apart_are_told(session: Session, store: StoreView) -> None:
    done = take_in(session, store, csv_of(row("1"), row("2"), row("1", total_minor="9")))
    assert (done.receipts_new, [problem["line"] for problem in done.problems]) == (2, [4])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "a,b\n",
        HEADER,
        HEADER + "," + "store\n",
        csv_of(row("1") + ",more"),
        csv_of("leeds,1"),
        csv_of('leeds,"1'),
        csv_of(row("1", description="\x1e")),
        csv_of("x" * 200_000),
    ],
)
def test_what_is_no_such_file_changes_nothing(db: Database, text: str) -> None:
    with db.write() as session:
        store = new_store(session, slug="leeds")
    with pytest.raises(Invalid), db.write() as session:
        take_in(session, store, text)
    with db.read() as session:
        assert session.scalars(select(Job.id)).all() == []


def test_a_receipt_of_too_many_lines_is_refused(session: Session, store: StoreView) -> None:
    done = take_in(session, store, csv_of(*[row("1")] * 501))
    assert (done.receipts_new, done.problems_total) == (0, 1)


@given(
    st.lists(st.integers(1, 6), min_size=1, max_size=30),
    st.integers(1, 12),
)
def test_pieces_cut_only_between_receipts_and_lose_nothing(sizes: list[int], size: int) -> None:
    rows = [
        row(str(number), total_minor=str(place))
        for number, count in enumerate(sizes)
        for place in range(count)
    ]
    read = list(history.read_rows(csv_of(*rows)))
    pieces = list(history.pieces(iter(read), size))
    unpacked = [list(history.unpack(piece.body)) for piece in pieces]
    assert [line for piece in unpacked for line in piece] == read
    assert [piece.rows for piece in pieces] == [len(piece) for piece in unpacked]
    numbers = [{cells[2] for _, cells in piece} for piece in unpacked]
    assert sum(len(each) for each in numbers) == len(sizes)


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = history.pieces
    monkeypatch.setattr(history, "pieces", lambda rows: whole(rows, 10))


def next_piece(session: Session, payload: dict[str, Any], now: datetime) -> None:
    receipt_import.continue_import(session, payload["import_id"], now=now)


Tally = tuple[int | None, int | None, int | None]


def tally(db: Database) -> Tally:
    with db.read() as session:
        return (
            session.scalar(select(func.count()).select_from(Receipt)),
            session.scalar(select(func.count()).select_from(LineItem)),
            int(session.scalar(select(func.sum(Receipt.total_minor))) or 0),
        )


@both_databases
def test_an_import_that_is_killed_goes_on_where_it_stood(
    db: Database, small_pieces: None, monkeypatch: pytest.MonkeyPatch, clock: FixedClock
) -> None:
    text = csv_of(*[row(str(n // 3)) for n in range(120)])
    with db.write() as session:
        store = new_store(session, slug="leeds")
        begun = receipt_import.begin_import(
            session, brand_id=store.brand_id, text=text, now=clock.now()
        )
    real, calls = importer.insert_rows, iter(range(1_000))

    def dies_every_other_time(*arguments: Any) -> None:
        real(*arguments)
        if next(calls) % 2:
            raise RuntimeError("killed between the rows and the commit")

    monkeypatch.setattr(importer, "insert_rows", dies_every_other_time)
    worker = Worker(db, transactional={receipt_import.JOB: next_piece}, leased={})
    seen = []
    while not seen or seen[-1].state == "running":
        worker.run_all()
        clock.advance(hours=2)
        with db.read() as session:
            seen.append(queries.get_import(session, begun.id, brand_id=store.brand_id))
    assert seen[-1].state == "done"
    assert [view.rows_done for view in seen] == sorted(view.rows_done for view in seen)
    assert tally(db) == (40, 120, 30_000)
    with db.read() as session:
        assert session.scalars(select(ReceiptImportChunk.position)).all() == []
        kinds = session.scalars(select(Event.kind)).all()
    assert list(kinds) == ["ReceiptsImported"]


@both_databases
def test_two_files_with_the_same_receipts_meet_without_twins(db: Database) -> None:
    rows = [row(str(n // 3)) for n in range(60)]
    with db.write() as session:
        store = new_store(session, slug="leeds")
        first = take_in(session, store, csv_of(*rows))
    with db.write() as session:
        second = take_in(session, store, csv_of(*rows, row("new")))
    assert (first.receipts_new, second.receipts_new, second.receipts_known) == (20, 1, 20)
    assert tally(db) == (21, 61, 61 * 250)
