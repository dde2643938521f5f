"""The machine of points that end: it agrees with its list of lots, and finds planted faults."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from core.ids import new_id
from core.outbox import enqueue
from loyalty.earning.expiry import ends_at
from loyalty.earning.rules import Expiry
from loyalty.ledger import lots, queries
from loyalty.ledger.rules import EXPIRED
from loyalty.ledger.service import spend
from retail.journeys.points import end_points
from tests.loyalty.earning.machine import Ending
from tests.scale import play

Patch = pytest.MonkeyPatch
RUNS = 7
LONDON, KATHMANDU = "Europe/London", "Asia/Kathmandu"


@pytest.mark.proof(rounds=1_450)
def test_points_end_as_a_list_of_lots_says(proof_round: int) -> None:
    play(Ending, proof_round, runs=RUNS)


def opened(zone: str, expiry: Expiry) -> Ending:
    machine = Ending()
    machine.open(zone, expiry)
    return machine


def spend_of_two(machine: Ending) -> None:
    machine.earn("nina", 10, "source:0", None)
    machine.change_terms(Expiry("rolling", 1))
    machine.earn("nina", 10, "source:1", None)
    machine.spend("nina", 10)


def stay_active(machine: Ending) -> None:
    """The first look at a member's idleness comes as the clocks go forward, on a day of 23 hours.

    What ends with that day ends on the same date, by UTC, as what ends with the day before.
    """
    machine.earn("nina", 10, "source:0", None)
    machine.pass_time(24, is_late=False)
    machine.spend("nina", 1)
    machine.pass_time(24, is_late=False)
    machine.purses_are_as_expected()
    machine.pass_time(24, is_late=False)


def work_twice(machine: Ending) -> None:
    machine.earn("nina", 10, "source:0", 0)
    machine.change_terms(Expiry())
    machine.earn("nina", 20, "source:1", None)
    machine.change_terms(Expiry("rolling", 1))
    machine.pass_time(24 * 40, is_late=False)
    machine.purses_are_as_expected()
    machine.work_again()


def wait_over_a_midnight(machine: Ending) -> None:
    machine.earn("nina", 10, "source:0", 2)
    machine.pass_time(49, is_late=False)


def burn_the_oldest(patch: Patch) -> None:
    """Whatever came first is spent first, though other points end sooner."""
    careful = lots.open_lots

    def oldest_first(session: Session, account_id: str) -> list[lots.OpenLot]:
        return sorted(careful(session, account_id), key=lambda lot: lot.id)

    patch.setattr(lots, "open_lots", oldest_first)


def forget_what_was_done(patch: Patch) -> None:
    """Whoever earned once and spends ever since was idle since the first day."""

    def first(session: Session, programme_id: str, owner_id: str, *wallet: str) -> datetime | None:
        lines = queries.statement(session, programme_id, owner_id)
        return lines[-1].happened_at if lines else None

    patch.setattr(queries, "last_activity", first)


def run_out_again(patch: Patch) -> None:
    """A job that comes twice takes twice what its lot had."""
    had: dict[str, Any] = {}

    def expire(session: Session, lot_id: str, *, now: datetime) -> None:
        lot = had.setdefault(lot_id, queries.find_lot(session, lot_id))
        how = {"source": new_id(), "reason": EXPIRED, "pot": "expiry", "now": lot.earned_at}
        who = {"programme_id": lot.programme_id, "owner_id": lot.owner_id}
        spend(session, **who, points=lot.points, **how)

    patch.setattr(end_points, "expire_points", expire)


def end_with_the_day_elsewhere(patch: Patch) -> None:
    """The day of UTC counts, not the brand's."""
    patch.setattr(end_points, "ends_at", lambda expiry, at, _: ends_at(expiry, at, "UTC"))


def count_from_when_they_came_free(patch: Patch) -> None:
    """Points last from when they came free, not from when they were earned."""
    careful = queries.find_pending

    def find(session: Session, programme_id: str, source: str) -> Any:
        lot = careful(session, programme_id, source)
        return lot and replace(lot, earned_at=lot.ends_at)

    patch.setattr(queries, "find_pending", find)


def look_once_a_date(patch: Patch) -> None:
    """One look for each date of UTC, as it once was here: a day of 23 hours has two midnights."""
    careful = enqueue

    def by_date(session: Session, kind: str, payload: Any, *, due_at: datetime, key: str) -> bool:
        if kind == end_points.IDLE_JOB:
            key = f"{kind}:{payload['owner_id']}:{due_at:%Y-%m-%d}"
        return careful(session, kind, payload, due_at=due_at, key=key)

    patch.setattr(end_points, "enqueue", by_date)


Play, Fault = Callable[[Ending], None], Callable[[Patch], None]
FAULTS: tuple[tuple[Fault, Play, str, Expiry], ...] = (
    (burn_the_oldest, spend_of_two, LONDON, Expiry("rolling", 3)),
    (forget_what_was_done, stay_active, LONDON, Expiry("sliding", 1)),
    (look_once_a_date, stay_active, LONDON, Expiry("sliding", 1)),
    (run_out_again, work_twice, LONDON, Expiry("rolling", 1)),
    (end_with_the_day_elsewhere, wait_over_a_midnight, KATHMANDU, Expiry("calendar", 0)),
    (count_from_when_they_came_free, wait_over_a_midnight, KATHMANDU, Expiry("rolling", 1)),
)


@pytest.mark.parametrize(
    ("fault", "play_out", "zone", "expiry"), FAULTS, ids=[one[0].__name__ for one in FAULTS]
)
def test_a_planted_fault_is_found(
    monkeypatch: Patch, fault: Fault, play_out: Play, zone: str, expiry: Expiry
) -> None:
    machine = opened(zone, expiry)
    play_out(machine)
    machine.purses_are_as_expected()
    fault(monkeypatch)
    machine = opened(zone, expiry)
    with pytest.raises(AssertionError):
        play_out(machine)
        machine.purses_are_as_expected()
