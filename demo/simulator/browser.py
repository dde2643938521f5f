"""A browser without scripts: one kept-alive connection, cookies, pages and their forms."""

import http.client
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

TIMEOUT_SECONDS = 30
MAX_REDIRECTS = 8


class Refused(Exception):
    """The service answered, and the answer was no."""

    def __init__(self, method: str, url: str, status: int, body: str) -> None:
        super().__init__(f"{method} {url}: {status} {body[:400]}")
        self.status = status

    @property
    def is_bygone(self) -> bool:
        """Whether what it was about is only not there any more, or moved on."""
        return self.status in (404, 409)


@dataclass(frozen=True)
class Form:
    """A form as its page offers it: where it goes and what it would send untouched."""

    action: str
    method: str = "get"
    fields: tuple[tuple[str, str], ...] = ()

    def fill(self, **values: str | None) -> "Form":
        """The form with these values; None leaves a field out."""
        kept = tuple((n, v) for n, v in self.fields if n not in values)
        return replace(
            self, fields=kept + tuple((n, v) for n, v in values.items() if v is not None)
        )

    def get(self, name: str) -> str | None:
        """What the form would send for a field."""
        return next((value for n, value in self.fields if n == name), None)


@dataclass(frozen=True)
class Page:
    """What came back: status, address after redirects, text."""

    url: str
    status: int
    text: str
    forms: tuple[Form, ...] = ()

    def form(self, action_part: str) -> Form:
        """The first form whose address contains this text. Raises LookupError."""
        for form in self.forms:
            if action_part in form.action:
                return form
        raise LookupError(f"no form to {action_part!r} on {self.url}")


@dataclass
class Browser:
    """One person's browser, or one till's connection, at one service."""

    origin: str
    cookies: dict[str, str] = field(default_factory=dict)
    _connection: http.client.HTTPConnection | None = None

    def open(self, path: str) -> Page:
        """Get a page and follow redirects. Raises Refused for an error."""
        return self._browse("GET", path, None)

    def send(self, form: Form) -> Page:
        """Submit a form as a browser would. Raises Refused for an error."""
        body = urlencode(form.fields)
        if form.method == "get":
            return self._browse("GET", f"{form.action}?{body}", None)
        return self._browse("POST", form.action, body)

    def call(self, method: str, path: str) -> None:
        """What a page's script asks of the service. Raises Refused for an error."""
        status, _, text = self.request(method, path, None, self._headers("application/json"))
        if status >= 400:
            raise Refused(method, path, status, text)

    def request(
        self, method: str, path: str, body: str | None, headers: Mapping[str, str]
    ) -> tuple[int, Mapping[str, str], str]:
        """One exchange, once more where the kept connection had been closed."""
        for attempt in (0, 1):
            if self._connection is None:
                address = urlsplit(self.origin)
                self._connection = http.client.HTTPConnection(
                    address.hostname or "localhost", address.port, timeout=TIMEOUT_SECONDS
                )
            try:
                payload = body.encode() if body is not None else None
                self._connection.request(method, path, payload, dict(headers))
                response = self._connection.getresponse()
                text = response.read().decode(errors="replace")
            except (http.client.HTTPException, ConnectionError):
                self.close()
                if attempt:
                    raise
                continue
            self._keep_cookies(response)
            return response.status, {k.lower(): v for k, v in response.getheaders()}, text
        raise AssertionError("unreachable")

    def close(self) -> None:
        """Hang up; the next request dials again."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _browse(self, method: str, path: str, body: str | None) -> Page:
        url = urljoin(self.origin, path)
        for _ in range(MAX_REDIRECTS):
            headers = {
                "Sec-Fetch-Site": "same-origin",
                "Origin": self.origin,
                "Accept": "text/html",
            }
            if self.cookies:
                headers["Cookie"] = "; ".join(f"{n}={v}" for n, v in self.cookies.items())
            if body is not None:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            target = urlsplit(url)
            path = target.path + (f"?{target.query}" if target.query else "")
            status, answered, text = self.request(method, path, body, headers)
            if status in (301, 302, 303, 307, 308):
                url = urljoin(url, answered["location"])
                method, body = "GET", None
                continue
            if status >= 400:
                raise Refused(method, path, status, text)
            return Page(url, status, text, _forms(text, url))
        raise Refused(method, path, 310, "too many redirects")

    def _headers(self, accept: str) -> dict[str, str]:
        headers = {"Sec-Fetch-Site": "same-origin", "Accept": accept}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{n}={v}" for n, v in self.cookies.items())
        return headers

    def _keep_cookies(self, response: http.client.HTTPResponse) -> None:
        for header in response.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(header).items():
                if morsel["max-age"] == "0" or not morsel.value:
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value


def _forms(html: str, url: str) -> tuple[Form, ...]:
    reader = _FormReader(url)
    reader.feed(html)
    return tuple(reader.forms)


class _FormReader(HTMLParser):
    """Collects forms with the fields that a browser would send for them."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._url = url
        self._open: Form | None = None
        self._text_field: str | None = None
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = urlsplit(urljoin(self._url, given.get("action", "")))
            path = action.path + (f"?{action.query}" if action.query else "")
            self._open = Form(path, given.get("method", "get").lower())
        elif self._open is not None and "disabled" not in given:
            self._field(tag, given)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if tag == "input" and name:
            kind = given.get("type", "text")
            is_choice = kind in ("checkbox", "radio")
            if kind not in ("submit", "button", "image") and (not is_choice or "checked" in given):
                self._add(name, given.get("value", "on" if is_choice else ""))
        elif tag == "textarea" and name:
            self._text_field = name
            self._add(name, "")
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self._add(self._select, given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._text_field is not None and self._open is not None:
            written = (self._open.get(self._text_field) or "") + data
            self._open = self._open.fill(**{self._text_field: written})

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._open is not None:
            self.forms.append(self._open)
            self._open = None
        elif tag == "textarea":
            self._text_field = None
        elif tag == "select":
            self._select = None

    def _add(self, name: str, value: Any) -> None:
        if self._open is not None:
            self._open = replace(self._open, fields=(*self._open.fields, (name, value)))
