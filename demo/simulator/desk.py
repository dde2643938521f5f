"""Letting devices in, as a manager and a device do it: the OAuth device flow, over HTTP."""

import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from demo.simulator.browser import Browser, Page, Refused
from demo.simulator.cast import Shopper
from demo.simulator.phone import NoMail, Phone

# A mail takes a while where everybody else joins at the same time.
PATIENCE = 6
LOOKS = 20
UNAUTHENTICATED = 401


@dataclass(frozen=True)
class Wish:
    """A device that wants to be let in: what it is, where it stands, what it is called."""

    role: str
    zone: str
    name: str


@dataclass
class Desk:
    """A manager's browser; `store` is where devices are let in."""

    browser: Browser
    store: str
    _page: Page | None = None

    def let_in(self, wish: Wish) -> str:
        """The token of a device that showed a code, which was typed here. Raises Refused."""
        code = post(self.browser, "/api/v1/devices/codes", {"role": wish.role})
        page = self._page or self.browser.open("/staff/devices")
        form = next(one for one in page.forms if one.action == "/staff/devices")
        self._page = self.browser.send(
            form.fill(code=code["user_code"], zone=wish.zone, name=wish.name, store=self.store)
        )
        held = {"device_code": code["device_code"]}
        return str(post(self.browser, "/api/v1/devices/tokens", held)["access_token"])


def at_work(origin: str, brand: str, email: str) -> dict[str, str]:
    """The cookies of a colleague who signed in. Raises NoMail."""
    colleague = Shopper(email, email, "")
    with contextlib.closing(Browser(origin)) as browser:
        phone = Phone(browser, colleague, brand, door="staff/sign-in")
        phone.ask_for_code()
        for _ in range(PATIENCE):
            with contextlib.suppress(NoMail):
                phone.sign_in()
                return browser.cookies
    raise NoMail(email)


@dataclass
class Arrival:
    """A colleague who signs in at a tablet while others go on: looked after now and then."""

    origin: str
    brand: str
    email: str
    _phone: Phone | None = None
    _looks: int = 0

    def look(self) -> dict[str, str] | None:
        """Ask for a mail, or see whether it came; gives the cookies once it did. Raises Refused."""
        if self._phone is None or self._looks >= LOOKS:
            self.close()
            colleague, browser = Shopper(self.email, self.email, ""), Browser(self.origin)
            self._phone = Phone(browser, colleague, self.brand, "staff/sign-in", mail_seconds=0)
            self._phone.ask_for_code()
        self._looks += 1
        try:
            self._phone.sign_in()
        except NoMail:
            return None
        cookies = self._phone.browser.cookies
        self.close()
        return cookies

    def close(self) -> None:
        """Hang up; the next look begins anew."""
        if self._phone is not None:
            self._phone.browser.close()
        self._phone, self._looks = None, 0


def post(browser: Browser, path: str, body: Any, token: str | None = None) -> dict[str, Any]:
    """What the service answers to a document. Raises Refused."""
    headers = {"Content-Type": "application/json"}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    status, _, text = browser.request("POST", path, json.dumps(body), headers)
    if status >= 400:
        raise Refused("POST", path, status, text)
    answer: dict[str, Any] = json.loads(text) if text else {}
    return answer


def is_known(browser: Browser, token: str) -> bool:
    """Whether this is still the token of a device that was let in, whatever it may do."""
    headers = {"Authorization": f"Bearer {token}"}
    status, _, _ = browser.request("GET", "/room/now", None, headers)
    return status != UNAUTHENTICATED


def store_id(origin: str, slug: str, key: str) -> str:
    """What a store is called in forms, as head office knows it. Raises Refused, LookupError."""
    with contextlib.closing(Browser(origin)) as browser:
        path, headers = "/api/v1/stores", {"Authorization": f"Bearer {key}"}
        status, _, text = browser.request("GET", path, None, headers)
    if status >= 400:
        raise Refused("GET", path, status, text)
    stores: Mapping[str, str] = {one["slug"]: one["id"] for one in json.loads(text)}
    return stores[slug]
