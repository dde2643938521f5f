"""Being a device of the demo in one's own browser; in earnest there is no such thing."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from core.config import Settings
from core.transaction import Database
from retail.brands.queries import StoreView
from tests.builders.brands import new_brand, new_store
from tests.builders.floor import new_device
from tests.builders.staff_accounts import COOKIE, new_staff, sign_in_staff
from tests.builders.visitor import Visitor
from web.pages.demo.stand_ins import STAND_INS, StandIn, apart

Visit = Callable[[], Visitor]
ROOM = {"store": "leeds", "kind": "room", "path": "/room", "title": "Fitting room 1"}
TABLET = {"store": "leeds", "kind": "tablet", "path": "/staff/requests", "title": "Sam Reed"}

KIOSK = {"store": "leeds", "kind": "kiosk", "path": "/kiosk", "title": "Kiosk at the door"}


@pytest.fixture
def store(db: Database, app_settings: Settings) -> StoreView:
    """A store whose room and tablet a demo left for visitors."""
    with db.write() as session:
        store = new_store(session, brand=new_brand(session, slug="alder"), slug="leeds")
        screen = {"device": new_device(session, store, "screen", zone="Fitting room 1")}
        sam = new_staff(session, store.brand_id, role="assistant", name="Sam Reed")
        tablet = {COOKIE: sign_in_staff(session, sam)}
        kiosk = {"device": new_device(session, store, "kiosk")}
    app_settings.data_dir.mkdir(parents=True, exist_ok=True)
    devices = [ROOM | {"cookies": screen}, TABLET | {"cookies": tablet}, KIOSK | {"cookies": kiosk}]
    (app_settings.data_dir / STAND_INS).write_text(json.dumps(devices))
    return store


def test_the_hub_leads_to_each_device_on_a_host_of_its_own(store: StoreView, visit: Visit) -> None:
    page = visit().open("/").text
    assert 'href="http://room-1.localhost/dev/devices/1"' in page
    assert 'href="http://tablet-2.localhost/dev/devices/2"' in page
    assert "You are Sam Reed." in page
    assert 'href="http://kiosk-3.localhost/dev/devices/3"' in page


def test_a_hub_of_other_stores_has_no_such_devices(
    store: StoreView, db: Database, visit: Visit
) -> None:
    with db.write() as session:
        new_store(session, brand=new_brand(session, slug="fennel"), slug="york")
    assert "/dev/devices/" not in visit().open("/?shop=fennel").text


def test_whoever_follows_is_the_device_from_then_on(store: StoreView, visit: Visit) -> None:
    browser = visit()
    assert browser.open("/dev/devices/1").path == "/room"
    assert "Bring something in." in browser.text
    assert browser.open("/dev/devices/2").path == "/staff/requests"
    assert "Sam Reed" in browser.text
    assert browser.open("/dev/devices/3").path == "/kiosk"
    assert "Yours, with your phone" in browser.text


def test_a_device_that_no_demo_let_in_is_not_there(store: StoreView, visit: Visit) -> None:
    assert visit().open("/dev/devices/4").status == 404
    assert visit().open("/dev/devices/0").status == 404


def test_phones_on_the_network_get_an_address_that_they_reach() -> None:
    one = StandIn(2, "leeds", "Fitting room 2", "room", "/room", {})
    assert apart("http://localhost:8000", one) == "http://room-2.localhost:8000/dev/devices/2"
    assert apart("http://192.168.1.5:8000", one) == "http://192.168.1.5:8000/dev/devices/2"


class TestInProduction:
    """The same folder, in earnest."""

    @pytest.fixture
    def app_settings(self, db: Database, tmp_path: Path) -> Settings:
        return Settings(
            environment="production",
            database_url=db.engine.url.render_as_string(hide_password=False),
            secret_key="a key for tests that is long enough to be one",
            public_url="https://shop.example",
            mail_from="Shop <hello@shop.example>",
            smtp_url="smtp://mail.example",
            data_dir=tmp_path,
        )

    def test_nobody_becomes_a_device(self, store: StoreView, visit: Visit) -> None:
        browser = visit()
        assert browser.open("/dev/devices/1").status == 404
        assert browser.client.get_cookie("__Host-device") is None
