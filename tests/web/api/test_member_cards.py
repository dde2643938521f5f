"""A till's HTTP with members' cards: a code in, an id for receipts out."""

from typing import Any

import pytest
from flask import Flask

from core import clock as core_clock
from core.clock import FixedClock
from core.transaction import Database
from retail.access_log import queries as access_log
from retail.accounts import cards
from tests.builders.accounts import new_member, sign_in
from tests.builders.brands import new_brand, new_store
from tests.builders.staff import new_integrator_key, new_till_key
from tests.builders.vouchers import new_code
from tests.conftest import KEY

RESOLVE = "/api/v1/member-cards/resolve"


class Shop:
    """A till of a brand with a member, one of another brand, and the brand's back office."""

    def __init__(self, app: Flask, db: Database) -> None:
        self.client, self.db = app.test_client(), db
        with db.write() as session:
            store, foreign = (new_store(session, brand=new_brand(session)) for _ in range(2))
            self.brand_id = store.brand_id
            self.member = new_member(session, store.brand_id)
            _, self.till = new_till_key(session, store.brand_id, store.id)
            _, self.office = new_integrator_key(session, store.brand_id)
            _, self.foreign = new_till_key(session, foreign.brand_id, foreign.id)
            self.phone = sign_in(session, self.member)

    @property
    def code(self) -> str:
        return cards.code_of(cards.CARD, self.member, now=core_clock.now(), key=KEY)

    def resolve(self, code: str, by: str | None = None, **headers: str) -> Any:
        headers |= {"Authorization": f"Bearer {by or self.till}"}
        return self.client.post(RESOLVE, json={"code": code}, headers=headers)

    def looks(self) -> list[tuple[str, str, str]]:
        with self.db.read() as session:
            seen = access_log.seen_by(session, self.member.id)
        return [(look.viewer, look.what, look.purpose) for look in seen]


@pytest.fixture
def shop(app: Flask, db: Database) -> Shop:
    return Shop(app, db)


def test_a_till_learns_the_id_and_nothing_else_and_its_member_reads_of_each_time(
    shop: Shop,
) -> None:
    for by in (shop.till, shop.office):
        answer = shop.resolve(shop.code.lower(), by)
        assert (answer.status_code, answer.json) == (200, {"member_id": shop.member.id})
    said = ("your card", "your basket at the till")
    assert shop.looks() == [("A system of the shop", *said), ("A till", *said)]


def test_unknown_expired_and_foreign_codes_are_answered_alike_and_nothing_is_noted(
    shop: Shop, clock: FixedClock
) -> None:
    code = shop.code
    answers = [
        shop.resolve("0000-0000-0000-0000"),
        shop.resolve("x"),
        shop.resolve(code, shop.foreign),
    ]
    clock.advance(minutes=2)
    answers.append(shop.resolve(code))
    told = [(one.status_code, {**one.json, "instance": ""}) for one in answers]
    assert told[0][0] == 404
    assert told == [told[0]] * 4
    assert shop.looks() == []


def test_a_request_sent_again_asks_again(shop: Shop, clock: FixedClock) -> None:
    """A stored answer would go on opening a card that is over."""
    code, key = shop.code, {"Idempotency-Key": "till-3-card-1"}
    assert [shop.resolve(code, None, **key).status_code for _ in range(2)] == [200, 200]
    clock.advance(minutes=2)
    assert shop.resolve(code, None, **key).status_code == 404


def test_a_phone_may_not_ask(shop: Shop) -> None:
    assert shop.resolve(shop.code, shop.phone).status_code == 401


def test_with_the_id_a_voucher_for_one_member_alone_counts(shop: Shop) -> None:
    with shop.db.write() as session:
        mine = {"programme_id": shop.brand_id, "is_bound": True}
        voucher = new_code(session, shop.member.id, **mine)
    basket = {"currency": "GBP", "lines": [{"total_minor": 2_000}], "vouchers": [voucher]}
    by = {"Authorization": f"Bearer {shop.till}"}
    asked = [basket, basket | shop.resolve(shop.code).json]
    answers = [shop.client.post("/api/v1/vouchers/validate", json=one, headers=by) for one in asked]
    assert [answer.json["discount_minor"] for answer in answers] == [0, 500]
