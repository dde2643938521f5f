"""The machine of vouchers: it agrees with its dictionary, and finds a fault in each of V1 to V5.

Those of phones can only be seen where somebody holds vouchers away from a till.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, union, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from loyalty.vouchers import holds, lapsed, once, pricing, redemptions, standing
from loyalty.vouchers.models import Redemption, Voucher, VoucherUse
from tests.loyalty.vouchers.phones import Vouchers
from tests.scale import play

Patch = pytest.MonkeyPatch


@pytest.mark.proof(rounds=335)
def test_any_sequence_of_redemptions_agrees_with_a_dictionary(proof_round: int) -> None:
    play(Vouchers, proof_round, runs=36)


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


def refuse_what_is_held(patch: Patch) -> None:
    """Phones: a till takes over what its member holds, and not what others do."""
    patch.setattr(lapsed, "_FOR_TILLS", lapsed._FOR_OWNERS)


def count_both(patch: Patch) -> None:
    """Phones: a till counts what a phone holds as free, and leaves it with the phone as well."""
    return_use = standing.return_use

    def leave(session: Session, use_id: str, **when: Any) -> Any:
        of_phone = select(Redemption.gives_way).join(VoucherUse).where(VoucherUse.id == use_id)
        if not session.scalar(of_phone):
            return return_use(session, use_id, **when)
        use = session.get_one(VoucherUse, use_id)
        session.get_one(Voucher, use.voucher_id, populate_existing=True).uses_left += 1
        session.flush()
        return use.terms_id, use.discount_minor

    patch.setattr(standing, "return_use", leave)


def keep_what_lapsed(patch: Patch) -> None:
    """Phones: what a phone held keeps its use when its time is over, until the job comes."""
    own = union(lapsed._LAPSED, lapsed._held(gives_way=True).where(lapsed._MINE))
    patch.setattr(lapsed, "_FOR_OWNERS", own)


def hold_for_ever(patch: Patch) -> None:
    """Phones: whoever asks for more time in time is given it again and again."""
    patch.setattr(holds, "HELD_AT_MOST", timedelta(days=1))


def let_go_of_nothing(patch: Patch) -> None:
    """Phones: what an owner lets go of is over, and its vouchers stay taken."""
    free = redemptions._free

    def free_at_tills(session: Session, redemption_id: str, *rest: Any) -> None:
        of_phone = select(Redemption.gives_way).where(Redemption.id == redemption_id)
        if not session.scalar(of_phone):
            free(session, redemption_id, *rest)

    patch.setattr(redemptions, "_free", free_at_tills)


FAULTS = {
    "V1": use_without_counting,
    "V2": go_back,
    "V3": forget_the_till,
    "V4": forget_what_was_taken,
    "V5": close_late,
    "a till is refused": refuse_what_is_held,
    "counted twice": count_both,
    "lapsed and kept": keep_what_lapsed,
    "held for ever": hold_for_ever,
    "let go and kept": let_go_of_nothing,
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_planted_fault_is_found(monkeypatch: Patch, fault: Callable[[Patch], None]) -> None:
    fault(monkeypatch)
    with pytest.raises((AssertionError, IntegrityError)):
        play(Vouchers, 0, runs=1)


def test_without_a_fault_the_same_walk_is_clean() -> None:
    play(Vouchers, 0, runs=1)
