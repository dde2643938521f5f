"""A till's HTTP with vouchers: ask, hold, redeem, let go, take back; once each."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core.clock import FixedClock
from core.outbox import Event
from core.transaction import database
from jobs.schedule import new_worker
from loyalty.baskets.rules import Scope
from tests.builders.accounts import new_member
from tests.builders.brands import new_brand, new_store
from tests.builders.catalogue import new_style, new_variant
from tests.builders.staff import new_integrator_key, new_till_key
from tests.builders.vouchers import new_code
from tests.conftest import both_databases
from web.auth import settings

pytestmark = both_databases


class Shop:
    """A store with a till, a coat and a hat; a second brand next door."""

    def __init__(self, app: Flask) -> None:
        self.app, self.client = app, app.test_client()
        with app.app_context(), database().write() as session:
            self.brand = new_brand(session)
            store = new_store(session, brand=self.brand, slug="leeds")
            foreign = new_store(session)
            self.coat = new_variant(session, brand_id=self.brand.id)
            hats = new_style(session, brand_id=self.brand.id, category_code="hats")
            self.hat = new_variant(session, brand_id=self.brand.id, style=hats)
            self.member = new_member(session, self.brand.id)
            key = settings().key
            _, self.till = new_till_key(session, self.brand.id, store.id, key=key)
            _, self.integrator = new_integrator_key(session, self.brand.id, key=key)
            _, self.foreign = new_till_key(session, foreign.brand_id, foreign.id, key=key)

    def code(self, **terms: Any) -> str:
        with self.app.app_context(), database().write() as session:
            values = {"programme_id": self.brand.id, "key": settings().key} | terms
            return new_code(session, **values)

    def call(self, method: str, path: str, *, by: str | None = None, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {by or self.till}"} | options.pop("headers", {})
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **options)

    def ask(self, path: str, *codes: str, by: str | None = None, **overrides: Any) -> Any:
        lines = [
            {"gtin": self.coat.gtin, "total_minor": 18_900},
            {"sku": self.hat.sku, "quantity": "2", "total_minor": 3_001},
        ]
        basket: dict[str, Any] = {"currency": "GBP", "lines": lines, "vouchers": list(codes)}
        if path != "/vouchers/validate":
            basket |= {"till": "3", "reference": "A-1"}
        return self.call("POST", path, by=by, json=basket | overrides)


@pytest.fixture
def shop(app: Flask) -> Shop:
    return Shop(app)


HATS = Scope(includes=frozenset({"category:hats"}), places=frozenset({"store:leeds"}))


def test_a_basket_is_priced_line_by_line_with_a_reason_for_what_does_not_count(shop: Shop) -> None:
    half = {"kind": "percent", "value": 50, "currency": None, "stacking": "stackable"}
    hats = shop.code(**half, scope=HATS)
    elsewhere = shop.code(**half, scope=Scope(places=frozenset({"store:york"})))
    answer = shop.ask("/vouchers/validate", hats.lower(), elsewhere, "nonsense")
    assert answer.status_code == 200
    assert [(one["line"], one["discount_minor"]) for one in answer.json["lines"]] == [
        ("1", 0),
        ("2", 1_501),
    ]
    assert (answer.json["discount_minor"], answer.json["pays_minor"]) == (1_501, 20_400)
    assert {(one["ends_in"], one["reason"]) for one in answer.json["refused"]} == {
        ("ENSE", "unknown"),
        (elsewhere[-4:], "nothing_in_scope"),
    }


def test_a_voucher_is_held_redeemed_and_rolled_back_by_line(shop: Shop) -> None:
    code = shop.code(value=1000)
    held = shop.ask("/voucher-reservations", code)
    assert (held.status_code, held.json["state"]) == (201, "reserved")
    assert shop.ask("/voucher-reservations", code).json == held.json
    path = f"/voucher-reservations/{held.json['id']}"
    done = shop.call("POST", f"{path}/redeem")
    assert (done.status_code, done.json["state"]) == (200, "redeemed")
    assert shop.call("POST", f"{path}/redeem").json == done.json
    assert shop.call("DELETE", path).status_code == 409
    back = {"reference": "R-1", "lines": [{"line": 2, "quantity": "1"}]}
    rollbacks = f"/voucher-redemptions/{held.json['id']}/rollbacks"
    answer = shop.call("POST", rollbacks, json=back)
    assert answer.status_code == 201
    assert answer.json["lines"] == [
        {"line": "2", "quantity": "1", "discount_minor": 69, "paid_minor": 1432}
    ]
    assert shop.call("POST", rollbacks, json=back).json == answer.json
    rest = shop.call("POST", rollbacks, json={"reference": "R-2"}).json
    assert rest["discount_minor"] + answer.json["discount_minor"] == 1000
    assert len(shop.call("GET", path).json["rollbacks"]) == 2
    assert shop.ask("/vouchers/validate", code).json["discount_minor"] == 1000


def test_a_held_voucher_is_free_again_when_let_go_and_when_its_time_is_over(
    app: Flask, shop: Shop, clock: FixedClock
) -> None:
    code = shop.code()
    held = shop.ask("/voucher-reservations", code).json
    other = shop.ask("/voucher-reservations", code, reference="A-2")
    assert (other.status_code, other.json["refused"][0]["reason"]) == (409, "used_up")
    assert shop.call("DELETE", f"/voucher-reservations/{held['id']}").json["state"] == "released"
    again = shop.ask("/voucher-reservations", code, reference="A-3").json
    clock.advance(minutes=16)
    with app.app_context():
        new_worker(database()).run_all()
    found = shop.call("GET", f"/voucher-reservations/{again['id']}").json
    assert found["state"] == "lapsed"
    late = shop.call("POST", f"/voucher-reservations/{again['id']}/redeem")
    assert (late.status_code, late.json["state"]) == (409, "lapsed")
    assert shop.ask("/vouchers/validate", code).json["discount_minor"] == 500


def test_a_till_that_was_offline_sends_the_sale_later(shop: Shop, clock: FixedClock) -> None:
    code = shop.code()
    clock.advance(hours=30)
    sent = {"sold_at": "2026-11-22T13:00:00+00:00"}
    first = shop.ask("/voucher-redemptions", code, **sent)
    assert (first.status_code, first.json["sold_at"]) == (201, "2026-11-22T13:00:00Z")
    assert shop.ask("/voucher-redemptions", code, **sent).json == first.json
    clock.advance(hours=73)
    assert shop.ask("/voucher-redemptions", code, **sent).json == first.json
    other = shop.ask("/voucher-redemptions", shop.code(), **sent, reference="A-2")
    assert (other.status_code, list(other.json["fields"])) == (422, ["sold_at"])


def test_a_sale_sent_again_without_a_time_is_the_same_sale(shop: Shop, clock: FixedClock) -> None:
    code = shop.code()
    first = shop.ask("/voucher-redemptions", code)
    clock.advance(minutes=3)
    again = shop.ask("/voucher-redemptions", code)
    assert (again.status_code, again.json) == (201, first.json)


def test_a_key_sent_twice_is_answered_the_same_and_refuses_another_body(shop: Shop) -> None:
    code, header = shop.code(), {"Idempotency-Key": "sale-1"}
    basket = {"currency": "GBP", "lines": [{"total_minor": 900}], "vouchers": [code]}
    sale = basket | {"till": "1", "reference": "7"}
    calls = {"headers": header}
    first = shop.call("POST", "/voucher-redemptions", json=sale, **calls)
    again = shop.call("POST", "/voucher-redemptions", json=sale, **calls)
    assert (again.json, again.headers["Idempotent-Replayed"]) == (first.json, "true")
    other = shop.call("POST", "/voucher-redemptions", json=sale | {"reference": "8"}, **calls)
    assert other.status_code == 422


def test_one_per_member_and_bound_vouchers_need_to_know_whose_basket_it_is(shop: Shop) -> None:
    code = shop.code(uses=None, uses_per_owner=1)
    asked = {"member_id": shop.member.id}
    assert shop.ask("/voucher-redemptions", code).json["refused"][0]["reason"] == "owner_needed"
    assert shop.ask("/voucher-redemptions", code, **asked).status_code == 201
    again = shop.ask("/voucher-redemptions", code, **asked, reference="A-2")
    assert again.json["refused"][0]["reason"] == "owner_used_up"


def test_another_brand_neither_finds_the_voucher_nor_the_redemption(shop: Shop) -> None:
    code = shop.code()
    found = shop.ask("/vouchers/validate", code, by=shop.foreign)
    assert found.json["refused"][0]["reason"] == "unknown"
    held = shop.ask("/voucher-reservations", code).json
    for method, path in (
        ("GET", f"/voucher-reservations/{held['id']}"),
        ("POST", f"/voucher-reservations/{held['id']}/redeem"),
        ("DELETE", f"/voucher-reservations/{held['id']}"),
    ):
        assert shop.call(method, path, by=shop.foreign).status_code == 404


def test_an_integrator_names_the_store(shop: Shop) -> None:
    code = shop.code()
    assert shop.ask("/vouchers/validate", code, by=shop.integrator).status_code == 422
    named = shop.ask("/vouchers/validate", code, by=shop.integrator, store="leeds")
    assert named.json["discount_minor"] == 500


@pytest.mark.parametrize(
    "wrong",
    [
        {"currency": "EUR"},
        {"lines": []},
        {"lines": [{"total_minor": -1}]},
        {"lines": [{"total_minor": 1.5}]},
        {"lines": [{"total_minor": 1, "gtin": "123"}]},
        {"vouchers": []},
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    shop: Shop, wrong: dict[str, Any]
) -> None:
    code = shop.code()
    assert shop.ask("/voucher-redemptions", code, **wrong).status_code == 422
    assert shop.ask("/voucher-redemptions", code).status_code == 201


def test_the_owner_s_phone_is_told_whosever_basket_it_was(app: Flask, shop: Shop) -> None:
    mine = shop.code(owner_id=shop.member.id)
    redeemed = shop.ask("/voucher-redemptions", mine)
    assert redeemed.status_code == 201
    with app.app_context(), database().read() as session:
        events = session.scalars(select(Event).where(Event.kind == "VouchersUsed")).all()
    assert [event.topics for event in events] == [[f"member:{shop.member.id}"]]


def test_each_step_is_told_once_and_a_repetition_is_no_news(
    app: Flask, shop: Shop, clock: FixedClock
) -> None:
    code, late = shop.code(), shop.code()
    clock.advance(hours=2, microseconds=123_457)
    sent = {"sold_at": "2026-11-22T13:00:00+00:00", "reference": "A-2"}
    held = shop.ask("/voucher-reservations", code).json["id"]
    for _ in range(2):
        clock.advance(seconds=1, microseconds=1_001)
        assert shop.call("POST", f"/voucher-reservations/{held}/redeem").status_code == 200
        assert shop.ask("/voucher-redemptions", late, **sent).status_code in (200, 201)
    with app.app_context(), database().read() as session:
        events = session.scalars(select(Event).where(Event.kind == "VouchersUsed")).all()
    # Held, redeemed, and redeemed late.
    assert len(events) == 3
