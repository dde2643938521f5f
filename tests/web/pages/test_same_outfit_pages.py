"""Whether a friend has it, where shoppers and tills ask; and nothing to tell a silent friend by."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete

from core import clock as core_clock
from core.transaction import Database
from retail.accounts import cards
from retail.consent.rules import SAME_OUTFIT
from retail.journeys.members.agree import take_back
from retail.receipts.codes import token
from retail.same_outfit.models import SameOutfitQuestion
from tests.builders.accounts import give_consent, sign_in
from tests.builders.friends import befriend
from tests.builders.outfits import bought, new_stylist
from tests.builders.same_outfit import Shop, another, new_shop
from tests.builders.staff import new_till_key
from tests.builders.visitor import Visitor
from tests.conftest import KEY
from tests.web.pages.conftest import settings_key

GoTo = Callable[[], Visitor]
SNAP = "Snap! Priya S. has it too"
# What differs from one answer to the next whoever asks.
_FRESH = re.compile(r'name="csrf_token" value="[^"]+"|nonce="[^"]+"|\?v=[^"]+')


@dataclass
class Floor:
    """Sarah's browser, a till, and what either can be told of the dress."""

    db: Database
    shop: Shop
    sarah: Visitor
    till: str
    receipt: str

    @property
    def label(self) -> str:
        return f"/01/{self.shop.dress.gtin}"

    def ask(self) -> str:
        return self.sarah.open(self.label).send(f"{self.label}/same").text

    def check(self, card: bool = True) -> Any:
        code = cards.code_of(cards.CARD, self.shop.sarah, now=core_clock.now(), key=KEY)
        body: dict[str, Any] = {"lines": [{"gtin": self.shop.dress.gtin}, {"sku": "unknown"}]}
        return self.sarah.client.post(
            "/api/v1/baskets/same-outfit",
            json=body | ({"card": code} if card else {}),
            headers={"Authorization": f"Bearer {self.till}"},
        )

    def everything(self) -> list[tuple[int, str]]:
        """Every answer that can be had about the dress, asked anew."""
        told: list[tuple[int, str]] = []
        for ask in (self.ask, self.check):
            with self.db.write() as session:
                session.execute(delete(SameOutfitQuestion))
            asked = ask()
            told.append((self.sarah.status, asked if isinstance(asked, str) else asked.text))
            for address in (self.label, self.receipt, "/me"):
                page = self.sarah.open(address)
                told.append((page.status, page.text))
            for address in ("/me/same-outfit", "/me/notes", "/me/saved-pieces"):
                answer = self.sarah.api("GET", f"/api/v1{address}")
                told.append((answer.status_code, answer.text))
        return [(status, _FRESH.sub("", text)) for status, text in told]


@pytest.fixture
def floor(app: Flask, db: Database, visit: GoTo) -> Floor:
    key = settings_key(app)
    with db.write() as session:
        shop = new_shop(session)
        another(session, shop.store, shop.style, "Sand")
        receipt = bought(session, shop.store, shop.sarah, [shop.dress])
        _, till = new_till_key(session, shop.store.brand_id, shop.store.id)
        sarah = visit().sign_in(sign_in(session, shop.sarah, key=key))
    return Floor(db, shop, sarah, till, f"/r/{token(key, receipt.id)}")


def test_whoever_asks_at_a_shelf_reads_who_has_it_and_what_else_there_is(floor: Floor) -> None:
    before = floor.sarah.open(floor.label).text
    assert SNAP not in before
    assert "Does a friend have it?" in before
    assert SNAP in floor.ask()
    assert "Sand" in floor.sarah.text
    assert SNAP in floor.sarah.open("/me").text
    (told,) = floor.sarah.api("GET", "/api/v1/me/same-outfit").get_json()
    assert (told["friend"]["name"], told["place"]) == ("Priya S.", "shelf")


def test_a_receipt_of_one_s_own_says_it_and_a_piece_can_be_kept_quiet(
    floor: Floor, visit: GoTo
) -> None:
    assert SNAP in floor.sarah.open(floor.receipt).text
    quiet = f"/me/pieces/{floor.shop.dress.id}/quiet"
    floor.sarah.send(quiet)
    assert "Quiet: no friend is told that you have it." in floor.sarah.text
    assert floor.sarah.path == floor.receipt
    floor.sarah.send(quiet.replace("quiet", "speak"))
    assert "Friends who agreed may be told that you have it." in floor.sarah.text
    assert SNAP not in visit().open(floor.receipt).text


def test_a_till_hears_of_goods_and_the_member_of_the_friend(floor: Floor) -> None:
    answer = floor.check()
    assert answer.get_json()["say"] == "We also have the Wren dress here in sand."
    assert "Priya" not in answer.text
    assert answer.text == floor.check(card=False).text
    assert SNAP in floor.sarah.open("/me").text


def test_an_unknown_card_and_a_broken_label_are_told(floor: Floor) -> None:
    address, head = "/api/v1/baskets/same-outfit", {"Authorization": f"Bearer {floor.till}"}
    lines = [{"gtin": floor.shop.dress.gtin}]
    body = {"card": "0000-0000-0000", "lines": lines}
    answer = floor.sarah.client.post(address, json=body, headers=head)
    assert (answer.status_code, answer.get_json()["type"][-12:]) == (404, "card_unknown")
    answer = floor.sarah.client.post(address, json={"lines": [{"gtin": "12"}]}, headers=head)
    assert answer.get_json() == {"say": "", "pieces": []}
    answer = floor.sarah.api("POST", "/api/v1/me/same-outfit", json={"gtin": "09520000000004"})
    assert answer.status_code == 404


def test_who_did_not_agree_is_led_to_where_they_can(floor: Floor) -> None:
    with floor.db.write() as session:
        take_back(session, SAME_OUTFIT, member=floor.shop.sarah, now=core_clock.now())
    text = floor.sarah.open(floor.label).text
    assert "Turn on “Same piece as a friend” and ask before you pay." in text
    answer = floor.sarah.api("POST", "/api/v1/me/same-outfit", json={"gtin": floor.shop.dress.gtin})
    assert (answer.status_code, answer.get_json()["type"][-10:]) == (403, "not_agreed")


def test_every_answer_is_the_same_whatever_a_silent_friend_has(floor: Floor) -> None:
    shop = floor.shop
    with floor.db.write() as session:
        take_back(session, SAME_OUTFIT, member=shop.priya, now=core_clock.now())
        decoy = new_stylist(session, shop.store.brand_id, display_name="Dee Coy")
        befriend(session, shop.sarah, decoy)
    without = floor.everything()
    with floor.db.write() as session:
        bought(session, shop.store, decoy, [shop.dress])
    assert floor.everything() == without
    assert {status for status, _ in without} == {200}
    # The control: one who agrees makes a difference.
    with floor.db.write() as session:
        give_consent(session, shop.priya, SAME_OUTFIT)
    assert floor.everything() != without
