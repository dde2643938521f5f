"""Polls on the phone and as an API: asked, voted in, moved, closed, and gone with a look."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask

from core import clock
from core.transaction import database
from retail.accounts.queries import MemberView
from retail.journeys.members.block import block
from tests.builders.accounts import new_member, sign_in
from tests.builders.brands import new_store
from tests.builders.friends import befriend
from tests.builders.outfits import new_outfit, new_stylist
from tests.builders.polls import new_poll, votes_of
from tests.builders.visitor import Visitor
from tests.web.pages.conftest import settings_key


@dataclass(frozen=True)
class Asking:
    """Nina with two looks for friends; Tom, her friend; and anybody else."""

    brand_id: str
    looks: tuple[str, str]
    nina: Visitor
    tom: Visitor
    stranger: Callable[[], Visitor]
    asker: MemberView


@pytest.fixture
def asking(app: Flask, visit: Callable[[], Visitor]) -> Asking:
    with app.app_context(), database().write() as session:
        store = new_store(session)
        nina = new_stylist(session, store.brand_id, display_name="Nina Okafor")
        tom = new_member(session, store.brand_id, display_name="Tom Weller")
        befriend(session, nina, tom)
        looks = tuple(new_outfit(session, store, member=nina, audience="friends") for _ in range(2))
        phones = [
            visit().sign_in(sign_in(session, who, key=settings_key(app))) for who in (nina, tom)
        ]
    return Asking(store.brand_id, looks, *phones, visit, nina)  # type: ignore[arg-type]


def ask(asking: Asking, **wish: object) -> str:
    """Fill in the page and send it; gives the poll's address."""
    nina = asking.nina.open("/me/polls/new")
    given = {"looks": list(asking.looks), "audience": "friends", "closing": "day"} | wish
    return nina.send("/me/polls/new", **given).path  # type: ignore[arg-type]


def test_from_the_question_to_the_result(asking: Asking) -> None:
    poll = ask(asking, question="Friday night?")
    assert re.fullmatch(r"/polls/[0-9A-Z]{26}", poll)
    assert "Friday night?" in asking.nina.text
    tom = asking.tom.open("/me/friends/looks")
    assert poll in tom.text
    tom.open(poll)
    assert "The result opens once you’ve voted." in tom.text
    tom.send(f"{poll}/vote", choice="second")
    assert (tom.path, tom.status) == (poll, 200)
    assert "Your vote" in tom.text
    assert "1 vote" in tom.text
    asking.nina.open(poll).send(f"{poll}/close")
    assert "The result" in asking.nina.text
    assert tom.open(f"{poll}/vote").path == poll
    assert "Closed on" in tom.text
    assert f'{poll}/vote"><input' not in tom.text


def test_a_stranger_is_led_through_the_door_to_a_poll_for_everyone(
    app: Flask, asking: Asking
) -> None:
    with app.app_context(), database().write() as session:
        store = new_store(session)
        poll = new_poll(session, store, new_stylist(session, store.brand_id))
        votes_of(session, poll, store.brand_id, ["first", "first", "second"])
    page = asking.stranger().open(f"/polls/{poll}")
    assert f"?next=/polls/{poll}" in page.text
    assert "Join or sign in to vote" in page.text
    assert 'class="tapes"' not in page.text


def test_who_is_blocked_is_offered_what_a_stranger_is(app: Flask, asking: Asking) -> None:
    with app.app_context(), database().write() as session:
        store = new_store(session)
        asker, shut_out = (new_stylist(session, store.brand_id) for _ in range(2))
        poll = f"/polls/{new_poll(session, store, asker)}"
        phone = asking.stranger().sign_in(sign_in(session, shut_out, key=settings_key(app)))
    assert 'name="choice"' in phone.open(poll).text
    with app.app_context(), database().write() as session:
        block(session, shut_out.id, member=asker, now=clock.now())
    page = phone.open(poll)
    assert (page.status, "Join or sign in to vote" in page.text) == (200, True)
    assert 'name="choice"' not in page.text


def test_a_poll_for_friends_is_not_there_for_strangers(asking: Asking) -> None:
    poll = ask(asking)
    for address in (poll, f"/fragments{poll}/open", f"/api/v1{poll}"):
        assert asking.stranger().open(address).status == 404
        assert asking.tom.open(address).status == 200


