"""Friends asked from a fitting room: chosen on the phone, live on its screen, then gone."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image
from werkzeug.test import TestResponse

from core.clock import FixedClock
from core.outbox import Tail
from core.transaction import Database, database
from jobs.schedule import new_worker
from retail.accounts.queries import MemberView
from tests.builders.accounts import new_member
from tests.builders.floor import epc_of
from tests.builders.friends import befriend
from tests.builders.rooms import Room, new_room
from tests.builders.visitor import Visitor


@pytest.fixture
def room(app: Flask) -> Room:
    return new_room(app)


def people(room: Room, *names: str) -> list[MemberView]:
    """Sarah and her friends."""
    with room.app.app_context(), database().write() as session:
        made = [
            new_member(session, room.floor.store.brand_id, display_name=name)
            for name in ("Sarah Lewis", *names)
        ]
        befriend(session, made[0], *made[1:])
    return made


def linked(room: Room, member: MemberView) -> Visitor:
    room.read(epc_of(room.floor.trench_10), epc_of(room.floor.navy_12))
    phone = room.phone_of(member)
    phone.open(f"/me/room?code={room.code()}").send("/me/room/link")
    return phone


def posted(phone: Visitor, address: str, **values: object) -> TestResponse:
    """A form as a browser sends it; files are pairs of bytes and a name."""
    token = phone.open("/me/opinions/new").form(address)["csrf_token"]
    data = {"csrf_token": token, **values}
    return phone.api("POST", address, data=data, content_type="multipart/form-data")


def jpeg(*, width: int = 40, height: int = 30) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (width, height), "#AA3355").save(buffer, "JPEG")
    return buffer.getvalue()


def test_friends_vote_on_pieces_and_the_rooms_screen_says_so_until_it_is_wiped(room: Room) -> None:
    sarah, priya, tom, stranger = people(room, "Priya Nair", "Tom Webb") + people(room)
    phone, trench = linked(room, sarah), room.floor.trench_10
    form = phone.open("/me/opinions/new").text
    assert "Priya N." in form
    assert trench.id in form
    pieces = [trench.id, room.floor.navy_12.id]
    asked = {"pieces": pieces, "friends": [priya.id, tom.id], "words": "For the wedding?"}
    address = posted(phone, "/me/opinions/new", **asked).location
    assert "Nobody has answered yet." in phone.open(address).text
    assert "Your friends are asked." in room.shows()
    hers = room.phone_of(priya)
    assert "For the wedding?" in hers.open("/me/opinions").text
    assert "Sarah asks what you think" in hers.open(address).text
    hers.send(f"{address}/answer", choice=trench.id, reply="The camel.", on_screen="yes")
    room.phone_of(tom).open(address).send(f"{address}/answer", choice=pieces[1])
    seen = phone.open(address).text
    assert "The camel." in seen
    assert "Tom W." in seen
    shown = room.shows()
    assert "The camel." in shown
    assert "Priya" in shown
    assert "Tom" not in shown, "who did not agree is no name there, and no number of one"
    assert "Priya N." not in shown
    assert "The camel." not in room.phone_of(tom).open(address).text, "others’ answers are hers"
    assert room.phone_of(stranger).open(address).status == 404
    hers.open(address)
    room.touch("end")
    assert "The camel." not in room.shows()
    assert phone.open(address).status == 404
    late = hers.send(f"{address}/answer", choice=trench.id)
    assert late.status == 404
    assert "This is over" in late.text


def test_a_friends_list_of_questions_follows_what_is_asked_and_ended(
    room: Room, db: Database, clock: FixedClock
) -> None:
    sarah, priya, tom = people(room, "Priya Nair", "Tom Webb")
    phone, hers = linked(room, sarah), room.phone_of(priya)
    page = hers.open("/me/opinions").text
    part = re.search(r'data-live-fragment="([^"]+)" data-topic="([^"]+)"', page)
    assert part
    assert part[2] == f"member:{priya.id}"

    def woken(act: Callable[[], object]) -> bool:
        with db.read() as session:
            tail = Tail(session, clock.now())
        act()
        with db.read() as session:
            told = [set(each.topics) for each in tail.read(session, clock.now())]
        of_friends = [one for one in told if f"member:{priya.id}" in one]
        assert all(len(one) == 1 for one in of_friends), "a day long it would say who asked whom"
        return bool(of_friends)

    asked = {"pieces": [room.floor.trench_10.id], "friends": [priya.id, tom.id], "words": "This?"}
    assert woken(lambda: posted(phone, "/me/opinions/new", **asked))
    assert "This?" in hers.open(part[1]).text
    room.touch("end")
    assert woken(new_worker(db).run_all)
    assert "This?" not in hers.open(part[1]).text


def test_a_friends_open_page_goes_with_the_question(room: Room) -> None:
    sarah, priya, tom = people(room, "Priya Nair", "Tom Webb")
    phone = linked(room, sarah)
    asked = {"pieces": [room.floor.trench_10.id], "friends": [priya.id, tom.id]}
    address = posted(phone, "/me/opinions/new", **asked).location
    phones = [room.phone_of(one) for one in (priya, tom)]
    part = re.search(
        r'data-live-fragment="([^"]+/asked)" data-topic="([^"]+)"', phones[0].open(address).text
    )
    assert part
    assert part[2] == address.replace("/me/opinions/", "opinion:")

    def stands() -> list[int]:
        return [one.api("GET", part[1]).status_code for one in phones]

    assert stands() == [304, 304]
    phones[0].send(f"{address}/put-away")
    assert stands() == [205, 304]
    room.touch("end")
    assert stands() == [205, 205]


def test_a_picture_is_for_whom_it_was_sent_and_on_the_screen_only_when_turned_on(
    room: Room,
) -> None:
    sarah, priya, tom = people(room, "Priya Nair", "Tom Webb")
    phone = linked(room, sarah)
    sent = {"picture": (BytesIO(jpeg()), "me.jpg"), "friends": [priya.id]}
    address = posted(phone, "/me/opinions/new", **sent).location
    for one in (phone, room.phone_of(priya)):
        got = one.api("GET", f"{address}/picture")
        assert (got.status_code, got.content_type) == (200, "image/jpeg")
        assert "no-store" in got.headers["Cache-Control"]
    assert room.phone_of(tom).api("GET", f"{address}/picture").status_code == 404
    here = address.replace("/me/", "/room/") + "/picture"
    assert room.screen.api("GET", here).status_code == 404
    assert here not in room.shows()
    phone.open(address).send(f"{address}/screen")
    assert here in room.shows()
    assert room.screen.api("GET", here).status_code == 200
    phone.open(address).send(f"{address}/take-back")
    assert phone.api("GET", f"{address}/picture").status_code == 404
    assert room.screen.api("GET", here).status_code == 404


def test_what_is_no_picture_or_too_big_is_refused_in_clear_words_and_nothing_is_lost(
    room: Room,
) -> None:
    sarah, priya = people(room, "Priya Nair")
    phone = room.phone_of(sarah)
    broken = {"picture": (BytesIO(b"GIF89a?"), "me.gif"), "friends": [priya.id]}
    answer = posted(phone, "/me/opinions/new", words="This?", **broken)
    assert answer.status_code == 422
    assert "We can’t read this picture." in answer.text
    assert "This?" in answer.text
    huge = {"data": bytes(11 * 1024 * 1024), "content_type": "multipart/form-data; boundary=b"}
    answer = phone.api("POST", "/me/opinions/new", **huge)
    assert answer.status_code == 422
    assert "at most 10 MB" in answer.text


def test_a_reported_question_is_gone_for_the_friend_and_ended_by_who_sees_no_more_than_needed(
    room: Room,
) -> None:
    sarah, priya, tom = people(room, "Priya Nair", "Tom Webb")
    phone = room.phone_of(sarah)
    sent = {"picture": (BytesIO(jpeg()), "me.jpg"), "friends": [priya.id, tom.id]}
    address = posted(phone, "/me/opinions/new", words="Fat or just blind?", **sent).location
    hers = room.phone_of(priya)
    assert f"{address}/report" in hers.open(address).text
    assert "Say why" in hers.open(f"{address}/report").send(f"{address}/report").text
    assert "nobody learns that it was you" in hers.send(f"{address}/report", reason="bare").text
    assert hers.open(address).status == 404
    assert hers.api("GET", f"{address}/picture").status_code == 404
    assert "Nobody has answered yet." in phone.open(address).text
    desk = room.another_tablet("Jo Hart", role="marketer", store_id=None)
    assert 'questions">Asked among friends <span class="n">1<' in desk.open("/staff/wall").text
    page = desk.open("/staff/wall/questions").text
    for shown in ("Fat or just blind?", "It shows more than I want to see.", "About a picture"):
        assert shown in page
    for kept_back in ("Sarah", "Priya", "Tom", sarah.id, "<img"):
        assert kept_back not in page
    end = f"{address.replace('/me/opinions', '/staff/wall/questions')}/end"
    assert "Ended." in desk.send(end).text
    assert phone.open(address).status == 404
    assert room.phone_of(tom).open(address).status == 404
    assert desk.send("/staff/lock").status == 200


def test_staff_who_do_not_look_after_the_wall_see_no_reports(room: Room) -> None:
    assert room.tablet.open("/staff/wall/questions").status == 403
