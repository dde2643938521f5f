"""Members who come into the demo's store: what the tablet there shows of them."""

from core.transaction import database
from demo.simulator.cast import Shopper
from demo.simulator.phone import Phone
from tests.application import app, app_settings, kept_app
from tests.builders.accounts import new_member, sign_in
from tests.demo.test_floor import OnTheFloor, shop

__all__ = ["app", "app_settings", "kept_app", "shop"]


def test_who_comes_in_is_greeted_on_the_tablet_and_coming_again_changes_nothing(
    shop: OnTheFloor,
) -> None:
    with shop.app.app_context(), database().write() as session:
        sarah = new_member(session, shop.store.brand_id, display_name="Sarah Lewis")
        cookies = {"member": sign_in(session, sarah)}
    phone = Phone(shop.browser(cookies), Shopper("Sarah Lewis", "", ""), shop.brand.slug)
    tablet, page = shop.browser(shop.sign_in()), f"/staff/greetings/{shop.store.slug}"
    assert "Sarah" not in tablet.open(page).text
    for _ in "12":
        phone.come_in(shop.store.slug)
        assert "Hello Sarah." in tablet.open(page).text
