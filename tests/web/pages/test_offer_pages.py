"""Offers on the phone: on the receipt and a page of their own, with why and ways to say no."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask

from core.transaction import database
from retail.consent import queries as consent
from retail.consent.rules import OFFERS
from retail.offers.queries import OfferView
from retail.receipts.codes import token
from tests.builders.accounts import sign_in
from tests.builders.offers import Boutique, new_boutique
from tests.builders.visitor import Visitor
from tests.web.pages.conftest import settings_key


@dataclass(frozen=True)
class Phone:
    """Sarah's browser, and Nina's, with the offer that Sarah got."""

    shop: Boutique
    offer: OfferView
    sarah: Visitor
    nina: Visitor
    receipt: str


@pytest.fixture
def phone(app: Flask, visit: Callable[[], Visitor]) -> Phone:
    key = settings_key(app)
    with app.app_context(), database().write() as session:
        shop = new_boutique(session)
        receipt = shop.buy(session, key=key)
        offer = shop.made(session, receipt, key=key)
        tokens = [sign_in(session, one, key=key) for one in (shop.sarah, shop.nina)]
        browsers = [visit().sign_in(one) for one in tokens]
        return Phone(shop, offer, *browsers, f"/r/{token(key, receipt.id)}")


SENTENCE = "Your friend Nina bought it too, and has Pilar boots as well."


def test_an_offer_stands_on_its_receipt_and_its_page_with_label_code_and_reason(
    phone: Phone,
) -> None:
    for address in (phone.receipt, "/me/offers"):
        text = phone.sarah.open(address).text
        assert SENTENCE in text
        assert '<b class="ad">Ad</b>' in text
        assert "20% off it today, thanks to Nina." in text
    assert "agreed to stand on offers" in text
    assert re.search(r"(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}", text)
    assert SENTENCE not in phone.nina.open("/me/offers").text
    assert phone.nina.open(phone.receipt).status == 404


@pytest.mark.parametrize("way", ["not-this", "not-with-friend"])
def test_an_offer_that_is_refused_is_gone_with_its_voucher(
    app: Flask, phone: Phone, way: str
) -> None:
    page = phone.sarah.open("/me/offers")
    page.send(f"/me/offers/{phone.offer.id}/{way}")
    assert page.path == "/me/offers"
    assert SENTENCE not in page.text
    with app.app_context(), database().write() as session:
        assert [one.state for one in phone.shop.vouchers(session, phone.shop.sarah)] == ["void"]
        assert phone.shop.offer(session) is None


def test_an_offer_of_somebody_else_cannot_be_refused(phone: Phone) -> None:
    text = phone.nina.open("/me/privacy")
    assert text.status == 200
    form = phone.nina.form("/me/privacy/offers/on")
    answer = phone.nina.client.post(
        f"/me/offers/{phone.offer.id}/not-this",
        data=form,
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert answer.status_code == 404


def test_no_such_offers_ends_them_all(app: Flask, phone: Phone) -> None:
    phone.sarah.open("/me/offers").send("/me/privacy/offers/off")
    assert SENTENCE not in phone.sarah.open("/me/offers").text
    assert SENTENCE not in phone.sarah.open(phone.receipt).text
    with app.app_context(), database().read() as session:
        assert not consent.has_consent(session, phone.shop.sarah.id, OFFERS, channel="web")
