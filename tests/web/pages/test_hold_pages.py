"""Holding what one is offered: on the phone without scripts, and on the staff's list."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask

from core import clock as core_clock
from core.clock import FixedClock
from core.transaction import database
from retail.catalogue import held
from retail.catalogue.held import HoldView
from retail.catalogue.service import take_stock
from retail.journeys.holds.hold_piece import holder_of
from retail.offers.queries import OfferView
from tests.builders.accounts import sign_in
from tests.builders.offers import Boutique, new_boutique
from tests.builders.staff_accounts import COOKIE, new_staff, sign_in_staff
from tests.builders.visitor import Visitor
from tests.web.pages.conftest import settings_key

Visit = Callable[[], Visitor]


@dataclass(frozen=True)
class Phone:
    """Sarah's browser with the offer that she got, and the tablet of who works in the store."""

    shop: Boutique
    offer: OfferView
    sarah: Visitor
    tablet: Visitor

    def hold(self) -> Visitor:
        return self.sarah.open("/me/offers").send(f"/me/offers/{self.offer.id}/hold")


@pytest.fixture
def phone(app: Flask, visit: Visit) -> Phone:
    key = settings_key(app)
    with app.app_context(), database().write() as session:
        shop = new_boutique(session)
        offer = shop.made(session, shop.buy(session, key=key), key=key)
        sarah = visit().sign_in(sign_in(session, shop.sarah, key=key))
        staff = new_staff(session, shop.store.brand_id, store_id=shop.store.id)
        tablet = visit().sign_in(sign_in_staff(session, staff, key=key), cookie=COOKIE)
        return Phone(shop, offer, sarah, tablet)


def hold_of(app: Flask, phone: Phone) -> HoldView:
    with app.app_context(), database().read() as session:
        (found,) = held.holds_of(session, holder_of(phone.shop.sarah.id))
    return found


def test_a_member_holds_the_piece_sees_until_when_and_lets_it_go(app: Flask, phone: Phone) -> None:
    page = phone.hold()
    assert "It’s held for you." in page.text
    assert "Held for you until 12:15" in page.text
    assert 'role="timer"' in page.text
    hold = hold_of(app, phone)
    assert f"<b>{hold.code}</b>" in page.text
    assert "1 left here in your size." in page.text
    page.send(f"/me/offers/holds/{hold.id}/let-go")
    assert "It was held for you once, and is free for everyone now." in page.text
    assert "Hold it for me" not in page.text


def test_staff_see_code_piece_and_time_and_never_a_name(app: Flask, phone: Phone) -> None:
    assert "Nothing is held" in phone.tablet.open("/staff/holds").text
    phone.hold()
    page = phone.tablet.open("/staff/holds")
    hold = hold_of(app, phone)
    for words in (hold.code, "Pilar boots", "39", "Until 12:15"):
        assert words in page.text
    assert "Sarah" not in page.text
    assert "Nothing is held" in page.send(f"/staff/holds/{hold.id}/done").text
    assert "You have what we held for you." in phone.sarah.open("/me/offers").text


def test_staff_put_a_piece_back(app: Flask, phone: Phone) -> None:
    phone.hold()
    page = phone.tablet.open("/staff/holds")
    hold = hold_of(app, phone)
    assert "Back on the shelf." in page.send(f"/staff/holds/{hold.id}/give-back").text
    assert "is free for everyone now" in phone.sarah.open("/me/offers").text


def test_staff_of_another_store_reach_no_hold(app: Flask, phone: Phone, visit: Visit) -> None:
    phone.hold()
    key = settings_key(app)
    with app.app_context(), database().write() as session:
        elsewhere = new_boutique(session)
        staff = new_staff(session, elsewhere.store.brand_id)
        tablet = visit().sign_in(sign_in_staff(session, staff, key=key), cookie=COOKIE)
    hold = hold_of(app, phone)
    assert hold.code not in tablet.open("/staff/holds").text
    form = tablet.open("/staff").form("/staff/lock")
    assert tablet.api("POST", f"/staff/holds/{hold.id}/done", data=form).status_code == 404


def test_where_none_is_left_the_offer_is_gone_and_a_hold_is_refused_in_words(
    app: Flask, phone: Phone, clock: FixedClock
) -> None:
    page = phone.sarah.open("/me/offers")
    with app.app_context(), database().write() as session:
        rival = {"brand_id": phone.shop.store.brand_id, "store_id": phone.shop.store.id}
        sold = {"quantities": {phone.shop.shoes.id: 1}, "now": core_clock.now()}
        take_stock(session, **rival, **sold)
    answer = page.send(f"/me/offers/{phone.offer.id}/hold")
    assert (answer.status, "None is left here just now." in answer.text) == (409, True)
    assert "Pilar boots" not in phone.sarah.open("/me/offers").text


def test_the_api_holds_once_for_a_key_lists_and_lets_go(app: Flask, phone: Phone) -> None:
    me = phone.sarah
    wish = {"offer_id": phone.offer.id}
    key = {"Idempotency-Key": "one", "Sec-Fetch-Site": "same-origin"}
    made = me.client.post("/api/v1/me/holds", json=wish, headers=key)
    assert made.status_code == 201, made.text
    assert (made.json["sku"], made.json["state"]) == (phone.shop.shoes.sku, "live")
    assert me.client.post("/api/v1/me/holds", json=wish, headers=key).json == made.json
    assert me.api("GET", "/api/v1/me/holds").json == [made.json]
    for _ in "12":
        assert me.api("DELETE", f"/api/v1/me/holds/{made.json['id']}").status_code == 204
    assert me.api("GET", "/api/v1/me/holds").json == []
    over = me.api("POST", "/api/v1/me/holds", json=wish)
    assert (over.status_code, "held for you once" in over.json["detail"]) == (409, True)


def test_nobody_holds_by_an_offer_of_somebody_else(app: Flask, phone: Phone, visit: Visit) -> None:
    with app.app_context(), database().write() as session:
        nina = visit().sign_in(sign_in(session, phone.shop.nina, key=settings_key(app)))
    unknown = nina.api("POST", "/api/v1/me/holds", json={"offer_id": "0" * 26})
    foreign = nina.api("POST", "/api/v1/me/holds", json={"offer_id": phone.offer.id})
    assert (unknown.status_code, foreign.status_code) == (404, 404)
    assert unknown.json["detail"] == foreign.json["detail"]


def test_a_refused_offer_lets_its_hold_go(app: Flask, phone: Phone) -> None:
    phone.hold().send(f"/me/offers/{phone.offer.id}/not-this")
    assert hold_of(app, phone).state == "released"
