"""The known faults of other shops and engines, by their names."""

import pytest
from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.errors import Conflict
from loyalty.vouchers import redemptions, written
from tests.builders.points import PROGRAMME
from tests.builders.vouchers import (
    basket,
    new_code,
    quote,
    redeem,
    redeem_now,
    release,
    reserve,
    roll_back,
    uses_left,
)
from tests.conftest import NOON, both_databases
from tests.loyalty.vouchers.asking import check, state_of, why


@both_databases
def test_a_checkout_that_is_abandoned_does_not_spend_the_voucher(
    session: Session, clock: FixedClock
) -> None:
    # Known of another shop: whoever closed the browser before paying had lost the voucher.
    code = new_code(session)
    left = reserve(session, code)
    clock.advance(minutes=15)
    assert (state_of(session, code), quote(session, code).discount_minor) == ("issued", 500)
    assert redeem_now(session, code).state == "redeemed"
    with pytest.raises(Conflict, match="over"):
        redeem(session, left.id)
    assert redemptions.lapse(session, left.id, now=clock.now())
    assert not redemptions.lapse(session, left.id, now=clock.now())
    assert uses_left(session, code) == 0
    check(session)


@both_databases
def test_the_loser_of_a_race_does_not_give_back_what_the_winner_has(session: Session) -> None:
    # Known of another engine: who was refused released the voucher, which freed the winner's use.
    code = new_code(session)
    winner = redeem_now(session, code)
    with pytest.raises(Conflict):
        reserve(session, code)
    with pytest.raises(Conflict, match="Roll it back"):
        release(session, winner.id)
    assert uses_left(session, code) == 0
    check(session)


@both_databases
def test_a_cancelled_order_gives_the_voucher_back(session: Session) -> None:
    # Known of another shop: after a cancelled order the voucher stayed spent.
    code = new_code(session)
    sold = redeem_now(session, code)
    back = roll_back(session, sold.id, source="cancel-1")
    assert (back.discount_minor, back.paid_minor) == (500, 1500)
    assert roll_back(session, sold.id, source="cancel-1") == back
    with pytest.raises(Conflict, match="back already"):
        roll_back(session, sold.id)
    assert (uses_left(session, code), state_of(session, code)) == (1, "issued")
    found = written.get_redemption(session, sold.id, programme_id=PROGRAMME, now=NOON)
    assert (found.state, found.rollbacks) == ("redeemed", (back,))
    check(session)


@both_databases
def test_one_per_customer_is_not_dodged_by_another_address(session: Session) -> None:
    # Known of another shop: the limit hung on the e-mail address. Owners here are opaque.
    first, second = (new_code(session, uses=None, uses_per_owner=1) for _ in range(2))
    redeem_now(session, first, basket=basket(2000, owner_id="nina"))
    for code in (first, second):
        with pytest.raises(Conflict) as refusal:
            redeem_now(session, code, basket=basket(2000, owner_id="nina"))
        assert why(refusal) == ["owner_used_up"]
    with pytest.raises(Conflict) as refusal:
        redeem_now(session, first)
    assert why(refusal) == ["owner_needed"]
    assert redeem_now(session, first, basket=basket(2000, owner_id="sarah")).discount_minor == 500
