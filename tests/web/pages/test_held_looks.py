"""A shop that reads looks before they hang: publishing works as ever, and says that it waits."""

from flask import Flask

from core.transaction import Database
from retail.brands import queries as brands
from retail.wall_rules import service as wall_rules
from retail.wall_rules.queries import RulesView
from tests.web.pages.conftest import Shop


def test_a_look_that_waits_for_a_check_is_published_all_the_same(
    app: Flask, db: Database, shop: Shop
) -> None:
    with app.app_context(), db.write() as session:
        brand = brands.get_brand_by_slug(session, shop.brand)
        wall_rules.set_rules(session, brand.id, RulesView(checks_first=True, reports_for_review=5))
    phone = shop.fan.open(f"/me/outfits/{shop.draft}/audience")
    phone.send(phone.path, audience="everyone", choice="share")
    assert (phone.status, "Not on the wall" in phone.text) == (200, True)
    assert shop.stranger().open(f"/o/{shop.draft}").status == 404
    assert shop.fan.open("/me/outfits").text.count("Waiting to hang") == 1
