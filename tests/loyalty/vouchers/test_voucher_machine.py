"""The machine of vouchers: it agrees with its dictionary, and finds a fault in each of V1 to V5."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from loyalty.vouchers import once, pricing, redemptions, standing
from loyalty.vouchers.models import Redemption
from tests.loyalty.vouchers.machine import Vouchers
from tests.scale import play

Patch = pytest.MonkeyPatch


@pytest.mark.proof(rounds=250)
def test_any_sequence_of_redemptions_agrees_with_a_dictionary(proof_round: int) -> None:
    play(Vouchers, proof_round)


def use_without_counting(patch: Patch) -> None:
    """V1: a use is written, and nothing is taken from the voucher."""
    patch.setattr(standing, "take", lambda *_: None)


def go_back(patch: Patch) -> None:
    """V2: a state changes whatever it was, so that what was redeemed can be released."""

    def move(session: Any, redemption_id: str, state: str, now: Any, *_: Any) -> bool:
        changed = update(Redemption).where(Redemption.id == redemption_id)
        session.execute(changed.values(state=state, settled_at=now))
        return True

    patch.setattr(redemptions, "_move", move)


def forget_the_till(patch: Patch) -> None:
    """V3: the same sale of the same till is answered as if it were another one."""
    numbers = iter(range(100_000))
    put = once.put

    def anew(session: Any, asked: Any, *rest: Any) -> Any:
        return put(session, replace(asked, source=f"{asked.source}/{next(numbers)}"), *rest)

    patch.setattr(once, "put", anew)


def forget_what_was_taken(patch: Patch) -> None:
    """V4: each voucher takes from the whole basket, also what those before it took."""
    lines_of = pricing._lines_of

    def whole(basket: Any, terms: Any, _: Any) -> Any:
        return lines_of(basket, terms, {line.id: line.total_minor for line in basket.lines})

    patch.setattr(pricing, "_lines_of", whole)


def close_late(patch: Patch) -> None:
    """V5: the instant at which validity ends still belongs to it."""
    reason = pricing._reason

    def late(basket: Any, offer: Any) -> Any:
        found = reason(basket, offer)
        return None if found == "expired" and basket.at == offer.valid_until else found

    patch.setattr(pricing, "_reason", late)


@pytest.mark.parametrize(
    "fault",
    [use_without_counting, go_back, forget_the_till, forget_what_was_taken, close_late],
    ids=["V1", "V2", "V3", "V4", "V5"],
)
def test_a_planted_fault_is_found(monkeypatch: Patch, fault: Callable[[Patch], None]) -> None:
    fault(monkeypatch)
    with pytest.raises((AssertionError, IntegrityError)):
        play(Vouchers, 0, runs=1)


def test_without_a_fault_the_same_walk_is_clean() -> None:
    play(Vouchers, 0, runs=1)
