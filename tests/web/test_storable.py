"""Text that a database cannot keep is refused at the door, on every route and both databases."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.transaction import database
from tests.builders.brands import new_brand
from tests.builders.staff import new_integrator_key
from tests.conftest import both_databases
from web.auth import settings

STORE = {"slug": "york", "name": "York", "zone": "Europe/London", "currency": "GBP"}


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    client = app.test_client()
    with app.app_context(), database().write() as session:
        brand = new_brand(session)
        _, text = new_integrator_key(session, brand.id, key=settings().key)
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {text}"
    return client


@both_databases
@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/api/v1/styles/a%00", {}, 404),
        ("PUT", "/api/v1/stores/%00", {"json": STORE}, 404),
        ("GET", "/b/%00", {}, 404),
        ("GET", "/api/v1/styles?after=%00", {}, 422),
        ("POST", "/api/v1/stores", {"json": STORE | {"locale": "a\0"}}, 422),
        ("POST", "/api/v1/stores", {"json": STORE | {"locale\0": "a"}}, 422),
        ("POST", "/api/v1/stores", {"json": [{"deep": ["\ud800"]}]}, 422),
        (
            "POST",
            "/api/v1/stores",
            {"data": "[" * 200_000, "content_type": "application/json"},
            422,
        ),
        ("POST", "/api/v1/catalogue/imports", {"data": {"styles": "\0"}}, 422),
    ],
)
def test_what_cannot_be_stored_is_refused(
    client: FlaskClient, method: str, path: str, body: dict[str, Any], status: int
) -> None:
    assert client.open(path, method=method, **body).status_code == status


def test_any_other_character_is_welcome(client: FlaskClient) -> None:
    name = "York Minster ½ 👗 \\u0000 ё"
    answer = client.post("/api/v1/stores", json=STORE | {"name": name, "locale": "en-GB"})
    assert answer.status_code == 201
    assert answer.get_json()["name"] == name
