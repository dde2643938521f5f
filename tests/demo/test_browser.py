"""The simulated browser reads forms as a real one does."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from demo.simulator.browser import Browser, Refused

PAGE = """
<form method="post" action="/save?x=1">
  <input type="hidden" name="token" value="t&amp;1">
  <input name="name" value="Nina">
  <textarea name="caption">So it goes</textarea>
  <input type="radio" name="audience" value="only_me" checked>
  <input type="radio" name="audience" value="everyone">
  <input type="checkbox" name="league">
  <select name="size"><option value="8">8<option value="10" selected>10</select>
  <input name="off" value="x" disabled>
  <button name="go" value="1">Go</button>
</form>
"""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    seen: list[tuple[str, str, str]] = []

    def do_GET(self) -> None:
        if self.path == "/gone":
            return self.answer(404, "gone")
        return self.answer(200, PAGE, ("Set-Cookie", "member=abc; Path=/; HttpOnly"))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.seen.append((self.path, body, self.headers.get("Cookie", "")))
        self.answer(302, "", ("Location", "/page"))

    def answer(self, status: int, text: str, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in (*headers, ("Content-Length", str(len(text)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def browser() -> Iterator[Browser]:
    Handler.seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    browser = Browser(f"http://127.0.0.1:{server.server_address[1]}")
    yield browser
    browser.close()
    server.shutdown()
    server.server_close()


def test_a_form_sends_what_the_page_and_the_shopper_put_in(browser: Browser) -> None:
    form = browser.open("/page").form("/save")
    page = browser.send(form.fill(caption="Late for the good reasons", league="on"))
    path, body, cookie = Handler.seen[0]
    assert page.url.endswith("/page")
    assert path == "/save?x=1"
    assert cookie == "member=abc"
    assert body == (
        "token=t%261&name=Nina&audience=only_me&size=10&caption=Late+for+the+good+reasons&league=on"
    )


def test_an_error_is_raised_with_its_status(browser: Browser) -> None:
    with pytest.raises(Refused) as caught:
        browser.open("/gone")
    assert caught.value.status == 404


def test_a_page_without_the_form_is_named(browser: Browser) -> None:
    with pytest.raises(LookupError, match="/like"):
        browser.open("/page").form("/like")
