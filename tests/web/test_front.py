"""Kept pages: quick, fresh, and for strangers only."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, request_started

from core.clock import FixedClock
from core.transaction import Database
from retail.outfits import service as outfits
from retail.social import service as social
from tests.builders.accounts import new_member, sign_in
from tests.builders.brands import new_brand, new_store
from tests.builders.outfits import new_outfit, new_stylist
from tests.conftest import NOON, both_databases
from web.pages.shopper import outfit as outfit_page


@pytest.fixture
def look(app: Flask, db: Database) -> tuple[str, str]:
    """The address of a public look, and its brand."""
    with db.write() as session:
        brand = new_brand(session)
        outfit_id = new_outfit(session, new_store(session, brand=brand))
    return f"/o/{outfit_id}", brand.id


@pytest.fixture
def renderings(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows whenever a page is put together instead of given from what is kept."""
    calls: list[str] = []

    def count(name: str) -> None:
        render = getattr(outfit_page, name)

        def counting(*args: Any, **kwargs: Any) -> Any:
            rendered = render(*args, **kwargs)
            calls.append(name)
            return rendered

        monkeypatch.setattr(outfit_page, name, counting)

    count("look_for_strangers")
    count("look_for_member")
    return calls


@pytest.fixture
def asked(app: Flask) -> Iterator[list[str]]:
    """Grows whenever Flask is asked."""
    calls: list[str] = []

    def note(*_: object, **__: object) -> None:
        calls.append("asked")

    with request_started.connected_to(note, app):
        yield calls


@both_databases
def test_the_second_stranger_gets_the_kept_page_with_a_nonce_of_its_own(
    app: Flask, look: tuple[str, str], renderings: list[str]
) -> None:
    first, second = (app.test_client().get(look[0]) for _ in range(2))
    assert len(renderings) == 1
    nonces = []
    for answer in (first, second):
        (nonce,) = re.findall(r"'nonce-([\w-]+)'", answer.headers["Content-Security-Policy"])
        used = set(re.findall(r'nonce="([^"]*)"', answer.get_data(as_text=True)))
        assert used <= {nonce}
        nonces.append(nonce)
    assert nonces[0] != nonces[1]
    assert first.headers["X-Request-Id"] != second.headers["X-Request-Id"]
    assert {n for n, _ in first.headers} == {n for n, _ in second.headers}


@both_databases
def test_a_like_shows_at_once(app: Flask, db: Database, look: tuple[str, str]) -> None:
    before = app.test_client().get(look[0]).get_data(as_text=True)
    with db.write() as session:
        fan = new_member(session, look[1])
        social.like(session, look[0][3:], member=fan, now=NOON)
    after = app.test_client().get(look[0]).get_data(as_text=True)
    strip = re.compile(r'nonce="[^"]*"')
    assert strip.sub("", before) != strip.sub("", after)


@both_databases
def test_a_look_put_away_is_gone_at_once(app: Flask, db: Database) -> None:
    with db.write() as session:
        store = new_store(session)
        stylist = new_stylist(session, store.brand_id)
        outfit_id = new_outfit(session, store, member=stylist)
    assert app.test_client().get(f"/o/{outfit_id}").status_code == 200
    with db.write() as session:
        outfits.put_away(session, outfit_id, member_id=stylist.id, now=NOON)
    assert app.test_client().get(f"/o/{outfit_id}").status_code == 404


def test_a_page_is_kept_for_its_time_only(
    app: Flask, look: tuple[str, str], clock: FixedClock, renderings: list[str]
) -> None:
    for seconds in (0, 14, 1):
        clock.advance(seconds=seconds)
        app.test_client().get(look[0])
    assert len(renderings) == 2


@both_databases
def test_a_look_like_another_is_made_without_flask_and_just_as_flask_makes_it(
    app: Flask, db: Database, asked: list[str]
) -> None:
    with db.write() as session:
        store = new_store(session, brand=new_brand(session))
        first, second = (f"/o/{new_outfit(session, store)}" for _ in range(2))
    app.test_client().get(first)
    before = len(asked)
    made = app.test_client().get(second)
    assert len(asked) == before
    with_a_cookie = app.test_client()
    with_a_cookie.set_cookie("any", "thing")
    by_flask = with_a_cookie.get(second)
    assert len(asked) == before + 1
    strip = re.compile(r'nonce="[^"]*"')
    assert strip.sub("", made.text) == strip.sub("", by_flask.text)
    # Only Flask looked at a cookie.
    assert {n for n, _ in made.headers} == {n for n, _ in by_flask.headers} - {"Vary"}
    assert len({n for n, _ in made.headers}) == len(made.headers)
    fixed = ("Content-Type", "Referrer-Policy", "Cache-Control", "Permissions-Policy")
    assert [made.headers[n] for n in fixed] == [by_flask.headers[n] for n in fixed]


@pytest.mark.parametrize("address", ["/o/", "/o/nothing", "/o/nothing/more", "/o/%00"])
def test_what_the_front_cannot_make_is_left_to_flask(
    app: Flask, look: tuple[str, str], asked: list[str], address: str
) -> None:
    app.test_client().get(look[0])
    before = len(asked)
    assert app.test_client().get(address).status_code == 404
    assert len(asked) == before + 1


def test_who_is_somebody_is_never_answered_from_kept_pages(
    app: Flask, db: Database, look: tuple[str, str], renderings: list[str]
) -> None:
    with db.write() as session:
        token = sign_in(session, new_member(session, look[1]))
    app.test_client().get(look[0])
    member = app.test_client()
    member.set_cookie("member", token)
    mine = member.get(look[0]).get_data(as_text=True)
    stranger = app.test_client().get(look[0]).get_data(as_text=True)
    assert len(renderings) == 2
    assert "csrf_token" in mine
    assert "csrf_token" not in stranger


def test_kept_answers_are_logged_and_counted(
    app: Flask, look: tuple[str, str], logs: Callable[[], str]
) -> None:
    client = app.test_client()
    client.get(look[0])
    client.get(look[0], headers={"X-Request-Id": "a-given-request-id"})
    lines = [line for line in logs().splitlines() if "outfit.show" in line]
    assert len(lines) == 2
    assert '"request_id": "a-given-request-id"' in lines[1]
    assert look[0][3:] not in logs()
