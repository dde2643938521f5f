"""Any sequence of giving and taking back under limits and budgets, beside a dictionary."""

from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import clock
from core.clock import FixedClock, installed
from core.errors import Conflict, NotFound
from loyalty.campaigns import books, evaluate, giving, once, queries, service
from loyalty.campaigns.definition import read_campaign
from loyalty.campaigns.models import Campaign, CampaignBasket, CampaignUse
from loyalty.campaigns.rules import Used
from loyalty.campaigns.running import running_now
from tests.builders.campaigns import facts, line, new_campaign, told
from tests.builders.memory import empty_database
from tests.builders.points import PROGRAMME
from tests.conftest import NOON
from tests.scale import play

TABLES: list[Any] = [one.__table__ for one in (Campaign, CampaignUse, CampaignBasket)]
SOURCES = st.sampled_from([f"sale:{number}" for number in range(10)])
OWNERS = st.sampled_from([None, "nina", "sarah"])
TOTALS = st.sampled_from([1_000, 3_000])
USES, MINOR, EACH, POINTS, GIFT = 4, 700, 2, 21, 7


@dataclass
class Sale:
    """A basket that was given for, what it was given, and whether that was taken back."""

    owner: str | None
    total: int
    off: int
    points: int
    is_back: bool = False


class Campaigns(RuleBasedStateMachine):
    """Ten per cent for so many and so much; points for members, to each so often and so many."""

    def __init__(self) -> None:
        super().__init__()
        self.sales: dict[str, Sale] = {}

    @initialize()
    def open(self) -> None:
        self.database = empty_database(TABLES)
        off = told(
            {"kind": "percent_off", "per_cent": 10},
            limits={"uses": USES, "budget_minor": MINOR},
        )
        points = told(
            {"kind": "points", "points": GIFT},
            limits={"uses_each": EACH, "budget_points": POINTS},
        )
        with installed(FixedClock(NOON)), self.database.write() as session:
            plans = [new_campaign(session, read_campaign(one)) for one in (off, points)]
        self.off, self.points = (plan.id for plan in plans)

    @property
    def standing(self) -> list[Sale]:
        return [sale for sale in self.sales.values() if not sale.is_back]

    def expected(self, owner: str | None, total: int) -> Sale:
        """What the limits leave for a basket, by what stands."""
        off = [sale.off for sale in self.standing if sale.off]
        had = [sale.owner for sale in self.standing if sale.points]
        is_off = len(off) < USES and sum(off) + total // 10 <= MINOR
        is_given = owner and had.count(owner) < EACH and (len(had) + 1) * GIFT <= POINTS
        return Sale(owner, total, total // 10 if is_off else 0, GIFT if is_given else 0)

    @rule(source=SOURCES, owner=OWNERS, total=TOTALS)
    def give(self, source: str, owner: str | None, total: int) -> None:
        known = self.sales.get(source)
        is_refused = known and (known.is_back or (known.owner, known.total) != (owner, total))
        with installed(FixedClock(NOON)), self.database.write() as session:
            try:
                given = give(session, source, owner, total)
            except Conflict:
                assert is_refused
                return
        sale = known or self.expected(owner, total)
        assert not is_refused
        assert given == (sale.off, sale.points)
        self.sales[source] = sale

    @rule(source=SOURCES)
    def take_back(self, source: str) -> None:
        sale = self.sales.get(source)
        with self.database.write() as session:
            try:
                is_new = once.end(session, PROGRAMME, source, now=NOON)
            except NotFound:
                assert sale is None
                return
            assert sale is not None
            assert is_new != sale.is_back
            undone = service.take_back(session, PROGRAMME, source, now=NOON)
        assert undone == (0 if sale.is_back else bool(sale.off) + bool(sale.points))
        sale.is_back = True

    @rule(source=SOURCES, owner=OWNERS)
    def crash(self, source: str, owner: str | None) -> None:
        """A transaction that dies before its commit gives nothing."""
        writing = self.database.engine.execution_options(writes=True)
        with installed(FixedClock(NOON)), Session(writing) as session:
            if source not in self.sales:
                give(session, source, owner, 1_000)

    @invariant()
    def counts_are_those_of_what_stands(self) -> None:
        off = [sale.off for sale in self.standing if sale.off]
        points = [sale.points for sale in self.standing if sale.points]
        with self.database.read() as session:
            assert books.miscounts(session) == []
            running = running_now(session, PROGRAMME, owner_id=None, now=NOON)
        used = {one.id: one.used for one in running}
        assert used[self.off] == Used(len(off), 0, sum(off), 0)
        assert used[self.points] == Used(len(points), 0, 0, sum(points))


def give(session: Session, source: str, owner: str | None, total: int) -> tuple[int, int]:
    """Price a basket for good: what it was given, in money and points."""
    told_by = {"fingerprint": f"{owner}:{total}", "bought_at": NOON, "lines": 1}
    is_new = once.begin(session, PROGRAMME, source, **told_by, now=clock.now())
    if not is_new:
        gifts = queries.gifts_of(session, PROGRAMME, source)
        return sum(one.discount_minor for one in gifts), sum(one.points for one in gifts)
    basket = facts(line("1", total), owner_id=owner)
    given = service.execute(session, PROGRAMME, basket, source=source, now=clock.now())
    return sum(given.discounts.values()), given.points


@pytest.mark.proof(rounds=1_250)
def test_any_sequence_of_gifts_agrees_with_a_dictionary(proof_round: int) -> None:
    play(Campaigns, proof_round, runs=8)


def spend_all(machine: Campaigns) -> None:
    for number in range(USES + 1):
        machine.give(f"sale:{number}", None, 1_000)
        machine.counts_are_those_of_what_stands()


def spend_too_much(machine: Campaigns) -> None:
    for number in range(3):
        machine.give(f"sale:{number}", None, 3_000)


def come_again(machine: Campaigns) -> None:
    for number in range(EACH + 1):
        machine.give(f"sale:{number}", "nina", 1_000)


def say_it_twice(machine: Campaigns) -> None:
    for total in (1_000, 1_000, 3_000):
        machine.give("sale:0", "nina", total)
        machine.counts_are_those_of_what_stands()


def take_twice(machine: Campaigns) -> None:
    machine.give("sale:0", "nina", 1_000)
    for _ in range(2):
        machine.take_back("sale:0")
        machine.counts_are_those_of_what_stands()


def no_limit(*_: Any, **__: Any) -> None:
    """A fault: what was used so far is not looked at."""


def always(*_: Any, **__: Any) -> bool:
    """A fault: every call is the first one."""
    return True


def mark_without_counting(session: Session, programme_id: str, source: str, *, now: Any) -> int:
    """A fault: uses are marked as taken back, and stay counted."""
    uses = session.query(CampaignUse).filter_by(source=source, taken_back_at=None)
    return uses.update({"taken_back_at": now})


@pytest.mark.parametrize(
    ("play_out", "faults"),
    [
        (spend_all, {(evaluate, "refuse"): no_limit, (giving, "_count"): always}),
        (spend_too_much, {(evaluate, "refuse"): no_limit, (giving, "_count"): always}),
        (come_again, {(evaluate, "refuse"): no_limit, (giving, "_free_number"): lambda *_: 1}),
        (say_it_twice, {(once, "begin"): always}),
        (take_twice, {(once, "end"): always}),
        (take_twice, {(service, "take_back"): mark_without_counting}),
    ],
)
def test_the_machine_finds_a_planted_fault(play_out: Any, faults: dict[Any, Any]) -> None:
    for planted in ({}, faults):
        machine = Campaigns()
        machine.open()
        patches = [patch.object(*where, fault) for where, fault in planted.items()]
        for one in patches:
            one.start()
        try:
            if planted:
                with pytest.raises((AssertionError, IntegrityError)):
                    play_out(machine)
            else:
                play_out(machine)
        finally:
            for one in patches:
                one.stop()
