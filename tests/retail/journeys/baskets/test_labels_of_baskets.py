"""Points, vouchers and campaigns choose goods by the same labels."""

from sqlalchemy.orm import Session

from core import clock
from retail.catalogue.labels import labels_of
from retail.journeys.baskets.as_basket import Goods, basket_bought, basket_shown
from tests.builders.brands import new_store
from tests.builders.catalogue import new_variant
from tests.builders.receipts import line, new_receipt


def test_a_style_is_its_code_to_all_of_them(session: Session) -> None:
    store = new_store(session)
    variant = new_variant(session, brand_id=store.brand_id)
    expected = labels_of(session, store.brand_id, [variant.id])[variant.id]
    assert {label.split(":")[0] for label in expected} == {"sku", "style", "category"}
    receipt = new_receipt(session, store=store, variants=[variant])
    (of_receipt,) = basket_bought(session, receipt).lines
    asked = Goods(of_receipt.quantity, 100, sku=variant.sku)
    till = {"store": store, "at": clock.now(), "member_id": None}
    (of_till,) = basket_shown(session, (asked,), **till)[0].lines
    assert of_receipt.labels == of_till.labels == expected


def test_goods_that_the_catalogue_does_not_know_are_their_sku_alone(session: Session) -> None:
    store = new_store(session)
    receipt = new_receipt(session, store=store, lines=(line(sku="X-1", gtin=None),))
    (found,) = basket_bought(session, receipt).lines
    assert found.labels == {"sku:X-1"}
