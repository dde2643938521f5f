"""Any sequence of postings, checked step by step against dictionaries."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy.orm import Session

from core.errors import Conflict, NotFound
from loyalty.ledger import books, ends, lots, queries
from loyalty.ledger.models import (
    LedgerAccount,
    LedgerLeg,
    LedgerLot,
    LedgerLotMove,
    LedgerTransaction,
)
from loyalty.ledger.rules import WALLETS
from tests.builders.memory import empty_database
from tests.builders.points import PROGRAMME, earn, reverse, spend
from tests.loyalty.ledger.oracle import Oracle, Refused
from tests.scale import play

NAMES = ("nina", "sarah")
OWNERS = st.sampled_from(NAMES)
IN = st.sampled_from(("points", "points", "credits"))
POINTS = st.integers(1, 30)
SOURCES = st.sampled_from([f"source:{number}" for number in range(12)])
DAYS = st.one_of(st.none(), st.integers(0, 5))
MODELS = (LedgerAccount, LedgerTransaction, LedgerLeg, LedgerLot, LedgerLotMove)
TABLES: list[Any] = [model.__table__ for model in MODELS]


class Ledger(RuleBasedStateMachine):
    """Points earned, waiting, spent, taken back and running out, in two wallets of two owners."""

    def __init__(self) -> None:
        super().__init__()
        self.oracle = Oracle()
        self.now = datetime(2026, 11, 22, 12, tzinfo=UTC)
        self.ticks = self.steps = 0

    @initialize()
    def open(self) -> None:
        self.database = empty_database(TABLES)
        self.earn("nina", "points", 20, "source:0", None, 2)
        self.spend("nina", "points", 10, "source:1")

    def teardown(self) -> None:
        with self.database.read() as session:
            assert books.verify(session) == []
            assert queries.find_effect(session, PROGRAMME, "source:crashed") is None
            for whose in self.oracle.purses:
                self.look_into(session, *whose)

    def after(self, days: int | None) -> datetime | None:
        """An instant of its own for each, so that it is known which of two lots ends first."""
        self.ticks += 1
        return None if days is None else self.now + timedelta(days=days, seconds=self.ticks)

    def agree(self, expect: Any, act: Any) -> None:
        """Do it, and expect what the oracle expects: a replay, a refusal, or the effect."""
        try:
            is_new: bool | None = expect()
        except Refused:
            is_new = None
        with self.database.write() as session:
            try:
                posted = act(session)
            except (Conflict, NotFound):
                assert is_new is None, "refused without need"
            else:
                assert posted.is_new == is_new

    @rule(owner=OWNERS, wallet=IN, points=POINTS, source=SOURCES, waits=DAYS, lasts=DAYS)
    def earn(
        self,
        owner: str,
        wallet: str,
        points: int,
        source: str,
        waits: int | None,
        lasts: int | None,
    ) -> None:
        when = {"available_at": self.after(waits), "expires_at": self.after(lasts)}
        how = {"wallet": wallet, "source": source, "now": self.now, **when}
        self.agree(
            lambda: self.oracle.earn(owner, wallet, points, source, **when),
            lambda session: earn(session, owner, points, **how),
        )

    @rule(owner=OWNERS, wallet=IN, points=POINTS, source=SOURCES)
    def spend(self, owner: str, wallet: str, points: int, source: str) -> None:
        how = {"wallet": wallet, "source": source, "now": self.now}
        self.agree(
            lambda: self.oracle.spend(owner, wallet, points, source, self.now),
            lambda session: spend(session, owner, points, **how),
        )

    @rule(of=SOURCES, points=POINTS, source=SOURCES)
    def reverse(self, of: str, points: int, source: str) -> None:
        self.agree(
            lambda: self.oracle.reverse(of, points, source, self.now),
            lambda session: reverse(session, of, points, source=source, now=self.now),
        )

    @rule(of=SOURCES, lasts=DAYS)
    def release(self, of: str, lasts: int | None) -> None:
        expires_at = self.after(lasts)
        self.oracle.release(of, self.now, expires_at)
        with self.database.write() as session:
            how = {"programme_id": PROGRAMME, "of": of, "now": self.now}
            try:
                ends.release(session, **how, expires_at=expires_at)
            except NotFound:
                assert queries.find_pending(session, PROGRAMME, of) is None

    @rule(days=st.integers(-1, 3))
    def pass_days(self, days: int) -> None:
        """Now and then the clock is set back."""
        self.now += timedelta(days=days)

    @rule()
    def expire(self) -> None:
        self.oracle.expire(self.now)
        with self.database.write() as session:
            for wallet in WALLETS:
                for lot in queries.expiring_by(session, PROGRAMME, self.now, wallet):
                    assert ends.expire(session, lot.id, now=self.now)
                    assert ends.expire(session, lot.id, now=self.now) is None

    @rule(owner=OWNERS, points=POINTS)
    def crash(self, owner: str, points: int) -> None:
        """A transaction that dies before its commit leaves nothing."""
        with Session(self.database.engine.execution_options(writes=True)) as session:
            earn(session, owner, points, source="source:crashed", expires_at=self.after(1))

    @invariant()
    def purses_are_as_expected(self) -> None:
        """All balances after each step, and one purse in its turn down to its lots."""
        self.steps += 1
        with self.database.read() as session:
            for turn, (whose, purse) in enumerate(self.oracle.purses.items()):
                assert queries.balance(session, PROGRAMME, *whose) == purse.balance
                if self.steps % len(self.oracle.purses) == turn:
                    self.look_into(session, *whose)

    def look_into(self, session: Session, owner: str, wallet: str) -> None:
        """What waits and what ends, lot by lot."""
        who, purse = (session, PROGRAMME, owner, wallet), self.oracle.purses[owner, wallet]
        assert queries.pending(*who) == sum(lot.left for lot in purse.waiting.values())
        wait = {lot.source: lot.points for lot in queries.pending_lots(*who)}
        assert wait == {of: lot.left for of, lot in purse.waiting.items() if lot.left}
        kept = [(lot.ends_at, lot.points) for lot in queries.expiring_lots(*who)]
        assert kept == [(lot.ends_at, lot.left) for lot in purse.open_lots()]


@pytest.mark.proof(rounds=250)
def test_any_sequence_of_postings_agrees_with_dictionaries(proof_round: int) -> None:
    play(Ledger, proof_round)


@contextmanager
def played() -> Iterator[Ledger]:
    """A machine at its beginning: nina has 10 of 20 points that end in two days."""
    machine = Ledger()
    machine.open()
    yield machine
    machine.teardown()


def no_order(session: Session, account_id: str) -> list[lots.OpenLot]:
    """A fault: the last to end burns first."""
    return list(reversed(OPEN_LOTS(session, account_id)))


def no_lapse(*_: Any, **__: Any) -> int:
    """A fault: what was given back after its time stays."""
    return 0


OPEN_LOTS = lots.open_lots


def burn_last(machine: Ledger) -> None:
    machine.earn("nina", "points", 10, "source:2", None, 5)
    machine.spend("nina", "points", 5, "source:3")
    machine.purses_are_as_expected()


def take_twice(machine: Ledger) -> None:
    machine.reverse("source:0", 20, "source:4")
    machine.reverse("source:0", 1, "source:5")
    machine.purses_are_as_expected()


def give_back_late(machine: Ledger) -> None:
    machine.pass_days(3)
    machine.reverse("source:1", 10, "source:4")
    machine.purses_are_as_expected()


def wait_for_nothing(machine: Ledger) -> None:
    machine.earn("nina", "points", 10, "source:2", 1, None)
    machine.reverse("source:2", 4, "source:3")
    machine.purses_are_as_expected()


@pytest.mark.parametrize(
    ("play_out", "where", "name", "fault"),
    [
        (burn_last, lots, "open_lots", no_order),
        (take_twice, queries, "reversed_points", lambda *_: 0),
        (give_back_late, ends, "expire_lapsed", no_lapse),
        (wait_for_nothing, lots, "take_from", lambda *_: None),
    ],
)
def test_the_machine_finds_a_planted_fault(
    play_out: Any, where: Any, name: str, fault: Any
) -> None:
    with played() as machine:
        play_out(machine)
    machine = Ledger()
    machine.open()
    with patch.object(where, name, fault), pytest.raises(AssertionError):
        play_out(machine)
