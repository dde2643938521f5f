"""Kept pages: quick, fresh, and for strangers only."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from core.clock import FixedClock
from core.transaction import Database
from retail.outfits import service as outfits
from retail.social import service as social
from tests.builders.accounts import new_member, sign_in
from tests.builders.brands import new_brand, new_store
from tests.builders.outfits import new_outfit, new_stylist
from tests.conftest import NOON, both_databases


@pytest.fixture
def look(app: Flask, db: Database) -> tuple[str, str]:
    """The address of a public look, and its brand."""
    with db.write() as session:
        brand = new_brand(session)
        outfit_id = new_outfit(session, new_store(session, brand=brand))
    return f"/o/{outfit_id}", brand.id


def renderings(app: Flask) -> list[str]:
    """Grows whenever Flask answers instead of the kept pages."""
    calls: list[str] = []
    app.before_request_funcs[None].append(lambda: calls.append("asked"))
    return calls


@both_databases
def test_the_second_stranger_gets_the_kept_page_with_a_nonce_of_its_own(
    app: Flask, look: tuple[str, str]
) -> None:
    calls = renderings(app)
    first, second = (app.test_client().get(look[0]) for _ in range(2))
    assert len(calls) == 1
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
    app: Flask, look: tuple[str, str], clock: FixedClock
) -> None:
    calls = renderings(app)
    for seconds in (0, 14, 1):
        clock.advance(seconds=seconds)
        app.test_client().get(look[0])
    assert len(calls) == 2


def test_who_is_somebody_is_never_answered_from_kept_pages(
    app: Flask, db: Database, look: tuple[str, str]
) -> None:
    with db.write() as session:
        token = sign_in(session, new_member(session, look[1]))
    calls = renderings(app)
    app.test_client().get(look[0])
    member = app.test_client()
    member.set_cookie("member", token)
    mine = member.get(look[0]).get_data(as_text=True)
    stranger = app.test_client().get(look[0]).get_data(as_text=True)
    assert len(calls) == 2
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
