"""What a device says who it is by changes by itself, and nothing that gets lost locks it out."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from core.clock import FixedClock
from core.keys import Key
from core.outbox import Tail
from core.transaction import Database
from retail.devices import queries, renewal
from retail.devices.rules import topic_of
from tests.builders.floor import epc_of, new_device
from tests.builders.rooms import Room, new_room
from tests.builders.staff_accounts import COOKIE, new_staff, sign_in_staff
from tests.builders.visitor import Visitor
from tests.conftest import KEY, both_databases

Visit = Callable[[], Visitor]
WEEK = 7 * 24 * 60
EMPTY = {"reads": []}


@pytest.fixture
def room(app: Flask) -> Room:
    return new_room(app)


def token_of(screen: Visitor) -> str:
    cookie = screen.client.get_cookie("device")
    assert cookie is not None
    return cookie.value


def holding(visit: Visit, token: str) -> Visitor:
    """Another browser that has this token: a copy, or the same without the last answer."""
    return visit().sign_in(token, cookie="device")


def is_let_in(screen: Visitor) -> bool:
    return "Show a code" not in screen.open("/room").text


@pytest.fixture
def renewed(room: Room, clock: FixedClock) -> tuple[str, str]:
    """The token of a screen after a week, and the one that it was handed for it."""
    first = token_of(room.screen)
    clock.advance(minutes=WEEK)
    room.shows()
    return first, token_of(room.screen)


def test_a_screen_is_handed_another_token_after_a_week(room: Room, clock: FixedClock) -> None:
    first = token_of(room.screen)
    clock.advance(minutes=WEEK - 1)
    room.shows()
    assert token_of(room.screen) == first
    clock.advance(minutes=1)
    room.shows()
    assert token_of(room.screen) != first
    assert is_let_in(room.screen)


def test_its_cookie_is_as_closed_as_the_first(room: Room, clock: FixedClock) -> None:
    clock.advance(minutes=WEEK)
    given = room.screen.client.get("/room").headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(given.split("; "))


def test_the_one_before_is_dead_once_its_successor_was_used_for_a_minute(
    room: Room, renewed: tuple[str, str], visit: Visit, clock: FixedClock
) -> None:
    copied = holding(visit, renewed[0])
    assert is_let_in(room.screen)
    assert is_let_in(copied), "what was sent by it before may still arrive"
    clock.advance(minutes=1)
    assert is_let_in(room.screen)
    assert not is_let_in(copied)
    assert is_let_in(room.screen)


def test_an_answer_that_was_lost_locks_nobody_out_and_brings_the_same_again(
    renewed: tuple[str, str], visit: Visit, clock: FixedClock
) -> None:
    without_it = holding(visit, renewed[0])
    clock.advance(minutes=WEEK)
    assert is_let_in(without_it)
    assert token_of(without_it) == renewed[1]


def test_what_is_asked_side_by_side_is_answered_with_one_token(
    renewed: tuple[str, str], visit: Visit, clock: FixedClock
) -> None:
    clock.advance(minutes=1)
    again = holding(visit, renewed[0])
    again.open("/room")
    assert token_of(again) == renewed[1]


def test_a_new_one_lasts_a_week_too(
    room: Room, renewed: tuple[str, str], clock: FixedClock
) -> None:
    for _ in range(3):
        clock.advance(minutes=2)
        room.shows()
    assert token_of(room.screen) == renewed[1]
    clock.advance(minutes=WEEK)
    room.shows()
    assert token_of(room.screen) not in renewed
    assert is_let_in(room.screen)


def test_what_was_open_by_the_one_before_ends(
    room: Room, renewed: tuple[str, str], db: Database, clock: FixedClock
) -> None:
    with db.write() as session:
        device = queries.find_device(session, renewed[1], key=KEY)
        tail = Tail(session, clock.now())
    assert device is not None
    clock.advance(minutes=1)
    room.shows()
    with db.read() as session:
        told = {topic for one in tail.read(session, clock.now()) for topic in one.topics}
    assert topic_of(device.id) in told


@both_databases
def test_a_request_that_was_under_way_does_not_bring_the_one_before_back(
    db: Database, room: Room, clock: FixedClock
) -> None:
    first, told = token_of(room.screen), {"now": clock.now(), "key": KEY}
    with db.write() as session:
        under_way = queries.find_device(session, first, key=KEY)
        assert under_way is not None
        coming = renewal.next_token(session, under_way, first, **told)
        assert coming is not None
        renewed = queries.find_device(session, coming, key=KEY)
        assert renewed is not None
        renewal.note_seen(session, renewed, coming, **told)
    with db.write() as session:
        renewal.note_seen(session, under_way, first, **told)
        assert renewal.next_token(session, under_way, first, **told) is None
    with db.read() as session:
        assert queries.find_device(session, first, key=KEY) is None
        assert queries.find_device(session, coming, key=KEY) is not None


def test_a_screen_whose_key_changed_in_between_is_handed_what_it_has(
    db: Database, renewed: tuple[str, str], clock: FixedClock
) -> None:
    newer = Key(b"n" * 48, [KEY])
    with db.write() as session:
        device = queries.find_device(session, renewed[0], key=newer)
        assert device is not None
        again = renewal.next_token(session, device, renewed[0], now=clock.now(), key=newer)
        assert again == renewed[1]
        assert queries.find_device(session, renewed[1], key=newer) is not None


def test_a_tablet_that_is_revoked_before_it_used_its_new_one_opens_nothing(
    app: Flask, db: Database, room: Room, visit: Visit, clock: FixedClock
) -> None:
    store = room.floor.store
    with db.write() as session:
        tablet = holding(visit, new_device(session, store, "tablet", zone="Counter"))
    clock.advance(minutes=WEEK)
    first = token_of(tablet)
    tablet.open("/tablet")
    assert token_of(tablet) != first
    with db.write() as session:
        boss = sign_in_staff(session, new_staff(session, store.brand_id))
    tablet.sign_in(boss, cookie=COOKIE)
    assert tablet.open("/staff").status == 200
    desk = visit().sign_in(boss, cookie=COOKIE).open("/staff/devices")
    for address in {part[:26] for part in desk.text.split("/staff/devices/")[1:]}:
        desk.send(f"/staff/devices/{address}/revoke")
    assert tablet.open("/staff").status == 401


def test_what_anybody_may_be_given_brings_no_token(room: Room, clock: FixedClock) -> None:
    first = token_of(room.screen)
    clock.advance(minutes=WEEK)
    with room.screen.client.get("/static/css/tokens.css") as style:
        assert style.status_code == 200
        assert "Set-Cookie" not in style.headers
    assert token_of(room.screen) == first


def test_a_browser_that_is_let_in_anew_keeps_what_it_was_just_given(
    room: Room, visit: Visit, db: Database, clock: FixedClock
) -> None:
    clock.advance(minutes=WEEK)
    with db.write() as session:
        boss = sign_in_staff(session, new_staff(session, room.floor.store.brand_id))
    room.touch("pair")
    code = room.screen.client.get_cookie("pairing")
    assert code is not None
    desk = visit().sign_in(boss, cookie=COOKIE).open("/staff/devices")
    desk.send("/staff/devices", code=code.value.rpartition(".")[2], zone="Fitting room 9")
    clock.advance(minutes=2)
    assert "Fitting room 9" in room.touch("paired").text


@pytest.mark.own_app
def test_an_installation_may_leave_tokens_as_they_are(room: Room, clock: FixedClock) -> None:
    first, config = token_of(room.screen), room.app.config
    config["SETTINGS"] = replace(config["SETTINGS"], device_token_days=0)
    clock.advance(minutes=52 * WEEK)
    room.shows()
    assert token_of(room.screen) == first


class TestReaders:
    """They bring their token themselves, so they are handed none unless they ask."""

    def renew(self, room: Room, token: str) -> tuple[int, str]:
        says = {"Authorization": f"Bearer {token}"}
        client = room.app.test_client(use_cookies=False)
        answer = client.post("/api/v1/devices/tokens/next", headers=says)
        return answer.status_code, answer.json.get("access_token", answer.json.get("code"))

    def test_a_reader_that_asks_for_none_keeps_its_own(self, room: Room, clock: FixedClock) -> None:
        clock.advance(minutes=WEEK)
        assert room.send(EMPTY).status_code == 200
        assert "Set-Cookie" not in room.send(EMPTY).headers
        clock.advance(minutes=WEEK)
        assert room.send(EMPTY).status_code == 200

    def test_one_that_asks_goes_on_with_either_until_it_used_the_new_one(
        self, room: Room, clock: FixedClock
    ) -> None:
        status, token = self.renew(room, room.reader)
        assert status == 200
        assert self.renew(room, room.reader) == (200, token), "asked again, as an answer gets lost"
        for each in (room.reader, token):
            assert room.send(EMPTY, token=each).status_code == 200
        clock.advance(minutes=1)
        assert room.send(EMPTY, token=token).status_code == 200
        assert room.send(EMPTY).status_code == 401
        clock.advance(minutes=1)
        assert room.send(EMPTY, token=token).status_code == 200

    def test_one_that_it_has_not_used_yet_brings_no_other(self, room: Room) -> None:
        _, token = self.renew(room, room.reader)
        assert self.renew(room, token)[0] == 409

    def test_what_it_reads_by_the_new_one_is_seen(self, room: Room, clock: FixedClock) -> None:
        _, token = self.renew(room, room.reader)
        for _ in range(3):
            clock.advance(minutes=1)
            room.send(EMPTY, token=token)
        epc = epc_of(room.floor.trench_10)
        room.send({"reads": [{"epc": epc, "rssi": -45}]}, token=token)
        assert "Harbour trench" in room.shows()

    @pytest.mark.parametrize("cookie", ["screen", "nobody"])
    def test_nobody_else_is_handed_one_this_way(self, room: Room, cookie: str) -> None:
        client = room.screen.client if cookie == "screen" else room.app.test_client()
        headers = {"Sec-Fetch-Site": "same-origin"}
        answer = client.post("/api/v1/devices/tokens/next", headers=headers)
        assert answer.status_code in (401, 403)
