"""Where one is signed in: seen by its owner, and ended at once, everywhere."""

import time
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from core import clock as core_clock
from core.clock import FixedClock
from core.transaction import Database
from retail.accounts import queries as accounts
from retail.accounts import sessions
from retail.accounts.queries import MemberView, SignedInMember
from retail.brands.queries import BrandView
from retail.journeys.members.erase_member import erase_member
from tests.builders.accounts import new_member
from tests.builders.brands import new_brand
from tests.builders.staff_accounts import COOKIE as STAFF_COOKIE
from tests.builders.staff_accounts import new_staff, sign_in_staff
from tests.builders.visitor import Visitor
from tests.conftest import KEY, both_databases
from web import live

Visit = Callable[[], Visitor]


@pytest.fixture
def brand(db: Database) -> BrandView:
    with db.write() as session:
        return new_brand(session, slug="alder", name="Alder & Finch")


@pytest.fixture
def nina(brand: BrandView, db: Database) -> MemberView:
    with db.write() as session:
        return new_member(session, brand.id)


def sign_in(db: Database, member: MemberView, device: str | None = None) -> str:
    who = {"brand_id": member.brand_id, "device": device}
    with db.write() as session:
        return sessions.open_session(session, member.id, **who, now=core_clock.now(), key=KEY)


def found(db: Database, token: str) -> SignedInMember:
    with db.read() as session:
        member = accounts.find_session(session, token, now=core_clock.now(), key=KEY)
    assert member is not None
    return member


def is_open(visit: Visit, token: str) -> bool:
    """Whether a page and the API, as a browser and as a program, let this token in: all or none."""
    headers = {"Authorization": f"Bearer {token}"}
    answers = {
        visit().sign_in(token).open("/me/profile").path == "/me/profile",
        visit().sign_in(token).api("GET", "/api/v1/me").status_code == 200,
        visit().client.get("/api/v1/me", headers=headers).status_code == 200,
    }
    assert len(answers) == 1
    return answers.pop()


@both_databases
def test_the_list_says_here_and_elsewhere_in_few_words(
    nina: MemberView, visit: Visit, db: Database, clock: FixedClock
) -> None:
    sign_in(db, nina, "Firefox on Windows")
    clock.advance(days=3)
    sign_in(db, nina)
    here = visit().sign_in(sign_in(db, nina, "Safari on iPhone")).open("/me/privacy")
    assert "/me/sessions" in here.text
    text = " ".join(here.open("/me/sessions").text.split())
    order = [text.index(d) for d in ("Safari on iPhone", "A device we can’t name", "Firefox on W")]
    assert order == sorted(order)
    assert "This device, since 25 November" in text
    assert "Signed in since 22 November. Last seen around 22 November." in text
    assert "Signed in since 25 November. Seen today." in text


@both_databases
def test_one_is_ended_and_the_others_go_on(nina: MemberView, visit: Visit, db: Database) -> None:
    mine, lost = sign_in(db, nina), sign_in(db, nina)
    page = visit().sign_in(mine).open("/me/sessions")
    page.send(f"/me/sessions/{found(db, lost).session_id}/end")
    assert (page.path, page.status) == ("/me/sessions", 200)
    assert "Signed out there." in page.text
    assert (is_open(visit, mine), is_open(visit, lost)) == (True, False)


def test_ending_this_one_is_signing_out(
    nina: MemberView, brand: BrandView, visit: Visit, db: Database
) -> None:
    mine, other = sign_in(db, nina), sign_in(db, nina)
    page = visit().sign_in(mine).open("/me/sessions")
    page.send(f"/me/sessions/{found(db, mine).session_id}/end")
    assert page.path == "/b/alder"
    assert (is_open(visit, mine), is_open(visit, other)) == (False, True)


@both_databases
def test_all_others_end_together(nina: MemberView, visit: Visit, db: Database) -> None:
    mine, *others = (sign_in(db, nina) for _ in range(3))
    page = visit().sign_in(mine).open("/me/sessions").send("/me/sessions/end-others")
    assert "nowhere else" in page.text
    assert [is_open(visit, token) for token in (mine, *others)] == [True, False, False]


@both_databases
def test_everywhere_is_here_too_and_the_till_is_not_touched(
    nina: MemberView, brand: BrandView, visit: Visit, db: Database
) -> None:
    tokens = [sign_in(db, nina) for _ in range(2)]
    with db.write() as session:
        somebody = new_member(session, brand.id)
        staff = sign_in_staff(session, new_staff(session, brand.id))
    theirs = sign_in(db, somebody)
    page = visit().sign_in(tokens[0]).open("/me/sessions").send("/me/sessions/end-all")
    assert page.path == "/b/alder"
    assert "Signed out everywhere." in page.text
    assert [is_open(visit, token) for token in (*tokens, theirs)] == [False, False, True]
    assert visit().sign_in(staff, cookie=STAFF_COOKIE).open("/staff").path == "/staff"


@pytest.mark.parametrize("which", ["another's", "ended", "none"])
def test_what_is_not_ones_own_to_end_is_not_there(
    nina: MemberView, brand: BrandView, visit: Visit, db: Database, which: str
) -> None:
    mine = sign_in(db, nina)
    with db.write() as session:
        rex = new_member(session, brand.id)
    theirs, gone = sign_in(db, rex), sign_in(db, nina)
    ids = {"another's": found(db, theirs).session_id, "none": "0" * 26}
    ids["ended"] = found(db, gone).session_id
    with db.write() as session:
        sessions.end_session(session, gone, now=core_clock.now(), key=KEY)
    answer = visit().sign_in(mine).api("DELETE", f"/api/v1/me/sessions/{ids[which]}")
    assert (answer.status_code, answer.get_json()["detail"]) == (
        404,
        "This sign-in isn’t here any more.",
    )
    assert is_open(visit, theirs)


