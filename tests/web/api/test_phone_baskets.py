"""A member's phone over HTTP: fill a basket, ask, hold; and the till that is shown their card."""

from typing import Any

import pytest
from flask import Flask

from core.clock import FixedClock
from core.transaction import database
from jobs.schedule import new_worker
from retail.accounts import cards
from retail.catalogue.epc import made_of
from tests.builders.accounts import new_member, sign_in
from tests.conftest import both_databases
from tests.web.api.test_vouchers import Shop
from web.auth import settings

pytestmark = both_databases
HELD = "/me/voucher-reservations"


class Phone:
    """A member of the shop's brand with a voucher, and their phone."""

    def __init__(self, shop: Shop, app: Flask) -> None:
        self.shop, self.app = shop, app
        self.member = shop.member
        with app.app_context(), database().write() as session:
            self.token = sign_in(session, self.member, key=settings().key)

    def call(self, method: str, path: str, key: str | None = None, **options: Any) -> Any:
        sent = {"Idempotency-Key": key} if key else {}
        return self.shop.call(method, path, by=self.token, headers=sent, **options)

    def put_in(self, item: str, pieces: int = 1) -> Any:
        return self.call("POST", "/me/basket/lines", json={"item": item, "pieces": pieces})

    def hold(self, *codes: str, key: str = "tap") -> Any:
        wanted = {"vouchers": list(codes)} if codes else {}
        return self.call("POST", HELD, key, json=wanted)

    def held(self) -> list[Any]:
        return list(self.call("GET", HELD).json["reservations"])

    def code(self, **terms: Any) -> str:
        return self.shop.code(owner_id=self.member.id, **terms)

    def card(self, clock: FixedClock) -> str:
        with self.app.app_context():
            now = clock.now()
            return cards.code_of(cards.CARD, self.member, now=now, key=settings().key)


@pytest.fixture
def shop(app: Flask) -> Shop:
    return Shop(app)


@pytest.fixture
def phone(app: Flask, shop: Shop) -> Phone:
    return Phone(shop, app)


def reason(refused: Any) -> str:
    return str(refused.json["type"]).rpartition(":")[2]


def at_till(shop: Shop, path: str, **more: Any) -> Any:
    return shop.ask(path, member_id=shop.member.id, held=True, **more)


def test_a_basket_is_filled_by_labels_changed_and_emptied(phone: Phone, shop: Shop) -> None:
    assert phone.call("GET", "/me/basket").json == {"store": None, "lines": []}
    label = f"https://tags.example/01/{shop.coat.gtin}?b=x"
    assert phone.put_in(label).json["store"] == "leeds"
    phone.put_in(shop.coat.gtin or "")
    (coat, hat) = phone.put_in(shop.hat.sku, 3).json["lines"]
    assert (coat["pieces"], coat["total_minor"]) == (2, 2 * shop.coat.price_minor)
    assert (hat["sku"], hat["pieces"]) == (shop.hat.sku, 3)
    line = f"/me/basket/lines/{hat['variant_id']}"
    assert phone.call("PUT", line, json={"pieces": 1}).json["lines"][1]["pieces"] == 1
    assert len(phone.call("PUT", line, json={"pieces": 0}).json["lines"]) == 1
    assert phone.put_in("4006381333932").status_code == 422
    assert phone.put_in(shop.hat.sku, 100).status_code == 422
    assert phone.call("DELETE", "/me/basket").json == {"store": None, "lines": []}


def test_a_label_is_taken_as_a_scanner_sends_it(phone: Phone, shop: Shop) -> None:
    gtin = shop.coat.gtin or ""
    for label in (f"(01){gtin}(21)A1", f"]d2\x1d01{gtin}21A1\x1d17261231", made_of(gtin, "7").uri):
        answer = phone.put_in(label)
        assert answer.status_code == 200, answer.text
    assert [one["pieces"] for one in answer.json["lines"]] == [3]
    assert phone.put_in(f"(01){gtin}\x1b").status_code == 422


def test_what_is_not_in_the_basket_cannot_be_changed(phone: Phone, shop: Shop) -> None:
    before = phone.put_in(shop.coat.sku).json
    for unknown in ("nothing-we-sell", shop.hat.id):
        refused = phone.call("PUT", f"/me/basket/lines/{unknown}", json={"pieces": 2})
        assert (refused.status_code, reason(refused)) == (404, "piece_not_in_basket")
    line = "/me/basket/lines/"
    assert phone.call("PUT", f"{line}nothing-we-sell", json={"pieces": 0}).status_code == 404
    # Taken out already is what was wished for.
    assert phone.call("PUT", f"{line}{shop.hat.id}", json={"pieces": 0}).status_code == 200
    assert phone.call("GET", "/me/basket").json == before


def test_a_basket_is_of_one_visit(phone: Phone, shop: Shop, clock: FixedClock) -> None:
    phone.put_in(shop.coat.sku)
    clock.advance(hours=12)
    assert phone.call("GET", "/me/basket").json["lines"] == []
    (only,) = phone.put_in(shop.hat.sku).json["lines"]
    assert only["sku"] == shop.hat.sku


def test_asking_changes_nothing_and_says_why_each_voucher_does_not_count(
    phone: Phone, shop: Shop
) -> None:
    good, dear = phone.code(value=1000), phone.code(minimum_minor=10**9)
    phone.put_in(shop.coat.sku)
    for _ in range(2):
        found = phone.call("POST", "/me/vouchers/validate", json={}).json
    assert (found["store"], found["discount_minor"]) == ("leeds", 1000)
    (line,) = found["lines"]
    assert line["pays_minor"] == shop.coat.price_minor - 1000
    assert [one["ends_in"] for one in found["vouchers"]] == [good[-4:]]
    assert [(x["ends_in"], x["reason"]) for x in found["refused"]] == [(dear[-4:], "below_minimum")]
    assert phone.held() == []


