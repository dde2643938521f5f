"""What every answer carries, whichever the route and however it went."""

import re

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from core.config import Settings
from tests.web.test_live import ENDLESS

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
}
CSP = re.compile(
    r"default-src 'none'; script-src 'nonce-[\w-]{22}'(?P<more> 'wasm-unsafe-eval')?; "
    r"style-src 'self'; img-src 'self' data:; "
    r"font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    r"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def path_of(rule: Rule) -> str:
    """An address that the rule matches, of something that does not exist."""
    return re.sub(r"<(?:int:)?[^>]*>", "7", rule.rule)


def answers(app: Flask) -> dict[str, TestResponse]:
    """The answer of every route to a stranger's GET."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    client = app.test_client()
    paths = {path_of(rule) for rule in app.url_map.iter_rules()} | {"/nowhere", "/api/v1/nowhere"}
    return {path: client.get(path) for path in sorted(paths - ENDLESS)}


def test_every_route_answers_a_stranger_without_breaking(app: Flask) -> None:
    broken = {path: a.status_code for path, a in answers(app).items() if a.status_code >= 500}
    assert broken == {}


def test_every_answer_carries_the_headers(app: Flask) -> None:
    for path, answer in answers(app).items():
        for name, value in ALWAYS.items():
            assert answer.headers[name] == value, path
        policy = CSP.fullmatch(answer.headers["Content-Security-Policy"])
        assert policy, path
        # The camera, and what reads codes where a browser cannot, are for one page alone.
        assert (policy["more"] is not None) == (path == "/scan"), path
        camera = "camera=(self)" if path == "/scan" else "camera=()"
        assert camera in answer.headers["Permissions-Policy"], path
        assert answer.headers["Referrer-Policy"] in (
            "no-referrer",
            "strict-origin-when-cross-origin",
        ), path
        assert answer.headers["Cache-Control"], path
        assert answer.headers["X-Request-Id"], path


def test_a_nonce_is_used_once(app: Flask) -> None:
    client = app.test_client()
    policies = {client.get("/healthz").headers["Content-Security-Policy"] for _ in range(5)}
    assert len(policies) == 5


def test_https_is_pinned_only_where_there_is_https(app: Flask) -> None:
    assert "Strict-Transport-Security" not in app.test_client().get("/healthz").headers


class TestBehindTls:
    """An installation whose public address is HTTPS."""

    @pytest.fixture
    def app_settings(self, app_settings: Settings) -> Settings:
        return Settings(**(vars(app_settings) | {"public_url": "https://shop.example"}))

    def test_https_is_pinned(self, app: Flask) -> None:
        headers = app.test_client().get("/healthz").headers
        assert headers["Strict-Transport-Security"].startswith("max-age=63072000")

    def test_the_page_cookie_is_bound_to_the_host(self, app: Flask) -> None:
        assert app.config["SESSION_COOKIE_NAME"] == "__Host-page"
        assert app.config["SESSION_COOKIE_SECURE"]


def test_a_given_request_id_is_kept_and_a_strange_one_replaced(app: Flask) -> None:
    client = app.test_client()
    given = {"X-Request-Id": "a-till-s-request-1"}
    assert client.get("/healthz", headers=given).headers["X-Request-Id"] == given["X-Request-Id"]
    for strange in ("brief", "x" * 65, 'a"quote"in-it'):
        answer = client.get("/healthz", headers={"X-Request-Id": strange})
        assert answer.headers["X-Request-Id"].isalnum()