def test_programs_see_and_end_sessions_as_well(
    nina: MemberView, visit: Visit, db: Database
) -> None:
    mine, first, second = sign_in(db, nina, "Safari on a Mac"), sign_in(db, nina), sign_in(db, nina)
    program = visit().sign_in(mine)
    listed = program.api("GET", "/api/v1/me/sessions").get_json()
    assert listed[0] == {
        "id": found(db, mine).session_id,
        "device": "Safari on a Mac",
        "signed_in_at": "2026-11-22T12:00:00Z",
        "seen_at": "2026-11-22T12:00:00Z",
        "is_this": True,
    }
    assert [one["is_this"] for one in listed] == [True, False, False]
    one = found(db, first).session_id
    assert program.api("DELETE", f"/api/v1/me/sessions/{one}").status_code == 204
    assert [is_open(visit, token) for token in (mine, first, second)] == [True, False, True]
    assert program.api("DELETE", "/api/v1/me/sessions?but_this=true").status_code == 204
    assert [is_open(visit, token) for token in (mine, second)] == [True, False]
    assert program.api("DELETE", "/api/v1/me/sessions").status_code == 204
    assert not is_open(visit, mine)


def test_what_the_browser_calls_itself_is_kept_in_two_words(
    brand: BrandView, visit: Visit, mailed_code: Callable[[], str], db: Database
) -> None:
    visitor = visit()
    visitor.client.environ_base["HTTP_USER_AGENT"] = (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 "
        "(KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
    )
    visitor.open("/join/alder").send("/join/alder", email="nina@shopper.example")
    visitor.send("/join/alder/code", code=mailed_code())
    listed = visitor.api("GET", "/api/v1/me/sessions").get_json()
    assert [one["device"] for one in listed] == ["Safari on iPhone"]


class Stream:
    """An open stream of a signed-in browser."""

    def __init__(self, app: Flask, token: str, topic: str) -> None:
        client = app.test_client()
        client.set_cookie("member", token)
        self.answer = client.get(f"/live?topic={topic}")
        self.chunks: Iterator[bytes] = self.answer.iter_encoded()
        assert b"hello" in next(self.chunks)


def end_one(session: Session, token: str, member: MemberView) -> None:
    one = accounts.find_session(session, token, now=core_clock.now(), key=KEY)
    assert one is not None
    sessions.end_one(session, one.session_id, member_id=member.id, now=core_clock.now())


def sign_out(session: Session, token: str, member: MemberView) -> None:
    sessions.end_session(session, token, now=core_clock.now(), key=KEY)


def end_all(session: Session, token: str, member: MemberView) -> None:
    sessions.end_all(session, member.id, now=core_clock.now())


def erase(session: Session, token: str, member: MemberView) -> None:
    erase_member(session, member=member, now=core_clock.now(), key=KEY)


@pytest.mark.parametrize("end", [end_one, sign_out, end_all, erase])
@both_databases
def test_an_open_stream_ends_with_its_session(
    app: Flask, nina: MemberView, db: Database, end: Callable[..., None]
) -> None:
    mine = sign_in(db, nina)
    streams = [Stream(app, mine, f"member:{nina.id}"), Stream(app, mine, "store:3")]
    begun = time.monotonic()
    with db.write() as session:
        end(session, mine, nina)
    for stream in streams:
        *_, last = (chunk.decode() for chunk in stream.chunks)
        assert last == "event: bye\ndata: {}\n\n"
    assert time.monotonic() - begun < live.HEARTBEAT_SECONDS


def test_other_streams_go_on_when_one_session_ends(
    app: Flask, nina: MemberView, db: Database
) -> None:
    mine, other = sign_in(db, nina), sign_in(db, nina)
    kept, stranger = (
        Stream(app, other, f"member:{nina.id}"),
        app.test_client().get("/live?topic=store:3"),
    )
    ended = Stream(app, mine, "store:3")
    with db.write() as session:
        end_one(session, mine, nina)
    assert b"bye" in list(ended.chunks)[-1]
    screens = app.extensions["switchboard"]._screens
    assert [screen.is_closed for screen in screens if not screen.is_closed] == [False, False]
    for answer in (kept.answer, stranger):
        answer.close()


@both_databases
def test_signing_in_or_out_elsewhere_wakes_the_list(
    app: Flask, nina: MemberView, visit: Visit, db: Database
) -> None:
    mine = sign_in(db, nina, "Safari on iPhone")
    here = Stream(app, mine, f"member:{nina.id}")
    list_of = visit().sign_in(mine)
    other = sign_in(db, nina, "Firefox on Windows")
    assert b"event: changed" in next(here.chunks)
    assert "Firefox on Windows" in list_of.open("/fragments/me/sessions").text
    with db.write() as session:
        sign_out(session, other, nina)
    assert b"event: changed" in next(here.chunks)
    assert "Firefox on Windows" not in list_of.open("/fragments/me/sessions").text
    here.answer.close()


def test_a_session_that_ended_opens_no_stream_to_its_member(
    app: Flask, nina: MemberView, db: Database
) -> None:
    token = sign_in(db, nina)
    with db.write() as session:
        end_all(session, token, nina)
    client = app.test_client()
    client.set_cookie("member", token)
    refused = client.get(f"/live?topic=member:{nina.id}")
    assert refused.status_code == 422


def test_nobody_can_ask_to_hear_of_sessions(app: Flask, nina: MemberView, db: Database) -> None:
    session_id = found(db, sign_in(db, nina)).session_id
    assert app.test_client().get(f"/live?topic=session:{session_id}").status_code == 422
