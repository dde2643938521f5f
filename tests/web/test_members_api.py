"""Signing in and one's own data, as an API."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from core.clock import FixedClock
from core.outbox import Job
from core.replay import Replay
from core.transaction import Database
from retail.accounts import rules
from retail.brands.queries import BrandView
from tests.builders.accounts import new_member, sign_in
from tests.builders.brands import new_brand
from tests.builders.visitor import Visitor
from tests.conftest import KEY, both_databases

EMAIL = "nina@shopper.example"
Visit = Callable[[], Visitor]


@pytest.fixture
def brand(db: Database) -> BrandView:
    with db.write() as session:
        return new_brand(session, slug="alder")


@pytest.fixture
def app_client(visit: Visit) -> Visitor:
    return visit()


def newest_code(db: Database) -> str:
    with db.read() as session:
        payloads = session.scalars(select(Job.payload).order_by(Job.id))
        return rules.sign_in_code(KEY, list(payloads)[-1]["code_id"])


def ask(client: Visitor, **headers: str) -> int:
    wish = {"brand": "alder", "email": EMAIL}
    return client.client.post("/api/v1/sign-in-codes", json=wish, headers=headers).status_code


def bearer(db: Database, brand: BrandView, **overrides: object) -> dict[str, str]:
    with db.write() as session:
        token = sign_in(session, new_member(session, brand.id, **overrides))
    return {"Authorization": f"Bearer {token}"}


@both_databases
def test_a_mailed_code_becomes_a_session(
    app_client: Visitor, db: Database, brand: BrandView
) -> None:
    assert ask(app_client) == 202
    proof = {"brand": "alder", "email": EMAIL, "code": newest_code(db)}
    answer = app_client.client.post("/api/v1/sessions", json=proof)
    assert answer.status_code == 201
    assert answer.json["is_new"] is True
    headers = {"Authorization": f"Bearer {answer.json['token']}"}
    mine = app_client.client.get("/api/v1/me", headers=headers).json
    assert (mine["id"], mine["email"]) == (answer.json["member_id"], EMAIL)
    again = app_client.client.post("/api/v1/sessions", json=proof)
    assert (again.status_code, again.json["type"]) == (
        422,
        "urn:swingtag:problem:sign_in_code_refused",
    )
    assert app_client.client.delete("/api/v1/me/session", headers=headers).status_code == 204
    assert app_client.client.get("/api/v1/me", headers=headers).status_code == 401


def test_wrong_codes_are_counted_although_refused(
    app_client: Visitor, db: Database, brand: BrandView
) -> None:
    ask(app_client)
    code = newest_code(db)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for number, typed in enumerate([wrong] * 5 + [code]):
        proof = {"brand": "alder", "email": EMAIL, "code": typed}
        headers = {"Idempotency-Key": f"try-{number}"} if number % 2 else {}
        answer = app_client.client.post("/api/v1/sessions", json=proof, headers=headers)
        assert answer.status_code == 422
        assert answer.content_type == "application/problem+json"


def test_no_answer_with_a_token_is_kept(
    app_client: Visitor, db: Database, brand: BrandView
) -> None:
    ask(app_client)
    proof = {"brand": "alder", "email": EMAIL, "code": newest_code(db)}
    answer = app_client.client.post(
        "/api/v1/sessions", json=proof, headers={"Idempotency-Key": "once"}
    )
    assert answer.status_code == 201
    with db.read() as session:
        assert answer.json["token"] not in str(session.scalars(select(Replay.body)).all())


def test_a_request_repeated_under_its_key_mails_once(
    app_client: Visitor, db: Database, brand: BrandView
) -> None:
    for _ in range(3):
        assert ask(app_client, **{"Idempotency-Key": "once"}) == 202
    with db.read() as session:
        assert len(session.scalars(select(Job.id)).all()) == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "email"),
        ({"brand": "alder", "email": 7}, "email"),
        ({"brand": "alder", "email": "nobody"}, "email"),
        ({"brand": "alder", "email": EMAIL, "more": 1}, "more"),
    ],
)
def test_bad_input_is_named(
    app_client: Visitor, brand: BrandView, body: dict[str, object], field: str
) -> None:
    answer = app_client.client.post("/api/v1/sign-in-codes", json=body)
    assert answer.status_code == 422
    assert field in answer.json["fields"]


def test_an_unknown_brand_is_not_found(app_client: Visitor) -> None:
    wish = {"brand": "nowhere", "email": EMAIL}
    assert app_client.client.post("/api/v1/sign-in-codes", json=wish).status_code == 404


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("GET", "/api/v1/me"),
        ("PATCH", "/api/v1/me"),
        ("DELETE", "/api/v1/me/session"),
        ("GET", "/api/v1/me/consents"),
        ("PUT", "/api/v1/me/consents/league"),
        ("DELETE", "/api/v1/me/consents/league"),
    ],
)
def test_strangers_and_tills_are_asked_to_sign_in(
    app_client: Visitor, brand: BrandView, method: str, address: str
) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer st_1_2"}):
        answer = app_client.client.open(address, method=method, headers=headers, json={})
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_profile_is_changed_in_part(app_client: Visitor, db: Database, brand: BrandView) -> None:
    headers = bearer(db, brand, sizes={"tops": "12"})
    change = {"display_name": "Nina Obi", "birth_on": "1990-05-01"}
    mine = app_client.client.patch("/api/v1/me", json=change, headers=headers).json
    assert (mine["public_name"], mine["is_adult"]) == ("Nina O.", True)
    assert mine["sizes"] == {"tops": "12"}
    assert mine["birth_on"] == "1990-05-01"
    later = app_client.client.patch("/api/v1/me", json={"birth_on": "2000-01-01"}, headers=headers)
    assert (later.status_code, "birth_on" in later.json["fields"]) == (409, True)


@both_databases
def test_consents_are_given_and_taken_back(
    app_client: Visitor, db: Database, brand: BrandView, clock: FixedClock
) -> None:
    adult = bearer(db, brand, birth_on=clock.now().date().replace(year=1990))
    league = "/api/v1/me/consents/league"
    for method, is_given in (("PUT", True), ("PUT", True), ("DELETE", False), ("DELETE", False)):
        answer = app_client.client.open(league, method=method, headers=adult)
        assert answer.status_code == 200
        answers = {one["purpose"]: one["is_given"] for one in answer.json}
        assert [name for name, given in answers.items() if given] == ["league"] * is_given
    listed = app_client.client.get("/api/v1/me/consents", headers=adult).json
    assert {one["given_at"] for one in listed} == {None}


def test_minors_and_the_unknown_cannot_agree_to_be_public(
    app_client: Visitor, db: Database, brand: BrandView, clock: FixedClock
) -> None:
    minor = bearer(db, brand, birth_on=clock.now().date().replace(year=2012))
    ageless = bearer(db, brand)
    for purpose in ("league", "public_outfits"):
        address = f"/api/v1/me/consents/{purpose}"
        assert app_client.client.put(address, headers=minor).status_code == 403
        assert app_client.client.put(address, headers=ageless).status_code == 422
    nothing = app_client.client.put("/api/v1/me/consents/everything", headers=minor)
    assert nothing.status_code == 404
