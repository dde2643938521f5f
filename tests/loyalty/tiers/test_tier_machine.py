"""The machine of tiers: it agrees with its dictionary, and finds every planted fault."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from loyalty.ledger import movements
from loyalty.ledger import queries as ledger
from loyalty.tiers import queries, rules, service
from loyalty.tiers.models import TierStanding
from loyalty.tiers.rules import Ladder
from tests.loyalty.tiers.machine import TICK, Tiers
from tests.scale import play

Patch = pytest.MonkeyPatch
RUNS = 8


@pytest.mark.proof(rounds=1_250)
def test_any_sequence_of_credits_and_ladders_agrees_with_a_dictionary(proof_round: int) -> None:
    play(Tiers, proof_round, runs=RUNS)


def forget_grace(patch: Patch) -> None:
    """What was reached ends with its period."""
    until = Ladder.holds_until
    patch.setattr(Ladder, "holds_until", lambda of, at: until(replace(of, grace_days=0), at))


def end_the_year_elsewhere(patch: Patch) -> None:
    """The year of UTC counts, not the zone's."""

    def start(_: Ladder, at: datetime) -> datetime:
        return datetime(at.year, 1, 1, tzinfo=UTC)

    patch.setattr(Ladder, "window_start", start)


def fall_all_the_way(patch: Patch) -> None:
    """Where a ladder goes down by one step at a time, it is forgotten."""
    careful = service.standing

    def standing(ladder: Ladder, *given: Any, **when: Any) -> rules.Standing:
        return careful(replace(ladder, drop="to_earned"), *given, **when)

    patch.setattr(service, "standing", standing)


def hold_a_moment_longer(patch: Patch) -> None:
    """The instant at which a tier runs out still belongs to it."""

    def let_time_pass(ladder: Ladder, reaches: Any, held: Any, until: datetime) -> None:
        careful(ladder, reaches, held, until - TICK)

    careful = rules._let_time_pass
    patch.setattr(rules, "_let_time_pass", let_time_pass)


def keep_what_was_taken_back(patch: Patch) -> None:
    """What comes back counts as of when it does, so what was earned stays earned."""

    def of_owner(session: Any, programme_id: str, owner_id: str, wallet: str) -> Any:
        lines = ledger.statement(session, programme_id, owner_id, wallet=wallet)
        waiting = ledger.pending_lots(session, programme_id, owner_id, wallet)
        return [
            *((one.happened_at, one.points) for one in lines),
            *((one.earned_at, one.points) for one in waiting),
        ]

    patch.setattr(movements, "of_owner", of_owner)


def leave_who_stands_on_an_older_ladder(patch: Patch) -> None:
    """Only whose tier ran out is looked at again."""

    def due(session: Any, programme_id: str, *, now: datetime, most: int) -> list[str]:
        of = TierStanding.programme_id == programme_id
        over = select(TierStanding.owner_id).where(of, TierStanding.review_at <= now)
        return list(session.scalars(over.order_by(TierStanding.owner_id).limit(most)))

    patch.setattr(queries, "due", due)


def renew_by_what_is_spent(patch: Patch) -> None:
    """Whatever happens to credits is a reason to hold a tier from then on."""
    patch.setattr(rules, "_may_move", lambda ladder, credit: True)


def note_every_review(patch: Patch) -> None:
    """A review that finds somebody where they were is noted as a beginning."""
    note = service._note

    def anew(session: Any, ladder: Any, stands: Any, _: Any, *rest: Any) -> Any:
        return note(session, ladder, stands, None, *rest)

    patch.setattr(service, "_note", anew)


FAULTS = (
    forget_grace,
    end_the_year_elsewhere,
    fall_all_the_way,
    hold_a_moment_longer,
    keep_what_was_taken_back,
    leave_who_stands_on_an_older_ladder,
    renew_by_what_is_spent,
    note_every_review,
)


@pytest.mark.parametrize("fault", FAULTS, ids=[one.__name__ for one in FAULTS])
def test_a_planted_fault_is_found(monkeypatch: Patch, fault: Callable[[Patch], None]) -> None:
    fault(monkeypatch)
    with pytest.raises(AssertionError):
        play(Tiers, 0, runs=1)


def test_without_a_fault_the_same_walk_is_clean() -> None:
    play(Tiers, 0, runs=1)
