"""A tablet of those who work here: let in by the code that it shows, and of no use once revoked."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from core.clock import FixedClock
from core.transaction import Database
from retail.brands.queries import StoreView
from tests.builders.brands import new_store
from tests.builders.floor import new_device
from tests.builders.staff_accounts import COOKIE, new_staff, sign_in_staff
from tests.builders.visitor import Visitor

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
Visit = Callable[[], Visitor]


@pytest.fixture
def store(db: Database) -> StoreView:
    with db.write() as session:
        return new_store(session)


@pytest.fixture
def desk(db: Database, visit: Visit, store: StoreView) -> Visitor:
    """Who looks after devices."""
    with db.write() as session:
        boss = sign_in_staff(session, new_staff(session, store.brand_id))
    return visit().sign_in(boss, cookie=COOKIE)


@pytest.fixture
def tablet(app: Flask, db: Database, store: StoreView, desk: Visitor) -> Visitor:
    """A tablet that was let in, with Jo signed in on it."""
    tablet = Visitor(app.test_client())
    assert "A tablet of the shop’s" in tablet.open("/tablet").text
    tablet.page = touch(tablet, "pair")
    code = tablet.text.partition('class="code mono">')[2][:9]
    assert "Not yet." in touch(tablet, "paired").text
    answer = desk.open("/staff/devices").send("/staff/devices", code=code, zone="Counter")
    assert "Tablet · Counter" in answer.text
    assert "/staff" in touch(tablet, "paired").request.path
    with db.write() as session:
        jo = new_staff(session, store.brand_id, store_id=store.id, role="assistant")
        return tablet.sign_in(sign_in_staff(session, jo), cookie=COOKIE)


def touch(tablet: Visitor, action: str) -> Any:
    return tablet.client.post(f"/tablet/{action}", headers=SAME_ORIGIN, follow_redirects=True)


def revoke(desk: Visitor) -> None:
    page = desk.open("/staff/devices").text
    device_id = page.partition("/staff/devices/")[2][:26]
    desk.send(f"/staff/devices/{device_id}/revoke")


def test_a_tablet_that_was_let_in_opens_what_whoever_works_on_it_may(tablet: Visitor) -> None:
    assert tablet.open("/staff/requests").status == 200
    assert tablet.client.get("/tablet").location == "/staff"
    assert tablet.open("/room").status == 403, "it is no screen of a room"


def test_using_it_is_what_it_is_heard_of_by(
    tablet: Visitor, desk: Visitor, clock: FixedClock
) -> None:
    for _ in range(4):
        clock.advance(minutes=4)
        tablet.open("/staff/requests")
        assert "Not heard of" not in desk.open("/staff/devices").text


@pytest.mark.parametrize("path", ["/staff/requests", "/staff/live/requests/late", "/staff"])
def test_a_revoked_tablet_opens_nothing_though_somebody_is_signed_in(
    tablet: Visitor, desk: Visitor, path: str
) -> None:
    assert tablet.client.get(path).status_code == 200
    revoke(desk)
    page = tablet.client.get(path)
    assert page.status_code == 401, "live parts load their page again by that"
    assert "This tablet was revoked" in page.text
    assert 'href="/tablet"' in page.text
    assert "Hartley" not in page.text


def test_a_revoked_tablet_is_let_in_anew_by_another_code(tablet: Visitor, desk: Visitor) -> None:
    revoke(desk)
    tablet.page = touch(tablet, "pair")
    code = tablet.text.partition('class="code mono">')[2][:9]
    desk.open("/staff/devices").send("/staff/devices", code=code, zone="Counter")
    touch(tablet, "paired")
    assert tablet.open("/staff/requests").status == 200


def test_what_another_kind_of_device_left_in_a_browser_keeps_nobody_from_working(
    db: Database, desk: Visitor, store: StoreView
) -> None:
    with db.write() as session:
        desk.sign_in(new_device(session, store, "screen"), cookie="device")
    revoke(desk)
    assert desk.open("/staff/devices").status == 200
    desk.sign_in("sd_of-another-shop", cookie="device")
    assert desk.open("/staff/devices").status == 200