def test_another_basket_can_be_asked_about(phone: Phone, shop: Shop) -> None:
    phone.code()
    lines = [{"item": shop.hat.sku, "pieces": 2}]
    asked = {"store": "leeds", "lines": lines, "vouchers": []}
    found = phone.call("POST", "/me/vouchers/validate", json=asked).json
    assert found["pays_minor"] == found["total_minor"] == 2 * shop.hat.price_minor
    empty = phone.call("POST", "/me/vouchers/validate", json={})
    assert (empty.status_code, reason(empty)) == (422, "basket_empty")


def test_codes_of_others_used_ones_and_none_at_all_are_answered_alike_and_only_so_often(
    phone: Phone, shop: Shop, app: Flask
) -> None:
    with app.app_context(), database().write() as session:
        other = new_member(session, shop.brand.id)
    theirs, used = shop.code(owner_id=other.id), shop.code()
    shop.ask("/voucher-redemptions", used)
    phone.put_in(shop.coat.sku)
    codes = (theirs, used, "0000-0000-0000-0000")
    asked = [
        phone.call("POST", "/me/vouchers/validate", json={"vouchers": [code]}) for code in codes
    ]
    told = [one.json["refused"] for one in asked]
    assert [{**one, "ends_in": ""} for (one,) in told] == [
        {"ends_in": "", "reason": "unknown", "voucher_id": None, "missing_minor": None}
    ] * 3
    bearer = shop.code(value=700)
    found = phone.call("POST", "/me/vouchers/validate", json={"vouchers": [bearer]})
    assert found.json["discount_minor"] == 700


def test_a_hold_is_made_once_kept_for_a_while_and_let_go(phone: Phone, shop: Shop) -> None:
    phone.code()
    phone.put_in(shop.coat.sku)
    nameless = phone.call("POST", HELD, json={})
    assert reason(nameless) == "idempotency_key_missing"
    held = phone.hold()
    assert (held.status_code, held.json["state"]) == (201, "reserved")
    assert phone.hold().json == held.json
    assert phone.held() == [held.json]
    path = f"{HELD}/{held.json['id']}"
    assert phone.call("GET", path).json == held.json
    # A till does not know it: what is held is its member's own affair.
    assert shop.call("GET", f"/voucher-reservations/{held.json['id']}").status_code == 404
    for _ in range(2):
        assert phone.call("DELETE", path).json["state"] == "released"
    assert phone.held() == []


def test_a_hold_lasts_longer_when_asked_and_ends_by_itself(
    phone: Phone, shop: Shop, clock: FixedClock, app: Flask
) -> None:
    code = phone.code()
    phone.put_in(shop.coat.sku)
    path = f"{HELD}/{phone.hold().json['id']}"
    clock.advance(minutes=10)
    assert phone.call("POST", f"{path}/extend").status_code == 200
    clock.advance(minutes=10)
    with app.app_context():
        new_worker(database()).run_all()
    assert len(phone.held()) == 1
    clock.advance(minutes=5)
    assert phone.held() == []
    with app.app_context():
        new_worker(database()).run_all()
    assert phone.call("GET", path).json["state"] == "lapsed"
    assert reason(phone.call("POST", f"{path}/extend")) == "reservation_over"
    assert shop.ask("/vouchers/validate", code).json["discount_minor"] == 500


def test_the_till_reads_the_card_and_redeems_what_is_held(
    phone: Phone, shop: Shop, clock: FixedClock
) -> None:
    stackable = {"stacking": "stackable"}
    good, dear = phone.code(**stackable), phone.code(minimum_minor=30_000, **stackable)
    phone.put_in(shop.coat.sku, 2)
    assert len(phone.hold().json["vouchers"]) == 2
    read = shop.call("POST", "/member-cards/resolve", json={"code": phone.card(clock)})
    assert read.json == {"member_id": shop.member.id}
    # The till's basket is another one: what no longer applies comes back at once, with its reason.
    assert at_till(shop, "/vouchers/validate").json["discount_minor"] == 500
    assert len(phone.held()) == 1
    sold = at_till(shop, "/voucher-redemptions")
    assert (sold.status_code, sold.json["state"]) == (201, "redeemed")
    assert [one["ends_in"] for one in sold.json["vouchers"]] == [good[-4:]]
    (back,) = sold.json["refused"]
    assert (back["ends_in"], back["reason"]) == (dear[-4:], "below_minimum")
    assert at_till(shop, "/voucher-redemptions").json == sold.json
    assert phone.held() == []


def test_a_till_that_is_shown_the_code_alone_never_minds_the_hold(phone: Phone, shop: Shop) -> None:
    code = phone.code()
    phone.put_in(shop.coat.sku)
    phone.hold(code)
    assert shop.ask("/voucher-redemptions", code).json["discount_minor"] == 500
    assert phone.held() == []


def test_without_a_member_or_a_hold_there_is_nothing_to_bring(phone: Phone, shop: Shop) -> None:
    phone.code()
    nothing = at_till(shop, "/voucher-redemptions")
    assert (nothing.status_code, reason(nothing)) == (409, "no_voucher_counts")
    assert shop.ask("/voucher-redemptions").status_code == 422
