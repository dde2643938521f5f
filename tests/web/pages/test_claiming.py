"""Claiming on the phone: the receipt becomes mine whatever is on it."""

from flask import Flask

from core.transaction import database
from retail.brands import queries as brands
from tests.builders.staff import new_integrator_key
from tests.builders.visitor import Visitor
from tests.web.pages.conftest import Shop, settings_key

UNKNOWN_GOODS = {
    "till": "1",
    "number": "77",
    "sold_at": "2026-11-22T11:00:00Z",
    "currency": "GBP",
    "lines": [{"description": "Gift wrapping", "quantity": "1", "total_minor": 250}],
}


def claim_address(app: Flask, shop: Shop) -> str:
    """The address on the slip of a receipt without anything that the catalogue knows."""
    with app.app_context(), database().write() as session:
        brand = brands.get_brand_by_slug(session, shop.brand)
        _, key = new_integrator_key(session, brand.id, key=settings_key(app))
    answer = app.test_client().post(
        "/api/v1/receipts",
        json=UNKNOWN_GOODS | {"store": shop.store},
        headers={"Authorization": f"Bearer {key}"},
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json["claim_url"]).removeprefix("http://localhost")


def test_a_receipt_with_nothing_to_lay_out_is_claimed_all_the_same(
    app: Flask, shop: Shop, newcomer: Visitor
) -> None:
    address = claim_address(app, shop)
    newcomer.open(address).send(f"{address}/claim")
    assert newcomer.path == "/me/receipts"
    assert "nothing on it to lay out" in newcomer.text
    assert "Gift wrapping" in newcomer.text or "£2.50" in newcomer.text
    assert shop.fan.open(address).status == 404
