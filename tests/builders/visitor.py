"""A browser without scripts: follows redirects, keeps cookies, sends forms with their tokens."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

_FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
_INPUT = re.compile(r"<input\b([^>]*)>")
_SELECT = re.compile(r"<select\b([^>]*)>(.*?)</select>", re.DOTALL)
_OPTION = re.compile(r"<option\b([^>]*)>")
_SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class Visitor:
    """One person's browser."""

    client: FlaskClient
    page: TestResponse | None = None

    @property
    def text(self) -> str:
        """The page that is open."""
        assert self.page is not None
        return unescape(self.page.get_data(as_text=True))

    @property
    def path(self) -> str:
        """The address of the page that is open."""
        assert self.page is not None
        return self.page.request.path

    @property
    def status(self) -> int:
        """The status of the page that is open."""
        assert self.page is not None
        return self.page.status_code

    def open(self, address: str) -> "Visitor":
        """Go to an address."""
        self.page = self.client.get(address, follow_redirects=True, headers=_SAME_ORIGIN)
        return self

    def send(self, action: str, /, **values: str) -> "Visitor":
        """Send the open page's form to `action`, with what stood in it and these values."""
        self.page = self.client.post(
            action,
            data=self.form(action) | values,
            follow_redirects=True,
            headers=_SAME_ORIGIN,
        )
        return self

    def form(self, action: str) -> dict[str, str]:
        """What the open page's form to `action` would send untouched."""
        assert self.page is not None
        for attributes, inside in _FORM.findall(self.page.get_data(as_text=True)):
            if _attribute(attributes, "action") == action:
                inputs = [tag for tag in _INPUT.findall(inside) if _is_sent(tag)]
                typed = {_attribute(tag, "name"): _attribute(tag, "value") for tag in inputs}
                return typed | dict(_chosen(*select) for select in _SELECT.findall(inside))
        raise LookupError(f"no form to {action} on {self.path}")

    def sign_in(self, token: str, *, cookie: str = "member") -> "Visitor":
        """Carry a session that a builder opened."""
        self.client.set_cookie(cookie, token)
        return self

    def api(self, method: str, address: str, **options: Any) -> TestResponse:
        """Call the API as a script of our own page would."""
        return self.client.open(address, method=method, headers=_SAME_ORIGIN, **options)


def _attribute(attributes: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', attributes)
    return unescape(found[1]) if found else ""


def _chosen(attributes: str, inside: str) -> tuple[str, str]:
    options = _OPTION.findall(inside)
    chosen = next((one for one in options if " selected" in one), options[0])
    return _attribute(attributes, "name"), _attribute(chosen, "value")


def _is_sent(tag: str) -> bool:
    is_choice = _attribute(tag, "type") in ("checkbox", "radio")
    return bool(_attribute(tag, "name")) and (not is_choice or " checked" in tag)
