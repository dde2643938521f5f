"""The inbox as an API: page by page, in words, and read up to what was shown."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.clock import FixedClock
from core.transaction import Database
from retail.accounts.queries import MemberView
from retail.consent.rules import PRIZES_NEWS
from tests.builders.accounts import new_member, sign_in
from tests.builders.brands import new_brand
from tests.builders.notes import hears_of, new_win, tell

ADDRESS = "/api/v1/me/notes"


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def nina(db: Database) -> MemberView:
    with db.write() as session:
        return new_member(session, new_brand(session).id)


@pytest.fixture
def phone(db: Database, nina: MemberView, client: FlaskClient) -> dict[str, dict[str, str]]:
    with db.write() as session:
        return {"headers": {"Authorization": f"Bearer {sign_in(session, nina)}"}}


Phone = dict[str, dict[str, str]]


def win(db: Database, member: MemberView) -> str:
    with db.write() as session:
        won = new_win(session, member)
        tell(session, member, PRIZES_NEWS, won)
        return won


def test_a_note_is_told_in_words(
    db: Database, nina: MemberView, phone: Phone, client: FlaskClient
) -> None:
    win(db, nina)
    answer = client.get(ADDRESS, **phone).get_json()
    (note,) = answer["notes"]
    assert note.pop("id")
    assert note == {
        "purpose": "prizes_news",
        "at": "2026-11-22T12:00:00Z",
        "is_unread": True,
        "title": "You’ve won a voucher",
        "text": "It waits with your prizes, and says there until when.",
        "action": "See your prizes",
        "address": "/me/prizes",
    }
    assert (answer["unread"], answer["next_after"]) == (1, None)


@pytest.mark.parametrize("minutes", [0, 1])
def test_pages_hold_everything_once_also_what_happened_at_one_instant(
    db: Database,
    nina: MemberView,
    phone: Phone,
    client: FlaskClient,
    clock: FixedClock,
    minutes: int,
) -> None:
    for _ in range(5):
        win(db, nina)
        clock.advance(minutes=minutes)
    seen, after = [], ""
    for _ in range(3):
        page = client.get(f"{ADDRESS}?limit=2{after}", **phone).get_json()
        seen += [(note["at"], note["id"]) for note in page["notes"]]
        after = f"&after={page['next_after']}"
    assert page["next_after"] is None
    assert len(set(seen)) == 5
    assert seen == sorted(seen, reverse=True)


def test_what_has_nothing_left_to_say_is_left_out_and_hides_no_page(
    db: Database, nina: MemberView, phone: Phone, client: FlaskClient, clock: FixedClock
) -> None:
    win(db, nina)
    clock.advance(minutes=1)
    with db.write() as session:
        tell(session, nina, PRIZES_NEWS, "0" * 26)
    page = client.get(f"{ADDRESS}?limit=1", **phone).get_json()
    assert (page["notes"], page["unread"]) == ([], 1)
    page = client.get(f"{ADDRESS}?limit=1&after={page['next_after']}", **phone).get_json()
    assert len(page["notes"]) == 1


def test_read_is_what_was_shown(
    db: Database, nina: MemberView, phone: Phone, client: FlaskClient, clock: FixedClock
) -> None:
    win(db, nina)
    shown = client.get(ADDRESS, **phone).get_json()["notes"][0]["at"]
    clock.advance(minutes=1)
    win(db, nina)
    read = f"{ADDRESS}/read"
    assert client.post(read, json={"until": shown}, **phone).status_code == 204
    assert client.get(ADDRESS, **phone).get_json()["unread"] == 1
    assert client.post(read, json={}, **phone).status_code == 204
    assert client.get(ADDRESS, **phone).get_json()["unread"] == 0
    for wrong in ("0001-01-01T00:00:00+14:00", "yesterday", "2026-11-22T12:00:00"):
        assert client.post(read, json={"until": wrong}, **phone).status_code == 422


def test_an_inbox_is_its_owner_s_and_holds_what_is_read_in_the_app(
    db: Database, nina: MemberView, phone: Phone, client: FlaskClient
) -> None:
    win(db, nina)
    assert client.get(ADDRESS).status_code == 401
    assert client.get(f"{ADDRESS}?after=nonsense", **phone).status_code == 422
    with db.write() as session:
        hears_of(session, nina, PRIZES_NEWS, channels=("email",))
    answer = client.get(ADDRESS, **phone).get_json()
    assert (answer["notes"], answer["unread"]) == ([], 0)
