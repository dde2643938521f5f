"""Any sequence of giving and withdrawing, by cell and whole, checked against a set."""

from typing import Any

import pytest
from hypothesis import seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from core.model import Base
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.consent import queries, service
from retail.consent.cells import Cell
from retail.consent.rules import PURPOSES
from tests.builders.accounts import new_member
from tests.builders.brands import new_brand
from tests.builders.memory import empty_database
from tests.conftest import NOON
from tests.scale import PLAY, RUNS, times

TABLES = [Base.metadata.tables[name] for name in ("brand", "member", "consent", "event", "job")]
WHO, NOTICE = st.sampled_from([0, 1]), st.sampled_from([None, "2025-01"])
# A purpose and one of its channels, or all of them.
ASKED = st.sampled_from(sorted(PURPOSES)).flatmap(
    lambda code: st.tuples(
        st.just(code),
        st.sampled_from([None, None, *sorted({cell.channel for cell in PURPOSES[code].cells})]),
    )
)


class Minds(RuleBasedStateMachine):
    """The oracle: the words in which each member agrees to each cell, and the epoch."""

    def __init__(self) -> None:
        super().__init__()
        self.agreed: dict[tuple[int, str, Cell], str] = {}
        self.epoch = 0

    @initialize()
    def open(self) -> None:
        self.database = empty_database(TABLES)
        with self.database.write() as session:
            brand_id = new_brand(session).id
            self.members: list[MemberView] = [new_member(session, brand_id) for _ in range(2)]

    def change(self, how: Any, who: int, **asked: Any) -> bool:
        member = self.members[who]
        with self.database.write() as session:
            return bool(
                how(session, member_id=member.id, brand_id=member.brand_id, now=NOON, **asked)
            )

    @rule(who=WHO, asked=ASKED, notice=NOTICE)
    def give(self, who: int, asked: tuple[str, str | None], notice: str | None) -> None:
        purpose, channel = asked
        given = {"purpose": purpose, "channel": channel, "notice_version": notice}
        is_new = self.change(service.give, who, **given)
        words = notice or PURPOSES[purpose].notice_version
        cells = [(who, purpose, cell) for cell in PURPOSES[purpose].cells_of(None, channel)]
        assert is_new == any(self.agreed.get(cell) != words for cell in cells)
        self.agreed |= dict.fromkeys(cells, words)
        self.epoch += is_new

    @rule(who=WHO, asked=ASKED)
    def withdraw(self, who: int, asked: tuple[str, str | None]) -> None:
        purpose, channel = asked
        had = self.change(service.withdraw, who, purpose=purpose, channel=channel)
        cells = [(who, purpose, cell) for cell in PURPOSES[purpose].cells_of(None, channel)]
        words = [self.agreed.pop(cell, None) for cell in cells]
        assert had == any(words)
        self.epoch += had

    @rule(who=WHO)
    def erase(self, who: int) -> None:
        member = self.members[who]
        with self.database.write() as session:
            service.erase(session, member.id, brand_id=member.brand_id)
        self.agreed = {key: words for key, words in self.agreed.items() if key[0] != who}
        self.epoch += 1

    @invariant()
    def every_question_has_the_expected_answer(self) -> None:
        with self.database.read() as session:
            assert brands.consent_epoch(session, self.members[0].brand_id) == self.epoch
            for who, member in enumerate(self.members):
                for view in queries.consents_of(session, member.id):
                    cells = {Cell(c.audience, c.channel): c.is_given for c in view.cells}
                    expected = {cell: (who, view.purpose, cell) in self.agreed for cell in cells}
                    assert cells == expected
                    assert view.is_given == any(expected.values())
            whole = [(0, "league", cell) in self.agreed for cell in PURPOSES["league"].cells]
            assert queries.has_consent(session, self.members[0].id, "league") == all(whole)


def play_a_little(number: int) -> None:
    """300 steps, and in `make proof` as many as others take."""
    few = settings(PLAY, max_examples=times(6, RUNS))
    run_state_machine_as_test(seed(number)(Minds), settings=few)


@pytest.mark.proof(rounds=250)
def test_any_sequence_of_minds_agrees_with_a_set(proof_round: int) -> None:
    play_a_little(proof_round)


@pytest.mark.parametrize("place", ["_give", "_end", "brands.bump_epoch"])
def test_a_planted_fault_is_found(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    *within, name = place.split(".")
    target: Any = getattr(service, within[0]) if within else service
    monkeypatch.setattr(target, name, lambda *_: None)
    with pytest.raises(AssertionError):
        play_a_little(0)
