"""Sign-ins at once, on both databases, beside a naive control that must fail."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from sqlalchemy import func, select

from core import clock
from core.errors import TooMany
from core.ids import new_id
from core.outbox import Job
from core.transaction import Database
from retail.accounts import rules, service, sessions
from retail.accounts.models import Member, MemberSession, SignInCode
from tests.builders.accounts import new_member
from tests.builders.brands import new_brand
from tests.builders.races import meeting
from tests.conftest import KEY, both_databases

EMAIL = "nina@shopper.example"
RUNNERS = 8


def request_code(db: Database) -> tuple[str, str, str]:
    """A brand, a code for our address, and the id of the code's row."""
    with db.write() as session:
        brand = new_brand(session)
        service.request_code(session, brand_id=brand.id, email=EMAIL, now=clock.now(), key=KEY)
        code_id = session.scalars(select(Job.payload)).one()["code_id"]
    return brand.id, rules.sign_in_code(KEY, code_id), code_id


def at_once(runs: list[Callable[[], object]]) -> list[object]:
    """Start all at the same moment; what each returned."""
    with ThreadPoolExecutor(len(runs)) as pool:
        all_are_here = meeting(len(runs))

        def start(run: Callable[[], object]) -> object:
            all_are_here()
            return run()

        return list(pool.map(start, runs))


def sign_in(db: Database, brand_id: str, code: str) -> object:
    with db.write() as session:
        return service.sign_in(
            session, brand_id=brand_id, email=EMAIL, code=code, now=clock.now(), key=KEY
        )


def count(db: Database, table: type) -> int:
    with db.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.proof(rounds=1_250)
@both_databases
def test_one_code_opens_one_session_however_many_try(db: Database) -> None:
    brand_id, code, _ = request_code(db)
    opened = at_once([partial(sign_in, db, brand_id, code)] * RUNNERS)
    assert len([one for one in opened if one is not None]) == 1
    assert count(db, MemberSession) == 1
    assert count(db, Member) == 1


@pytest.mark.proof
@both_databases
def test_reading_first_and_writing_later_would_open_several(db: Database) -> None:
    """The control: the same race, with the check and the mark as two steps."""
    brand_id, _, code_id = request_code(db)
    all_have_read = meeting(RUNNERS)

    def naive_sign_in() -> None:
        with db.read() as session:
            used_at = session.get_one(SignInCode, code_id).used_at
        all_have_read()
        assert used_at is None
        with db.write() as session:
            session.get_one(SignInCode, code_id).used_at = clock.now()
            member = new_member(session, brand_id)
            sessions.open_session(session, member.id, brand_id=brand_id, now=clock.now(), key=KEY)

    at_once([naive_sign_in] * RUNNERS)
    assert count(db, MemberSession) > 1


@pytest.mark.proof(rounds=1_250)
@both_databases
def test_guesses_at_once_count_one_by_one(db: Database) -> None:
    brand_id, code, code_id = request_code(db)
    wrong = [f"{(int(code) + n) % 1_000_000:06d}" for n in range(1, RUNNERS + 1)]
    assert at_once([partial(sign_in, db, brand_id, guess) for guess in wrong]) == [None] * RUNNERS
    with db.read() as session:
        assert session.get_one(SignInCode, code_id).attempts == rules.CODE_ATTEMPTS
    assert sign_in(db, brand_id, code) is None


@pytest.mark.proof
@both_databases
def test_counting_guesses_by_what_was_read_is_caught(db: Database) -> None:
    """The control: guesses that read the count together and write it one by one."""
    _, _, code_id = request_code(db)
    all_have_read = meeting(rules.CODE_ATTEMPTS)

    def naive_guess() -> None:
        with db.read() as session:
            attempts = session.get_one(SignInCode, code_id).attempts
        all_have_read()
        with db.write() as session:
            session.get_one(SignInCode, code_id).attempts = attempts + 1

    at_once([naive_guess] * rules.CODE_ATTEMPTS)
    with db.read() as session:
        assert session.get_one(SignInCode, code_id).attempts < rules.CODE_ATTEMPTS


@pytest.mark.proof(rounds=1_250)
@both_databases
def test_requests_at_once_stay_within_the_limit(db: Database) -> None:
    with db.write() as session:
        brand = new_brand(session)

    def ask() -> str:
        try:
            with db.write() as session:
                service.request_code(
                    session, brand_id=brand.id, email=EMAIL, now=clock.now(), key=KEY
                )
        except TooMany:
            return "too many"
        return "sent"

    answers = at_once([ask] * RUNNERS)
    assert answers.count("sent") == rules.CODES_PER_HOUR == count(db, SignInCode)


@pytest.mark.proof
@both_databases
def test_counting_codes_before_asking_for_one_is_caught(db: Database) -> None:
    """The control: the same requests, each counting first and inserting in another transaction."""
    with db.write() as session:
        brand = new_brand(session)
    mine = SignInCode.brand_id == brand.id
    all_have_counted = meeting(RUNNERS)

    def ask() -> None:
        with db.read() as session:
            asked = session.scalar(select(func.count()).select_from(SignInCode).where(mine)) or 0
        all_have_counted()
        if asked >= rules.CODES_PER_HOUR:
            return
        with db.write() as session:
            session.add(
                SignInCode(
                    id=new_id(),
                    brand_id=brand.id,
                    email_hash="nina",
                    email=EMAIL,
                    created_at=clock.now(),
                    expires_at=clock.now() + rules.CODE_LIFETIME,
                )
            )

    at_once([ask] * RUNNERS)
    assert count(db, SignInCode) > rules.CODES_PER_HOUR


@both_databases
def test_two_codes_of_a_new_address_join_one_member(db: Database) -> None:
    brand_id, first, _ = request_code(db)

    with db.write() as session:
        service.request_code(session, brand_id=brand_id, email=EMAIL, now=clock.now(), key=KEY)
        payloads = session.scalars(select(Job.payload)).all()
    codes = {rules.sign_in_code(KEY, payload["code_id"]) for payload in payloads}
    assert first in codes
    opened = at_once([partial(sign_in, db, brand_id, code) for code in codes])
    assert None not in opened
    assert count(db, Member) == 1