def test_an_open_page_learns_that_its_poll_closed(asking: Asking) -> None:
    poll = ask(asking)
    assert f'data-live-fragment="/fragments{poll}/open"' in asking.tom.open(poll).text
    asking.nina.open(poll).send(f"{poll}/close")
    assert asking.tom.open(f"/fragments{poll}/open").status == 205
    assert asking.tom.open(f"/fragments{poll}/closed").status == 200


def test_what_is_refused_stands_beside_what_was_typed(asking: Asking) -> None:
    nina = asking.nina.open("/me/polls/new")
    nina.send("/me/polls/new", looks=asking.looks[0], audience="friends", question="Boots?")
    assert nina.status == 422
    assert "Choose two looks." in nina.text
    assert 'value="Boots?"' in nina.text
    nina.send("/me/polls/new", looks=list(asking.looks), audience="everyone")  # type: ignore[arg-type]
    assert (nina.status, "Show both looks to everyone first." in nina.text) == (422, True)


def test_a_late_vote_is_answered_by_the_result(asking: Asking) -> None:
    poll = ask(asking)
    tom = asking.tom.open(poll)
    asking.nina.open(poll).send(f"{poll}/close")
    tom.send(f"{poll}/vote", choice="first")
    assert (tom.status, "This poll has closed." in tom.text) == (409, True)


def test_deleting_a_poll_takes_it_off_every_page(asking: Asking) -> None:
    poll = ask(asking)
    asking.nina.open(poll).send(f"{poll}/delete")
    assert "Deleted, with every vote in it." in asking.nina.text
    assert asking.tom.open(poll).status == 404
    assert poll not in asking.tom.open("/me/polls").text


def test_a_poll_without_its_look_can_still_be_deleted(asking: Asking) -> None:
    poll = ask(asking)
    asking.nina.open(f"/me/outfits/{asking.looks[0]}/shared")
    asking.nina.send(f"/me/outfits/{asking.looks[0]}/away")
    assert asking.tom.open(poll).status == 404
    page = asking.nina.open("/me/polls")
    assert "Nobody sees this one" in page.text
    page.send(f"{poll}/delete")
    assert "Can’t decide?" in page.text


def test_the_same_through_the_api(asking: Asking) -> None:
    wish = {"looks": list(asking.looks), "audience": "friends", "question": "Which?"}
    once = {"Idempotency-Key": "one-poll", "Sec-Fetch-Site": "same-origin"}
    made = [asking.nina.client.post("/api/v1/me/polls", json=wish, headers=once) for _ in range(2)]
    assert [answer.status_code for answer in made] == [201, 201]
    poll = made[0].get_json()["id"]
    assert made[1].get_json()["id"] == poll
    address = f"/api/v1/polls/{poll}"
    (found,) = asking.tom.api("GET", "/api/v1/me/friends/polls").get_json()
    assert (found["id"], found["tally"]) == (poll, None)
    voted = asking.tom.api("PUT", f"{address}/vote", json={"choice": "first"}).get_json()
    assert (voted["my_choice"], voted["tally"]) == (
        "first",
        {"votes": 1, "first": None, "second": None},
    )
    assert "member_id" not in {*voted, *voted["tally"]}
    back = asking.tom.api("DELETE", f"{address}/vote").get_json()
    assert (back["my_choice"], back["tally"]) == (None, None)
    (mine,) = asking.nina.api("GET", "/api/v1/me/polls").get_json()
    assert (mine["is_own"], mine["tally"]["votes"]) == (True, 0)
    own = asking.nina.api("PUT", f"{address}/vote", json={"choice": "first"})
    assert (own.status_code, own.get_json()["type"].endswith("own_poll")) == (422, True)
    assert asking.nina.api("POST", f"/api/v1/me/polls/{poll}/closing").status_code == 204
    late = asking.tom.api("PUT", f"{address}/vote", json={"choice": "first"})
    assert (late.status_code, late.content_type) == (409, "application/problem+json")
    assert asking.nina.api("DELETE", f"/api/v1/me/polls/{poll}").status_code == 204
    assert asking.tom.api("GET", address).status_code == 404
