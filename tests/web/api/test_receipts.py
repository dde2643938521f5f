"""A till's HTTP: record, repeat, contradict, print, take back."""

import base64
import io
from collections.abc import Callable
from typing import Any

import pytest
import zxingcpp
from flask import Flask
from PIL import Image

from core.transaction import database
from jobs.schedule import new_worker
from tests.builders.accounts import new_member
from tests.builders.brands import new_brand, new_store
from tests.builders.catalogue import new_variant
from tests.builders.staff import new_integrator_key, new_till_key
from tests.conftest import both_databases
from web.auth import settings

pytestmark = both_databases

NOON = "2026-11-22T11:59:00Z"


class Shop:
    """A store with a till, a product and a member; a second brand next door."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()
        with app.app_context(), database().write() as session:
            brand = new_brand(session)
            store = new_store(session, brand=brand, slug="leeds")
            foreign = new_store(session)
            self.variant = new_variant(session, brand_id=brand.id)
            self.member = new_member(session, brand.id, display_name="Maya Lind")
            self.stranger = new_member(session, foreign.brand_id)
            key = settings().key
            _, self.till = new_till_key(session, brand.id, store.id, key=key)
            _, self.integrator = new_integrator_key(session, brand.id, key=key)
            _, self.foreign = new_till_key(session, foreign.brand_id, foreign.id, key=key)

    def call(self, method: str, path: str, *, by: str | None = None, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {by or self.till}"} | options.pop("headers", {})
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **options)

    def sale(self, **overrides: Any) -> dict[str, Any]:
        line = {"gtin": self.variant.gtin, "quantity": "1", "total_minor": 18_900}
        sale = {"till": "3", "number": "A-1", "sold_at": NOON, "currency": "GBP", "lines": [line]}
        return sale | overrides

    def sell(self, **overrides: Any) -> Any:
        return self.call("POST", "/receipts", json=self.sale(**overrides))


@pytest.fixture
def shop(app: Flask) -> Shop:
    return Shop(app)


def read_code(png: bytes) -> str:
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(png)).convert("L"))
    return str(found.text)


def test_a_sale_is_answered_with_all_that_a_till_prints(shop: Shop) -> None:
    answer = shop.sell()
    assert answer.status_code == 201
    reply = answer.json
    assert reply["total_minor"] == 18_900
    assert reply["claim_url"].startswith("http://localhost/r/")
    assert reply["claim_url"] in reply["print_line"]
    assert reply["code"] in reply["print_line"]
    assert reply["lines"][0]["product"]["name"] == "Harbour trench"
    assert reply["notices"] == []
    assert read_code(base64.b64decode(reply["qr"]["png_base64"])) == reply["claim_url"]


def test_the_same_receipt_again_is_answered_the_same(shop: Shop) -> None:
    first = shop.sell()
    again = [shop.sell() for _ in range(4)]
    assert [answer.status_code for answer in again] == [200] * 4
    assert all(answer.json == first.json for answer in again)


def test_a_key_sent_twice_is_answered_the_same_and_refuses_another_body(shop: Shop) -> None:
    header = {"Idempotency-Key": "sale-1"}
    first = shop.call("POST", "/receipts", json=shop.sale(), headers=header)
    again = shop.call("POST", "/receipts", json=shop.sale(), headers=header)
    other = shop.call("POST", "/receipts", json=shop.sale(number="A-2"), headers=header)
    assert again.json == first.json
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (other.status_code, other.json["type"]) == (
        422,
        "urn:swingtag:problem:idempotency_key_reused",
    )


def test_other_content_under_the_same_number_is_told_field_by_field(shop: Shop) -> None:
    shop.sell()
    line = {"gtin": shop.variant.gtin, "quantity": "2", "total_minor": 20_000}
    answer = shop.sell(lines=[line])
    assert answer.status_code == 409
    assert answer.json["differences"] == [
        {"field": "lines.0.quantity", "recorded": "1", "sent": "2"},
        {"field": "lines.0.total_minor", "recorded": 18_900, "sent": 20_000},
    ]


def test_an_unknown_product_is_kept_and_reported(shop: Shop) -> None:
    line = {"gtin": "5012345678900", "quantity": "1", "total_minor": 500}
    reply = shop.sell(lines=[line]).json
    assert reply["lines"][0]["product"] is None
    assert reply["lines"][0]["gtin"] == "05012345678900"
    assert [(notice["code"], notice["line"]) for notice in reply["notices"]] == [
        ("unknown_product", 1)
    ]


def test_a_known_member_is_spoken_to_and_a_foreign_one_is_not(shop: Shop) -> None:
    mine = shop.sell(member_id=shop.member.id).json
    theirs = shop.sell(member_id=shop.stranger.id, number="A-2").json
    assert mine["print_line"].startswith("Maya, that lining deserves an audience")
    assert theirs["print_line"].startswith("Like what you bought? Show it off.")
    assert [notice["code"] for notice in theirs["notices"]] == ["unknown_member"]


def test_every_picture_of_the_code_is_served(shop: Shop) -> None:
    reply = shop.sell().json
    pictures = {
        name: shop.call("GET", reply["qr"][f"{name}_url"].removeprefix("http://localhost/api/v1"))
        for name in ("png", "svg", "escpos")
    }
    slip = shop.call("GET", f"/receipts/{reply['id']}/escpos")
    assert read_code(pictures["png"].data) == reply["claim_url"]
    assert pictures["svg"].content_type.startswith("image/svg+xml")
    assert b"style=" not in pictures["svg"].data
    assert b"\x1dv0" in pictures["escpos"].data
    assert b"Harbour trench" in slip.data
    assert reply["code"].encode() in slip.data


def test_a_receipt_is_shown_to_its_brand_only(shop: Shop) -> None:
    receipt_id = shop.sell(member_id=shop.member.id).json["id"]
    mine = shop.call("GET", f"/receipts/{receipt_id}")
    assert mine.json["lines"][0]["total_minor"] == 18_900
    assert "member_id" not in mine.json
    for path in ("", "/qr.png", "/qr.svg", "/qr.escpos", "/escpos"):
        assert shop.call("GET", f"/receipts/{receipt_id}{path}", by=shop.foreign).status_code == 404


def test_goods_come_back_once(shop: Shop) -> None:
    receipt_id = shop.sell().json["id"]
    wish = {"number": "B-1", "returned_at": "2026-11-22T12:00:00Z"}
    first = shop.call("POST", f"/receipts/{receipt_id}/returns", json=wish)
    again = shop.call("POST", f"/receipts/{receipt_id}/returns", json=wish)
    more = shop.call("POST", f"/receipts/{receipt_id}/returns", json=wish | {"number": "B-2"})
    assert first.json["amount_minor"] == 18_900
    assert again.json == first.json
    assert (more.status_code, more.json["type"]) == (409, "urn:swingtag:problem:already_returned")


def test_an_integrator_names_the_store(shop: Shop) -> None:
    named = shop.call("POST", "/receipts", json=shop.sale(store="leeds"), by=shop.integrator)
    unnamed = shop.call("POST", "/receipts", json=shop.sale(), by=shop.integrator)
    unknown = shop.call("POST", "/receipts", json=shop.sale(store="mars"), by=shop.integrator)
    assert named.status_code == 201
    assert (unnamed.status_code, unknown.status_code) == (422, 422)
    assert list(unknown.json["fields"]) == ["store"]


Change = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda sale: sale.pop("number"), "number"),
        (lambda sale: sale.update(number="\x07"), "number"),
        (lambda sale: sale.update(till="4\n2"), "till"),
        (lambda sale: sale.update(currency="EUR"), "currency"),
        (lambda sale: sale.update(sold_at="2026-11-22T12:00:00"), "sold_at"),
        (lambda sale: sale.update(sold_at="2027-11-22T12:00:00Z"), "sold_at"),
        (lambda sale: sale.update(sold_at="0001-01-01T00:00:00+14:00"), "sold_at"),
        (lambda sale: sale.update(total_minor=1), "total_minor"),
        (lambda sale: sale.update(lines=[]), "lines"),
        (lambda sale: sale.update(lines=sale["lines"] * 501), "lines"),
        (lambda sale: sale.update(store="mars"), "store"),
        (lambda sale: sale.update(card="4111111111111111"), "card"),
        (lambda sale: sale["lines"][0].update(gtin="5012345678901"), "lines.0.gtin"),
        (lambda sale: sale["lines"][0].update(total_minor=-1), "lines.0.total_minor"),
        (lambda sale: sale["lines"][0].update(total_minor=1.5), "lines.0.total_minor"),
        (lambda sale: sale["lines"][0].update(total_minor="1"), "lines.0.total_minor"),
        (lambda sale: sale["lines"][0].update(quantity="NaN"), "lines.0.quantity"),
        (lambda sale: sale["lines"][0].update(quantity="-1"), "lines.0.quantity"),
        (lambda sale: sale["lines"][0].update(quantity="1E+99"), "lines.0.quantity"),
        (lambda sale: sale["lines"][0].update(quantity="1.0001"), "lines.0.quantity"),
        (
            lambda sale: sale["lines"][0].update(description="paid 4111-1111-1111-1111"),
            "lines.0.description",
        ),
    ],
)
def test_a_sale_that_makes_no_sense_is_refused_by_field(
    shop: Shop, change: Change, field: str
) -> None:
    sale = shop.sale()
    change(sale)
    answer = shop.call("POST", "/receipts", json=sale)
    assert answer.status_code == 422
    assert field in answer.json["fields"]
    assert "4111" not in answer.get_data(as_text=True)


def test_malformed_bodies_are_problems_not_crashes(shop: Shop) -> None:
    for body in (b"", b"{", b"[]", b"null", b'"x"', b"\xff", b'{"lines": "all"}'):
        answer = shop.call("POST", "/receipts", data=body, content_type="application/json")
        assert answer.status_code in (400, 422)
        assert answer.content_type == "application/problem+json"
    assert shop.call("POST", "/receipts", data=b"{}", content_type="text/plain").status_code in (
        400,
        415,
        422,
    )


def test_hostile_ids_are_not_found(shop: Shop) -> None:
    for receipt_id in ("%00", "x" * 3_000, "..%2f..", "'%20or%201=1"):
        assert shop.call("GET", f"/receipts/{receipt_id}").status_code == 404


def test_a_file_of_history_is_begun_once_and_seen_through(shop: Shop) -> None:
    text = (
        "store,till,number,sold_at,currency,sku,quantity,total_minor\n"
        "leeds,1,H-1,2025-01-02T10:00:00Z,GBP,A,1,100\n"
        "leeds,1,H-2,2025-01-02T10:00:00Z,GBP,A,x,100\n"
    )
    begun = [
        shop.call(
            "POST",
            "/receipt-imports",
            by=shop.integrator,
            data={"file": (io.BytesIO(text.encode()), "history.csv")},
        )
        for _ in range(2)
    ]
    assert [answer.status_code for answer in begun] == [202, 202]
    assert begun[0].json == begun[1].json
    new_worker(database()).run_all()
    path = f"/receipt-imports/{begun[0].json['id']}"
    seen = shop.call("GET", path, by=shop.integrator).json
    assert (seen["state"], seen["rows_done"], seen["receipts_new"]) == ("done", 2, 1)
    assert [(p["line"], p["column"]) for p in seen["problems"]] == [(3, "quantity")]
    assert shop.call("GET", path).status_code == 403


def test_a_file_that_is_no_csv_is_refused(shop: Shop) -> None:
    for content in (b"", b"\xff\xfe", b"a,b\n1,2\n", b"\x00"):
        data = {"file": (io.BytesIO(content), "history.csv")}
        answer = shop.call("POST", "/receipt-imports", by=shop.integrator, data=data)
        assert answer.status_code == 422


def test_no_key_no_receipt(shop: Shop) -> None:
    assert shop.client.post("/api/v1/receipts", json=shop.sale()).status_code == 401
    assert shop.call("POST", "/receipts", json=shop.sale(), by="st_x_y").status_code == 401
