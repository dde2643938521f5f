"""Offers on the phone: on the receipt and a page of their own, with why and ways to say no."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape

import pytest
from flask import Flask

from core import clock
from core.transaction import database
from retail.consent import queries as consent
from retail.consent import service as consents
from retail.consent.rules import FRIEND_OFFERS, OFFERS
from retail.offers.queries import OfferView
from retail.receipts.codes import print_url, token
from tests.builders.accounts import sign_in
from tests.builders.offers import Boutique, new_boutique
from tests.builders.staff import new_till_key
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


def printed(app: Flask, phone: Phone) -> tuple[str, bytes]:
    """Our own slip as a page, and as a printer gets it."""
    with app.app_context(), database().write() as session:
        store = phone.shop.store
        _, till = new_till_key(session, store.brand_id, store.id, key=settings_key(app))
    key, receipt_id = settings_key(app), phone.offer.receipt_id
    page = app.test_client().get(print_url("", key, receipt_id))
    bearer = {"Authorization": f"Bearer {till}"}
    slip = app.test_client().get(f"/api/v1/receipts/{receipt_id}/escpos", headers=bearer)
    return unescape(page.text), slip.data


def test_our_own_slip_prints_the_offer_with_label_and_code(app: Flask, phone: Phone) -> None:
    text, slip = printed(app, phone)
    with app.app_context(), database().read() as session:
        (voucher,) = phone.shop.vouchers(session, phone.shop.sarah)
    lines = [line.decode("cp437", "replace") for line in slip.split(b"\n")]
    assert "Ad: Thanks for buying Mallory dress, Sarah." in text
    assert "20% off it today, thanks to Nina." in text
    assert voucher.code in text
    assert any("Ad: Thanks for buying Mallory dress, Sarah." in line for line in lines)
    assert voucher.code.encode() in slip


@pytest.mark.parametrize("who", ["sarah", "nina"])
def test_on_paper_stands_only_what_was_agreed_for_paper(app: Flask, phone: Phone, who: str) -> None:
    purpose = {"sarah": OFFERS, "nina": FRIEND_OFFERS}[who]
    with app.app_context(), database().write() as session:
        told = {"brand_id": phone.shop.store.brand_id, "now": clock.now(), "channel": "print"}
        member_id = getattr(phone.shop, who).id
        consents.withdraw(session, member_id=member_id, purpose=purpose, **told)
    text, slip = printed(app, phone)
    assert "Nina" not in text
    assert b"Nina" not in slip
    assert ("20% off it today." in text) == (who == "nina")
    assert SENTENCE in phone.sarah.open("/me/offers").text


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
