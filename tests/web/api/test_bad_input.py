"""What makes no sense is refused, with a clear word about which field, and changes nothing."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core.clock import FixedClock
from core.model import Base
from core.transaction import Database
from tests.builders.accounts import new_member
from tests.builders.brands import new_brand, new_store
from tests.builders.staff import new_till_key
from tests.builders.terms import give_terms
from tests.builders.vouchers import new_code
from web.auth import settings

LINES = [{"quantity": "1", "total_minor": 2000}]
SALE: dict[str, Any] = {"till": "1", "reference": "A-1", "currency": "GBP", "lines": LINES}
HAT = {"description": "Hat", "quantity": "1", "total_minor": 2000}
RECEIPT: dict[str, Any] = {
    "till": "1",
    "number": "B-1",
    "sold_at": "2026-11-22T11:59:00Z",
    "currency": "GBP",
    "lines": [HAT],
}
# Letters and digits that only look like those of a code: Cyrillic, Greek, and in full width.
LOOKALIKES = str.maketrans(
    "ABEHKMPTXY", "\u0410\u0392\u0415\u041d\u039a\u041c\u0420\u03a4\u0425\u03a5"
)


class Till:
    """A till with a voucher, terms and a receipt; and all that the database holds."""

    def __init__(self, app: Flask, db: Database) -> None:
        self.client, self.db = app.test_client(), db
        with app.app_context(), db.write() as session:
            brand = new_brand(session)
            store = new_store(session, brand=brand)
            give_terms(session, brand.id)
            self.member_id = new_member(session, brand.id).id
            _, self.key = new_till_key(session, brand.id, store.id, key=settings().key)
            self.code = new_code(session, programme_id=brand.id, key=settings().key)
        self.ask("/receipts", RECEIPT | {"number": "B-0", "member_id": self.member_id})
        self.receipt_id = self.ask("/receipts", RECEIPT).json["id"]

    def ask(self, path: str, body: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.key}"}
        return self.client.post(f"/api/v1{path}", json=body, headers=headers)

    def everything(self) -> dict[str, list[Any]]:
        """Every row of every table."""
        with self.db.read() as session:
            return {
                table.name: sorted(map(repr, session.execute(select(table)).all()))
                for table in Base.metadata.sorted_tables
            }


@pytest.fixture
def till(app: Flask, db: Database) -> Till:
    return Till(app, db)


AMOUNTS = (-1, -2000, 19.99, "20.00", 1e30, None, True)
PLACES = ("/voucher-redemptions", "/voucher-reservations", "/baskets/price", "/receipts")


def test_fractional_and_negative_amounts_are_refused_everywhere(till: Till) -> None:
    before = till.everything()
    for path in PLACES:
        for amount in AMOUNTS:
            line = {"quantity": "1", "total_minor": amount}
            answer = till.ask(path, _body(till, path) | {"lines": [line]})
            assert answer.status_code == 422, (path, amount, answer.json)
            assert "lines.0.total_minor" in _fields(answer), (path, amount, answer.json)
    assert till.everything() == before


def test_another_currency_than_the_stores_is_refused_everywhere(till: Till) -> None:
    before = till.everything()
    for path in PLACES:
        for currency in ("EUR", "gbp", "POUNDS", "", 826):
            answer = till.ask(path, _body(till, path) | {"currency": currency})
            assert (answer.status_code, _fields(answer)) == (422, {"currency"}), answer.json
    assert till.everything() == before


@pytest.mark.parametrize("quantity", ["-1", "2", "0.0001", "one", None])
def test_more_than_was_sold_or_less_than_nothing_does_not_come_back(
    till: Till, quantity: Any
) -> None:
    before = till.everything()
    lines = [{"position": 1, "quantity": quantity}]
    back = {"number": "C-1", "returned_at": "2026-11-22T12:00:00Z", "lines": lines}
    answer = till.ask(f"/receipts/{till.receipt_id}/returns", back)
    assert answer.status_code in (409, 422), answer.json
    assert answer.json["title"]
    assert till.everything() == before


def test_a_code_with_look_alike_letters_opens_nothing(till: Till) -> None:
    before = till.everything()
    wide = "".join(c if c == "-" else chr(ord(c) + 0xFEE0) for c in till.code)
    for typed in (till.code.translate(LOOKALIKES).replace("0", "\u041e"), wide):
        if typed == till.code:
            continue
        for path in ("/voucher-redemptions", "/voucher-reservations"):
            answer = till.ask(path, SALE | {"vouchers": [typed]})
            assert answer.status_code == 409, answer.json
            assert [one["reason"] for one in answer.json["refused"]] == ["unknown"]
    assert till.everything() == before
    typed = till.code.lower().replace("0", "o").replace("1", "l")
    assert till.ask("/voucher-redemptions", SALE | {"vouchers": [typed]}).status_code == 201


def test_a_till_whose_clock_is_wrong_is_told_so(till: Till) -> None:
    before = till.everything()
    for sold_at in ("2026-11-24T12:00:00Z", "1989-12-31T23:59:59Z", "2026-11-22T12:00:00"):
        answer = till.ask("/receipts", RECEIPT | {"number": "B-9", "sold_at": sold_at})
        assert (answer.status_code, _fields(answer)) == (422, {"sold_at"}), answer.json
        sale = SALE | {"vouchers": [till.code], "sold_at": sold_at}
        answer = till.ask("/voucher-redemptions", sale)
        assert (answer.status_code, _fields(answer)) == (422, {"sold_at"}), answer.json
    assert till.everything() == before


def test_a_server_whose_clock_was_set_back_counts_a_sale_once(
    till: Till, clock: FixedClock
) -> None:
    sale = SALE | {"vouchers": [till.code]}
    first = till.ask("/voucher-redemptions", sale)
    earned = till.ask("/receipts", RECEIPT | {"number": "B-2", "member_id": till.member_id})
    assert (first.status_code, earned.status_code) == (201, 201)
    clock.advance(minutes=-3)
    before = till.everything()
    assert till.ask("/voucher-redemptions", sale).json == first.json
    again = till.ask("/receipts", RECEIPT | {"number": "B-2", "member_id": till.member_id})
    assert (again.status_code, again.json) == (200, earned.json)
    other = till.ask("/voucher-redemptions", sale | {"reference": "A-2"})
    assert other.status_code == 409
    assert till.everything() == before


def _body(till: Till, path: str) -> dict[str, Any]:
    """What each place would take."""
    if path == "/receipts":
        return RECEIPT
    if path == "/baskets/price":
        return {"currency": "GBP", "lines": LINES}
    return SALE | {"vouchers": [till.code]}


def _fields(answer: Any) -> set[str]:
    return set(answer.json["fields"])
