"""Open pages, cookies and printed addresses across a change of SECRET_KEY."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from app import _configure
from core.config import Settings
from core.ids import new_id
from core.transaction import Database
from retail.brands import queries as brands
from retail.consent.rules import LIKES_NEWS
from retail.notifications.rules import EMAIL
from retail.notifications.unsubscribing import token_for
from tests.builders.accounts import new_member, sign_in
from tests.builders.brands import new_store
from tests.builders.receipts import new_receipt
from tests.builders.rotation import printed
from tests.builders.visitor import Visitor

OLD, NEW = "old-" * 12, "new-" * 12
pytestmark = pytest.mark.own_app


@pytest.fixture
def app_settings(app_settings: Settings) -> Settings:
    return replace(app_settings, secret_key=OLD)


def restart(app: Flask, secret: str, older: str = "") -> None:
    told = app.config["SETTINGS"]
    _configure(app, replace(told, secret_key=secret, secret_key_fallbacks=older))


@pytest.fixture
def nina(app: Flask, db: Database, visit: Callable[[], Visitor]) -> Visitor:
    with db.write() as session:
        member = new_member(session, new_store(session).brand_id)
        return visit().sign_in(sign_in(session, member, key=OLD.encode()))


def test_a_form_that_was_open_can_be_sent_after_it(app: Flask, nina: Visitor) -> None:
    nina.open("/me/profile")
    restart(app, NEW, OLD)
    nina.send("/me/profile", display_name="Nina Obi")
    assert (nina.status, "Saved." in nina.text) == (200, True)
    nina.open("/me/profile")
    restart(app, OLD, NEW)
    nina.send("/me/profile", display_name="Nina Obi")
    assert nina.status == 200, "signed by whoever was first, sent to whoever was not"


def test_once_the_old_key_is_dropped_its_forms_and_sessions_are_refused(
    app: Flask, db: Database, nina: Visitor, visit: Callable[[], Visitor]
) -> None:
    with db.write() as session:
        brand = brands.get_brand(session, new_store(session).brand_id)
    door = f"/staff/sign-in/{brand.slug}"
    stranger = visit().open(door)
    restart(app, NEW)
    stranger.send(door, email="jo@brand.example")
    assert stranger.status == 400
    assert "Traceback" not in stranger.text
    assert nina.open("/me").path != "/me", "signed out"
    assert stranger.open(door).send(door, email="jo@brand.example").status == 200, "again, it works"


def test_printed_and_mailed_addresses_work_until_it_is_dropped(
    app: Flask, db: Database, visit: Callable[[], Visitor]
) -> None:
    with db.write() as session:
        store = new_store(session)
        receipt = new_receipt(session, store=store, key=OLD.encode())
        token, _ = printed(session, store, OLD.encode(), receipt.id)
        member = new_member(session, store.brand_id)
    leave = f"/unsubscribe/{token_for(OLD.encode(), member.id, LIKES_NEWS, EMAIL)}"
    restart(app, NEW, OLD)
    for address in (f"/r/{token}", leave):
        assert visit().open(address).status == 200, address
    restart(app, NEW)
    for address in (f"/r/{token}", leave):
        refused = visit().open(address)
        assert refused.status == 404, address
        assert "Traceback" not in refused.text
    assert visit().open(f"/r/{new_id()}").status == 404
