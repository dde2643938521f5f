"""Any sequence of postings, checked step by step against a dictionary."""

from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from core.errors import Conflict, NotFound
from core.transaction import Database, prepare_engine
from loyalty.ledger import books, queries
from loyalty.ledger.models import (
    LedgerAccount,
    LedgerLeg,
    LedgerLot,
    LedgerLotMove,
    LedgerTransaction,
)
from tests.builders.points import PROGRAMME, earn, reverse, spend
from tests.scale import play

OWNERS = st.sampled_from(["nina", "sarah"])
POINTS = st.integers(1, 30)
SOURCES = st.sampled_from([f"source:{number}" for number in range(10)])
MODELS = (LedgerAccount, LedgerTransaction, LedgerLeg, LedgerLot, LedgerLotMove)
TABLES: list[Any] = [model.__table__ for model in MODELS]


class Ledger(RuleBasedStateMachine):
    """The oracle: balances, and for each source what it did (owner, points, reversed source)."""

    def __init__(self) -> None:
        super().__init__()
        self.balances = {"nina": 0, "sarah": 0}
        self.effects: dict[str, tuple[str, int, str | None]] = {}

    @initialize()
    def open(self) -> None:
        engine = prepare_engine(create_engine("sqlite://"))
        LedgerAccount.metadata.create_all(engine, tables=TABLES)
        self.database = Database(engine)
        self.earn("nina", 20, "source:0")
        self.spend("nina", 10, "source:1")

    def teardown(self) -> None:
        with self.database.read() as session:
            assert books.verify(session) == []
            assert queries.find_effect(session, PROGRAMME, "source:crashed") is None
        self.database.engine.dispose()

    def agree(
        self, act: Any, *, fits: bool, effect: tuple[str, int, str | None], source: str
    ) -> None:
        """Do it, and expect what the oracle expects: a replay, a refusal, or the effect."""
        known = self.effects.get(source)
        with self.database.write() as session:
            try:
                posted = act(session)
            except (Conflict, NotFound):
                assert (known is not None and known != effect) or (known is None and not fits)
                return
        assert posted.is_new == (known is None)
        if known is None:
            assert fits
            self.effects[source] = effect
            self.balances[effect[0]] += effect[1]
        else:
            assert known == effect

    @rule(owner=OWNERS, points=POINTS, source=SOURCES)
    def earn(self, owner: str, points: int, source: str) -> None:
        self.agree(
            lambda session: earn(session, owner, points, source=source),
            fits=True,
            effect=(owner, points, None),
            source=source,
        )

    @rule(owner=OWNERS, points=POINTS, source=SOURCES)
    def spend(self, owner: str, points: int, source: str) -> None:
        self.agree(
            lambda session: spend(session, owner, points, source=source),
            fits=self.balances[owner] >= points,
            effect=(owner, -points, None),
            source=source,
        )

    @rule(of=SOURCES, points=POINTS, source=SOURCES)
    def reverse(self, of: str, points: int, source: str) -> None:
        owner, moved, reversed_source = self.effects.get(of, ("nobody", 0, None))
        back = sum(abs(e[1]) for e in self.effects.values() if e[2] == of)
        self.agree(
            lambda session: reverse(session, of, points, source=source),
            fits=reversed_source is None and abs(moved) - back >= points,
            effect=(owner, -points if moved > 0 else points, of),
            source=source,
        )

    @rule(owner=OWNERS, points=POINTS)
    def crash(self, owner: str, points: int) -> None:
        """A transaction that dies before its commit leaves nothing."""
        with Session(self.database.engine.execution_options(writes=True)) as session:
            earn(session, owner, points, source="source:crashed")

    @invariant()
    def balances_are_as_expected(self) -> None:
        with self.database.read() as session:
            for owner, balance in self.balances.items():
                assert queries.balance(session, PROGRAMME, owner) == balance


@pytest.mark.proof(rounds=250)
def test_any_sequence_of_postings_agrees_with_a_dictionary(proof_round: int) -> None:
    play(Ledger, proof_round)
