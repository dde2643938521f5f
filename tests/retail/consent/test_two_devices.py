"""Two devices of one member give and withdraw at once: the last one wins, never an error."""

import threading
from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy.exc import IntegrityError

from core import clock
from core.ids import new_id
from core.transaction import Database
from retail.accounts.queries import MemberView
from retail.consent import queries, service
from retail.consent.models import Consent
from tests.builders.accounts import give_consent, new_member
from tests.builders.brands import new_brand
from tests.builders.races import meeting, race, until_in_line
from tests.conftest import both_databases

ATTEMPTS = 80


def somebody(db: Database) -> MemberView:
    with db.write() as session:
        return new_member(session, new_brand(session).id)


def tap(db: Database, member: MemberView, *, gives: bool) -> None:
    change = service.give if gives else service.withdraw
    who = {"member_id": member.id, "brand_id": member.brand_id}
    with db.write() as session:
        change(session, **who, purpose="league", now=clock.now())


def tap_after_a_look(
    db: Database, member: MemberView, *, gives: bool, all_have_looked: Callable[[], object]
) -> None:
    """The naive variant: it looks first whether there is a consent, and then writes."""
    with db.read() as session:
        is_given = queries.has_consent(session, member.id, "league")
    all_have_looked()
    if not gives or is_given:
        tap(db, member, gives=False)
        return
    named = {"purpose": "league", "audience": "everyone", "notice_version": "2026-11"}
    with db.write() as session:
        for channel in ("screen", "web"):
            row = {"brand_id": member.brand_id, "member_id": member.id, "channel": channel}
            session.add(Consent(id=new_id(), **row, **named, given_at=clock.now()))


def rush(db: Database, tap: Callable[..., None]) -> list[str]:
    """Everything that went wrong while eight devices tapped on and off."""
    member = somebody(db)

    def attempt(number: int) -> str | None:
        try:
            tap(db, member, gives=number % 3 != 0)
        except IntegrityError as error:
            return type(error).__name__
        return None

    wrong = [error for error in race(attempt, attempts=ATTEMPTS) if error]
    with db.read() as session:
        rows = queries.export(session, member.id)
    in_force = Counter(row["channel"] for row in rows if row["withdrawn_at"] is None)
    if in_force not in (Counter(), Counter(screen=1, web=1)):
        wrong.append(f"in force: {in_force}")
    return wrong


@both_databases
def test_no_tap_fails_and_one_consent_at_most_is_in_force(db: Database) -> None:
    assert rush(db, tap) == []


@both_databases
def test_the_control_that_looks_first_is_caught(db: Database) -> None:
    assert rush(db, partial(tap_after_a_look, all_have_looked=meeting())) != []


def withdrawn_while_giving(db: Database) -> bool:
    """Whether a withdrawal that comes while another device is still giving has its way."""
    member = somebody(db)
    later = threading.Thread(target=tap, args=(db, member), kwargs={"gives": False})
    with db.write() as session:
        give_consent(session, member, "league")
        later.start()
        until_in_line(db, later)
    later.join()
    with db.read() as session:
        return not queries.has_consent(session, member.id, "league", "everyone", "web")


@both_databases
def test_the_later_withdrawal_wins(db: Database) -> None:
    assert withdrawn_while_giving(db)


@pytest.mark.postgresql
def test_the_control_that_does_not_stand_in_line_is_caught(
    postgresql_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "close_gate", lambda *_: None)
    assert not withdrawn_while_giving(postgresql_db)
