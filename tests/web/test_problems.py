"""Bad input gets a problem document that says what is wrong, and changes nothing."""

import json
import re
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app import MAX_BODY_BYTES
from core.transaction import Database
from tests.builders.brands import new_brand
from web.openapi import PREFIX

ASKING = f"{PREFIX}/sign-in-codes"
JSON = {"Content-Type": "application/json"}


def problem(answer: TestResponse, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.content_type == "application/problem+json"
    document: dict[str, Any] = json.loads(answer.data)
    assert document["status"] == status
    assert re.fullmatch(r"urn:swingtag:problem:[a-z_]+", document["type"])
    assert document["title"]
    assert document["detail"]
    assert document["instance"] == f"urn:swingtag:request:{answer.headers['X-Request-Id']}"
    return document


@pytest.mark.parametrize("body", ["{", "", "nonsense", '{"brand": }', "\x00"])
def test_malformed_json_is_refused(app: Flask, body: str) -> None:
    problem(app.test_client().post(ASKING, data=body, headers=JSON), 400 if body else 422)


def test_bytes_that_are_no_text_are_refused(app: Flask) -> None:
    problem(app.test_client().post(ASKING, data=b"\xff\xfe{", headers=JSON), 400)


@pytest.mark.parametrize("body", ["[]", "7", '"brand"', "null", "[[[]]]"])
def test_json_of_another_shape_is_refused(app: Flask, body: str) -> None:
    problem(app.test_client().post(ASKING, data=body, headers=JSON), 422)


@pytest.mark.parametrize("value", [None, 7, [], {}, True])
def test_a_wrong_type_is_named_by_its_field(app: Flask, value: object) -> None:
    answer = app.test_client().post(ASKING, json={"brand": value, "email": "n@shop.example"})
    assert list(problem(answer, 422)["fields"]) == ["brand"]


def test_an_unknown_field_is_named(app: Flask) -> None:
    body = {"brand": "b", "email": "n@shop.example", "colour": "red"}
    assert list(problem(app.test_client().post(ASKING, json=body), 422)["fields"]) == ["colour"]


def test_a_body_that_is_too_large_is_refused_unread(app: Flask) -> None:
    answer = app.test_client().post(ASKING, data=b" " * (MAX_BODY_BYTES + 1), headers=JSON)
    assert problem(answer, 413)["type"].endswith("body_too_large")


def test_json_needs_its_content_type(app: Flask) -> None:
    body = json.dumps({"brand": "b", "email": "n@shop.example"})
    problem(app.test_client().post(ASKING, data=body, content_type="text/plain"), 422)


def test_an_unknown_route_and_a_wrong_method(app: Flask) -> None:
    client = app.test_client()
    problem(client.get(f"{PREFIX}/nowhere"), 404)
    refused = client.delete(ASKING)
    problem(refused, 405)
    assert "POST" in refused.headers["Allow"]


def test_an_unexpected_error_says_nothing_of_itself(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(**_: object) -> None:
        raise ZeroDivisionError("a secret")

    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setitem(app.view_functions, "sign_in.request_code", break_down)
    answer = app.test_client().post(ASKING, json={})
    assert problem(answer, 500)["type"].endswith("internal_error")
    assert b"secret" not in answer.data


@pytest.mark.parametrize("path", ["/me/profile", "/staff/lock"])
def test_a_form_of_before_is_refused_in_plain_words(app: Flask, path: str) -> None:
    answer = app.test_client().post(path, data={"csrf_token": "of another session"})
    assert answer.status_code == 400
    assert "Open it again, then send it." in answer.text
    assert "CSRF" not in answer.text


@pytest.mark.parametrize(
    ("path", "door"), [("/me/profile", "/join"), ("/staff/lock", "/staff/sign-in")]
)
def test_who_was_signed_out_meanwhile_is_led_to_the_door(
    app: Flask, monkeypatch: pytest.MonkeyPatch, path: str, door: str
) -> None:
    # Whose form was good and whose session is not: what a second tab leaves behind.
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    answer = app.test_client().post(path, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 401
    assert f'href="{door}"' in answer.text


def test_pages_answer_with_a_page(app: Flask) -> None:
    answer = app.test_client().get("/nowhere")
    assert answer.status_code == 404
    assert answer.content_type == "text/html; charset=utf-8"


@pytest.mark.parametrize("key", ["", "x" * 121, "café"])
def test_a_malformed_idempotency_key_is_refused(app: Flask, db: Database, key: str) -> None:
    with db.write() as session:
        brand = new_brand(session)
    body = {"brand": brand.slug, "email": "n@shop.example"}
    answer = app.test_client().post(ASKING, json=body, headers={"Idempotency-Key": key})
    assert problem(answer, 422)["type"].endswith("idempotency_key_malformed")


def test_the_same_key_answers_the_same_and_another_body_is_refused(
    app: Flask, db: Database
) -> None:
    with db.write() as session:
        brand = new_brand(session)
    client, headers = app.test_client(), {"Idempotency-Key": "k-1"}
    body = {"brand": brand.slug, "email": "n@shop.example"}
    first = client.post(ASKING, json=body, headers=headers)
    again = client.post(ASKING, json=dict(reversed(body.items())), headers=headers)
    assert (first.status_code, first.json) == (again.status_code, again.json)
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    other = client.post(ASKING, json=body | {"email": "m@shop.example"}, headers=headers)
    assert problem(other, 422)["type"].endswith("idempotency_key_reused")


def unsafe_operations(app: Flask) -> list[tuple[str, str]]:
    return [
        (method, re.sub(r"<[^>]*>", "7", rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(PREFIX)
        for method in sorted((rule.methods or set()) - {"GET", "HEAD", "OPTIONS"})
    ]


def test_every_operation_refuses_nonsense_in_the_same_form(app: Flask) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    client = app.test_client()
    for method, path in unsafe_operations(app):
        answer = client.open(path, method=method, data="{", headers=JSON)
        assert answer.status_code in (400, 401, 403, 404, 422), (method, path)
        problem(answer, answer.status_code)
