"""Answers of a provider at once, on both databases, beside naive controls that must fail."""

from functools import partial

import pytest
from sqlalchemy import func, select

from core import clock
from core.ids import keyed_hash
from core.sql import insert_ignore
from core.transaction import Database
from retail.accounts import identities
from retail.accounts.identities import Vouched
from retail.accounts.models import Identity, Member, MemberSession, SpentState
from retail.accounts.sessions import open_session
from tests.builders.accounts import new_member
from tests.builders.brands import new_brand
from tests.builders.races import meeting, race
from tests.conftest import KEY, both_databases

RUNNERS = 8
ISSUER = "https://provider.example"


def count(db: Database, table: type) -> int:
    with db.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.proof(rounds=1_250)
@both_databases
def test_a_state_is_spent_once_however_many_try(db: Database) -> None:
    def spend(_: int) -> bool:
        with db.write() as session:
            return identities.spend_state(session, "state", now=clock.now(), key=KEY)

    assert sorted(race(spend, attempts=RUNNERS)) == [False] * (RUNNERS - 1) + [True]
    assert count(db, SpentState) == 1


@pytest.mark.proof
@both_databases
def test_looking_whether_it_is_spent_before_spending_it_is_caught(db: Database) -> None:
    """The control: the same answers, each looking first and writing in another transaction."""
    with db.write() as session:
        brand = new_brand(session)
        nina = new_member(session, brand.id)
    all_have_looked = meeting(RUNNERS)
    state_hash = keyed_hash(KEY, "spent-state", "state")

    def naive_spend(_: int) -> None:
        with db.read() as session:
            is_spent = session.get(SpentState, state_hash) is not None
        all_have_looked()
        if not is_spent:
            with db.write() as session:
                insert_ignore(session, SpentState, state_hash=state_hash, spent_at=clock.now())
                open_session(session, nina.id, brand_id=brand.id, now=clock.now(), key=KEY)

    race(naive_spend, attempts=RUNNERS)
    assert count(db, MemberSession) > 1


@pytest.mark.proof(rounds=1_250)
@both_databases
def test_one_subject_with_several_addresses_at_once_is_one_member(db: Database) -> None:
    with db.write() as session:
        brand = new_brand(session)

    def arrive(number: int) -> str:
        vouched = Vouched(ISSUER, "nina", f"nina-{number}@shopper.example", True)
        with db.write() as session:
            signed_in = identities.sign_in_vouched(
                session, vouched, brand_id=brand.id, now=clock.now(), key=KEY
            )
        return signed_in.member_id

    assert len(set(race(arrive, attempts=RUNNERS))) == 1
    assert (count(db, Identity), count(db, Member)) == (1, 1)


@pytest.mark.proof
@both_databases
def test_looking_for_the_subject_before_joining_is_caught(db: Database) -> None:
    """The control: who looks first and joins afterwards joins one person several times."""
    with db.write() as session:
        brand = new_brand(session)
    all_have_looked = meeting(RUNNERS)

    def naive_arrive(_: int) -> None:
        with db.read() as session:
            found = session.scalar(select(Identity.member_id).where(Identity.subject == "nina"))
        all_have_looked()
        with db.write() as session:
            member_id = found or new_member(session, brand.id).id
            named = {"brand_id": brand.id, "issuer": ISSUER, "subject": "nina"}
            insert_ignore(session, Identity, **named, member_id=member_id, linked_at=clock.now())

    race(partial(naive_arrive), attempts=RUNNERS)
    assert count(db, Member) > 1
