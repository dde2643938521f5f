"""A fitting room as its people meet it: reader, screen, tablet and phones, over HTTP."""

from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from core import clock
from core.transaction import database
from tests.builders.accounts import sign_in
from tests.builders.brands import new_store
from tests.builders.floor import Floor, batch, new_device, new_floor
from tests.builders.staff_accounts import COOKIE, new_staff, sign_in_staff
from tests.builders.visitor import Visitor

STRONG = -45.0
# The name of the cookie that a signed-in phone carries.
SESSION = "session"


@dataclass(frozen=True)
class Room:
    """The goods, the token of its reader, its screen, and an assistant's tablet."""

    app: Flask
    floor: Floor
    reader: str
    screen: Visitor
    tablet: Visitor

    def send(self, body: Any, *, token: str = "") -> TestResponse:
        """What a reader is answered."""
        says = {"Authorization": f"Bearer {token or self.reader}"}
        sent = {"data": body} if isinstance(body, bytes) else {"json": body}
        reader = self.app.test_client(use_cookies=False)
        return reader.post("/api/v1/tag-reads", headers=says, **sent)

    def read(self, *epcs: str, rssi: float = STRONG) -> dict[str, int]:
        """Have the reader tell of these tags, now."""
        now = clock.now()
        answer = self.send(batch(*((epc, now, rssi) for epc in epcs)))
        assert answer.status_code == 200, answer.text
        return dict(answer.json)

    def touch(self, action: str, **values: str) -> Visitor:
        """Press something on the screen."""
        headers = {"Sec-Fetch-Site": "same-origin"}
        self.screen.page = self.screen.client.post(
            f"/room/{action}", data=values, headers=headers, follow_redirects=True
        )
        return self.screen

    def shows(self) -> str:
        """The screen as it is."""
        return self.screen.open("/room").text

    def request(self) -> str:
        """The address of the first request in the queue."""
        queue = self.tablet.open("/staff/requests").text
        return "/staff/requests/" + queue.partition('class="opens" href="/staff/requests/')[2][:26]

    def another_tablet(self, name: str, **about: Any) -> Visitor:
        """A tablet of somebody else who works here."""
        store = self.floor.store
        with self.app.app_context(), database().write() as session:
            told = {"store_id": store.id, "role": "assistant"} | about
            staff = new_staff(session, store.brand_id, name=name, **told)
            token = sign_in_staff(session, staff)
        return Visitor(self.app.test_client()).sign_in(token, cookie=COOKIE)

    def phone_of(self, member: Any) -> Visitor:
        """The phone of a member."""
        with self.app.app_context(), database().write() as session:
            token = sign_in(session, member)
        return Visitor(self.app.test_client()).sign_in(token)

    def code(self) -> str:
        """Have the screen show a code that links a phone."""
        page = self.touch("link").text
        assert 'class="code mono">' in page, page
        return page.partition('class="code mono">')[2][:9]

    def link(self, phone: Visitor) -> Visitor:
        """Link a phone by the code that the screen shows."""
        address = f"/me/room?code={self.code()}"
        code = address.partition("=")[2]
        return phone.open(address).send("/me/room/link", code=code)


def new_room(app: Flask) -> Room:
    """A room of a new store, with a coat's worth of stock and Jo on the floor."""
    with app.app_context(), database().write() as session:
        store = new_store(session)
        floor = new_floor(session, store)
        reader = new_device(session, store, "reader")
        screen = Visitor(app.test_client())
        screen.sign_in(new_device(session, store, "screen"), cookie="device")
        jo = new_staff(session, store.brand_id, store_id=store.id, role="assistant")
        tablet = Visitor(app.test_client()).sign_in(sign_in_staff(session, jo), cookie=COOKIE)
        return Room(app, floor, reader, screen, tablet)
