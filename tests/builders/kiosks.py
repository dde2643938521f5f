"""A kiosk as its people meet it: its screen, and phones linked to it, over HTTP."""

import contextlib
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from core import clock
from core.errors import Invalid
from core.transaction import database
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.devices import queries as devices
from retail.kiosks import queries, service
from tests.builders.accounts import new_member, sign_in
from tests.builders.brands import new_store
from tests.builders.floor import new_device
from tests.builders.visitor import Visitor
from tests.conftest import KEY


@dataclass(frozen=True)
class Kiosk:
    """A kiosk that was let into a store, and its screen."""

    app: Flask
    store: StoreView
    screen: Visitor

    def touch(self, action: str) -> Visitor:
        """Press something on the screen."""
        headers = {"Sec-Fetch-Site": "same-origin"}
        self.screen.page = self.screen.client.post(
            f"/kiosk/{action}", headers=headers, follow_redirects=True
        )
        return self.screen

    def shows(self) -> str:
        """The screen as it is."""
        return self.screen.open("/kiosk").text

    def code(self) -> str:
        """Have the screen show a code that links a phone."""
        page = self.touch("link").text
        assert 'class="code mono">' in page, page
        return page.partition('class="code mono">')[2][:9]

    def link(self, phone: Visitor) -> Visitor:
        """Link a phone by the code that the screen shows."""
        code = self.code()
        return phone.open(f"/me/kiosk?code={code}").send("/me/kiosk/link", code=code)

    def phone_of(self, member: Any) -> Visitor:
        """The phone of a member."""
        with self.app.app_context(), database().write() as session:
            token = sign_in(session, member)
        return Visitor(self.app.test_client()).sign_in(token)


def new_kiosk(app: Flask) -> Kiosk:
    """A kiosk of a new store."""
    with app.app_context(), database().write() as session:
        store = new_store(session)
        token = new_device(session, store, "kiosk", zone="Entrance")
    return Kiosk(app, store, Visitor(app.test_client()).sign_in(token, cookie="device"))


def a_kiosk_code(session: Session, store: StoreView, key: bytes = KEY) -> str:
    """The code that a new kiosk of a store shows, to link a phone."""
    return _shown_on(session, new_device(session, store, "kiosk", key=key), key)


def at_a_kiosk(session: Session, store: StoreView, member: MemberView) -> str:
    """The token of a kiosk of their own that a member's phone is linked to."""
    token = new_device(session, store, "kiosk")
    code = _shown_on(session, token, KEY)
    service.link(session, code, member=member, now=clock.now(), key=KEY)
    return token


def kiosk_of(session: Session, member: MemberView) -> str:
    """The id of what links a member's phone to a kiosk."""
    found = queries.kiosk_of(session, member.id, now=clock.now())
    assert found is not None
    return found.id


def opens_a_kiosk(session: Session, store: StoreView, key: bytes, code: str) -> bool:
    """Whether a kiosk shows a code, as somebody's phone asks."""
    member = new_member(session, store.brand_id)
    with contextlib.suppress(Invalid):
        queries.shows_code(session, code, member=member, now=clock.now(), key=key)
        return True
    return False


def _shown_on(session: Session, token: str, key: bytes) -> str:
    device = devices.find_device(session, token, key=key)
    assert device is not None
    service.show_code(session, device, now=clock.now(), key=key)
    shown = queries.find_kiosk(session, device.id, now=clock.now())
    assert shown is not None
    code = queries.code_shown(shown, now=clock.now(), key=key)
    assert code is not None
    return code
