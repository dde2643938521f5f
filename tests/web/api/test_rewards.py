"""Rewards over HTTP: an integrator offers, a member exchanges and gives back."""

from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from core.transaction import database
from retail.accounts.queries import MemberView
from tests.builders.accounts import new_member, sign_in
from tests.builders.points import earn
from tests.conftest import both_databases
from tests.web.api.test_vouchers import Shop
from web.auth import settings

pytestmark = both_databases
WANTED: dict[str, Any] = {
    "reference": "five",
    "title": "£5 off",
    "price": 100,
    "stock": 2,
    "terms": {"kind": "amount", "value": 500, "currency": "GBP"},
}


@pytest.fixture
def shop(app: Flask) -> Shop:
    return Shop(app)


@pytest.fixture
def nina(app: Flask, shop: Shop) -> MemberView:
    with app.app_context(), database().write() as session:
        nina = new_member(session, shop.brand.id)
        earn(session, nina.id, 150, programme_id=nina.brand_id)
        return nina


@pytest.fixture
def token(app: Flask, nina: MemberView) -> str:
    with app.app_context(), database().write() as session:
        return sign_in(session, nina, key=settings().key)


def offer(shop: Shop, **overrides: Any) -> TestResponse:
    return shop.call("POST", "/rewards", by=shop.integrator, json=WANTED | overrides)


def exchange(shop: Shop, token: str, reward_id: str, key: str | None) -> TestResponse:
    sent = {"Idempotency-Key": key} if key else {}
    return shop.call("POST", f"/me/rewards/{reward_id}/exchange", by=token, headers=sent)


def reason(refused: TestResponse) -> str:
    return str(refused.json["type"]).rpartition(":")[2]


def test_a_reward_is_offered_exchanged_used_at_a_till_or_given_back(shop: Shop, token: str) -> None:
    made = offer(shop)
    assert (made.status_code, made.json["taken"]) == (201, 0)
    assert offer(shop).json == made.json
    (listed,) = shop.call("GET", "/me/rewards", by=token).json["rewards"]
    assert (listed["can_have"], listed["missing"], listed["gives"]) == (True, 0, "£5 off")
    taken = exchange(shop, token, made.json["id"], "k1")
    assert taken.status_code == 201
    assert shop.ask("/vouchers/validate", taken.json["code"]).json["discount_minor"] == 500
    path = f"/me/reward-exchanges/{taken.json['id']}"
    assert shop.call("GET", path, by=token).json == taken.json
    (listed,) = shop.call("GET", "/me/rewards", by=token).json["rewards"]
    assert (listed["refusal"], listed["missing"], listed["left"]) == ("not_enough_points", 50, 1)
    back = shop.call("POST", f"{path}/undo", by=token)
    assert (back.status_code, back.json["code"]) == (200, "")
    assert shop.call("GET", "/me/points", by=token).json["balance"] == 150
    assert "void" in shop.ask("/vouchers/validate", taken.json["code"]).text


def test_a_key_is_asked_for_and_takes_one_for_ever(shop: Shop, token: str) -> None:
    reward_id = offer(shop).json["id"]
    nameless = exchange(shop, token, reward_id, None)
    assert (nameless.status_code, nameless.json["type"].rpartition(":")[2]) == (
        422,
        "idempotency_key_missing",
    )
    first, again = (exchange(shop, token, reward_id, "k1") for _ in range(2))
    assert first.json == again.json
    refused = exchange(shop, token, reward_id, "k2")
    assert (refused.status_code, refused.json["type"].rpartition(":")[2]) == (
        409,
        "not_enough_points",
    )


def test_a_stopped_reward_is_gone_and_a_changed_one_refused(shop: Shop, token: str) -> None:
    reward_id = offer(shop).json["id"]
    assert offer(shop, price=99).status_code == 409
    me = {"by": shop.integrator}
    assert shop.call("POST", f"/rewards/{reward_id}/stop", **me).json["stopped_at"]
    assert shop.call("GET", "/me/rewards", by=token).json["rewards"] == []
    assert reason(exchange(shop, token, reward_id, "k")) == "reward_over"
    (listed,) = shop.call("GET", "/rewards", **me).json["rewards"]
    assert listed["id"] == reward_id


def test_an_exchange_is_voided_by_the_code_of_its_voucher(shop: Shop, token: str) -> None:
    code = exchange(shop, token, offer(shop).json["id"], "k").json["code"]
    void = {"by": shop.integrator, "json": {"code": code}}
    assert shop.call("POST", "/reward-exchanges/void", **void).json["points"] == 100
    assert shop.call("GET", "/me/points", by=token).json["balance"] == 150
    unknown = {"by": shop.integrator, "json": {"code": "ABCD"}}
    assert shop.call("POST", "/reward-exchanges/void", **unknown).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"price": 0}, "price"),
        ({"stock": 0}, "stock"),
        ({"tier": "nobility"}, "tier"),
        ({"wallet": "gold"}, "wallet"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_field(
    shop: Shop, wrong: dict[str, Any], field: str
) -> None:
    refused = offer(shop, **wrong)
    assert refused.status_code == 422
    assert field in refused.json["fields"]
