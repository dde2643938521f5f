"""Signing in by a mailed code."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from core import clock as core_clock
from core.clock import FixedClock
from core.errors import Invalid, TooMany
from core.outbox import Event, Job
from core.transaction import Database
from retail.accounts import queries, rules, service, sessions
from retail.accounts.service import SignedIn
from tests.builders.accounts import new_member
from tests.builders.brands import new_brand
from tests.conftest import KEY, both_databases

EMAIL = "Nina@Shopper.example"


def request_code(session: Session, brand_id: str, email: str = EMAIL) -> str:
    """Ask for a code and read it as the mail would tell it."""
    service.request_code(session, brand_id=brand_id, email=email, now=core_clock.now(), key=KEY)
    return newest_code(session)


def newest_code(session: Session) -> str:
    payloads = session.scalars(select(Job.payload).order_by(Job.id))
    return rules.sign_in_code(KEY, list(payloads)[-1]["code_id"])


def sign_in(session: Session, brand_id: str, code: str, email: str = EMAIL) -> SignedIn | None:
    return service.sign_in(
        session, brand_id=brand_id, email=email, code=code, now=core_clock.now(), key=KEY
    )


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


@both_databases
def test_the_first_sign_in_joins_and_the_next_finds_the_same_member(db: Database) -> None:
    with db.write() as session:
        brand = new_brand(session)
        first = sign_in(session, brand.id, request_code(session, brand.id))
        second = sign_in(session, brand.id, request_code(session, brand.id), "nina@shopper.example")
        assert first is not None
        assert second is not None
        assert (first.is_new, second.is_new) == (True, False)
        assert first.member_id == second.member_id
        assert first.token != second.token
        joined = session.scalars(select(Event).where(Event.kind == "MemberJoined")).all()
        assert [event.payload for event in joined] == [{"member_id": first.member_id}]


def test_a_session_opens_its_member_and_nobody_else(session: Session) -> None:
    brand = new_brand(session)
    signed_in = sign_in(session, brand.id, request_code(session, brand.id))
    assert signed_in is not None
    found = queries.find_session(session, signed_in.token, now=core_clock.now(), key=KEY)
    assert found is not None
    assert found.id == signed_in.member_id
    assert found.brand_id == brand.id
    assert queries.find_session(session, "wrong", now=core_clock.now(), key=KEY) is None
    other_key = b"another key"
    assert (
        queries.find_session(session, signed_in.token, now=core_clock.now(), key=other_key) is None
    )


def test_a_code_works_once(session: Session) -> None:
    brand = new_brand(session)
    code = request_code(session, brand.id)
    assert sign_in(session, brand.id, code) is not None
    assert sign_in(session, brand.id, code) is None


def test_a_code_dies_after_ten_minutes(session: Session, clock: FixedClock) -> None:
    brand = new_brand(session)
    code = request_code(session, brand.id)
    clock.advance(minutes=10)
    assert sign_in(session, brand.id, code) is None


def test_a_code_lives_until_then(session: Session, clock: FixedClock) -> None:
    brand = new_brand(session)
    code = request_code(session, brand.id)
    clock.advance(minutes=9, seconds=59)
    assert sign_in(session, brand.id, f" {code[:3]} {code[3:]}") is not None


def test_five_failures_kill_the_code(session: Session) -> None:
    brand = new_brand(session)
    code = request_code(session, brand.id)
    for _ in range(5):
        assert sign_in(session, brand.id, other_than(code)) is None
    assert sign_in(session, brand.id, code) is None


def test_four_failures_do_not(session: Session) -> None:
    brand = new_brand(session)
    code = request_code(session, brand.id)
    for wrong in (other_than(code), "", "abcdef", "1234567"):
        assert sign_in(session, brand.id, wrong) is None
    assert sign_in(session, brand.id, code) is not None


def test_a_code_belongs_to_its_address_and_brand(session: Session) -> None:
    brand, other = new_brand(session), new_brand(session)
    code = request_code(session, brand.id)
    assert sign_in(session, brand.id, code, "olu@shopper.example") is None
    assert sign_in(session, other.id, code) is None
    assert sign_in(session, brand.id, code) is not None


def test_an_earlier_code_still_works_after_another_was_sent(session: Session) -> None:
    brand = new_brand(session)
    first = request_code(session, brand.id)
    request_code(session, brand.id)
    assert sign_in(session, brand.id, first) is not None


def test_an_address_gets_at_most_five_codes_an_hour(session: Session, clock: FixedClock) -> None:
    brand = new_brand(session)
    for _ in range(5):
        request_code(session, brand.id)
        clock.advance(minutes=1)
    with pytest.raises(TooMany) as refused:
        request_code(session, brand.id)
    assert refused.value.data["retry_after_seconds"] == 55 * 60
    request_code(session, brand.id, "olu@shopper.example")
    request_code(session, new_brand(session).id)
    clock.advance(minutes=55)
    request_code(session, brand.id)


def test_members_and_strangers_are_answered_alike(session: Session) -> None:
    brand = new_brand(session)
    new_member(session, brand.id, email="known@shopper.example")
    for email in ("known@shopper.example", "stranger@shopper.example"):
        for _ in range(5):
            request_code(session, brand.id, email)
        with pytest.raises(TooMany):
            request_code(session, brand.id, email)
    assert len(session.scalars(select(Job.id)).all()) == 10


def test_an_impossible_address_is_refused_before_anything_is_written(session: Session) -> None:
    brand = new_brand(session)
    with pytest.raises(Invalid):
        service.request_code(
            session, brand_id=brand.id, email="nobody", now=core_clock.now(), key=KEY
        )
    assert session.scalars(select(Job.id)).all() == []


def test_neither_code_nor_address_nor_token_stays_in_any_table(session: Session) -> None:
    brand = new_brand(session)
    code = request_code(session, brand.id)
    job = session.scalars(select(Job)).one()
    service.mark_sent(session, job.payload["code_id"])
    assert set(job.payload) == {"code_id"}
    signed_in = sign_in(session, brand.id, code)
    assert signed_in is not None
    for table in ("sign_in_code", "member_session", "job", "event"):
        rows = session.execute(text(f"SELECT * FROM {table}")).all()
        assert rows
        assert signed_in.token not in str(rows)
        assert "nina" not in str(rows).lower()
        assert f"'{code}'" not in str(rows)
    assert code not in repr(signed_in)
    assert signed_in.token not in repr(signed_in)


def test_a_session_ends_when_signed_out(session: Session) -> None:
    brand = new_brand(session)
    signed_in = sign_in(session, brand.id, request_code(session, brand.id))
    assert signed_in is not None
    for _ in range(2):
        sessions.end_session(session, signed_in.token, now=core_clock.now(), key=KEY)
    assert queries.find_session(session, signed_in.token, now=core_clock.now(), key=KEY) is None


def test_a_session_ends_after_fourteen_idle_days(session: Session, clock: FixedClock) -> None:
    brand = new_brand(session)
    signed_in = sign_in(session, brand.id, request_code(session, brand.id))
    assert signed_in is not None
    token = signed_in.token
    clock.advance(days=13)
    sessions.extend_session(session, token, now=clock.now(), key=KEY)
    clock.advance(days=13)
    found = queries.find_session(session, token, now=clock.now(), key=KEY)
    assert found is not None
    assert found.seen_at == clock.now() - timedelta(days=13)
    clock.advance(days=1)
    assert queries.find_session(session, token, now=clock.now(), key=KEY) is None
    sessions.extend_session(session, token, now=clock.now(), key=KEY)
    assert queries.find_session(session, token, now=clock.now(), key=KEY) is None


def test_a_mail_leaves_for_a_live_code_and_only_once(session: Session, clock: FixedClock) -> None:
    brand = new_brand(session)
    code = request_code(session, brand.id)
    code_id = session.scalars(select(Job)).one().payload["code_id"]
    waiting = queries.find_code_to_send(session, code_id, now=clock.now(), key=KEY)
    assert waiting is not None
    assert (waiting.email, waiting.code) == ("nina@shopper.example", code)
    assert code not in repr(waiting)
    late = clock.now() + timedelta(minutes=10)
    assert queries.find_code_to_send(session, code_id, now=late, key=KEY) is None
    service.mark_sent(session, code_id)
    assert queries.find_code_to_send(session, code_id, now=clock.now(), key=KEY) is None


def test_old_requests_are_forgotten_once_no_limit_counts_them(
    session: Session, clock: FixedClock
) -> None:
    brand = new_brand(session)
    request_code(session, brand.id)
    assert service.forget_old_codes(session, now=clock.now() + timedelta(minutes=59)) == 0
    assert service.forget_old_codes(session, now=clock.now() + timedelta(minutes=60)) == 1
