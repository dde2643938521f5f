"""The known faults of other shops and engines, by their names."""

from decimal import Decimal

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import clock as core_clock
from core.clock import FixedClock
from core.errors import Conflict
from core.transaction import Database
from loyalty.vouchers import redemptions, written
from loyalty.vouchers.models import Redemption
from loyalty.vouchers.rules import RedemptionView
from retail.accounts.models import Member
from retail.journeys.baskets.as_basket import Goods
from retail.journeys.vouchers import redeem_vouchers
from retail.journeys.vouchers.redeem_vouchers import ShownBasket
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.points import PROGRAMME
from tests.builders.races import race
from tests.builders.receipts import SETTINGS
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


@both_databases
def test_one_per_customer_is_not_dodged_by_changing_the_e_mail_address(session: Session) -> None:
    # The same fault where the customer stays and the address goes.
    store = new_store(session)
    nina = new_member(session, store.brand_id, email="nina@shopper.example")
    code = new_code(session, programme_id=store.brand_id, uses=None, uses_per_owner=1)

    def buy(source: str) -> RedemptionView:
        shown = ShownBasket("GBP", (Goods(Decimal(1), 2000),), (code,), member_id=nina.id)
        how = {"now": core_clock.now(), "settings": SETTINGS}
        return redeem_vouchers.redeem_now(session, store=store, source=source, shown=shown, **how)

    assert buy("sale:1").discount_minor == 500
    session.execute(update(Member).values(email="nina.again@shopper.example"))
    with pytest.raises(Conflict) as refusal:
        buy("sale:2")
    assert why(refusal) == ["owner_used_up"]
    check(session)


@both_databases
def test_stacked_offers_never_take_a_basket_below_zero(session: Session) -> None:
    # Known of another shop: two offers of the whole price left a sum to be paid out.
    terms = {"stacking": "stackable", "campaign_id": "may"}
    sums = [new_code(session, **terms, value=1500, priority=place) for place in range(2)]
    half = new_code(session, **terms, kind="percent", value=50, priority=5)
    sold = redeem_now(session, *sums, half, basket=basket(1000, 999))
    assert (sold.discount_minor, sold.pays_minor) == (1999, 0)
    assert [line.pays_minor for line in sold.lines] == [0, 0]
    with pytest.raises(Conflict):
        redeem_now(session, half, basket=basket(0))
    check(session)


@both_databases
def test_a_fixed_discount_is_not_computed_as_per_cent(session: Session) -> None:
    # Known of another engine: 20 off was taken for 20 per cent, a hundred pounds of five hundred.
    fixed = new_code(session, kind="amount", value=2000)
    share = new_code(session, kind="percent", value=20, currency=None)
    for code, discount in ((fixed, 2000), (share, 10_000)):
        assert redeem_now(session, code, basket=basket(50_000)).discount_minor == discount


@both_databases
def test_the_loser_of_a_race_refunds_nothing_that_the_winner_has(db: Database) -> None:
    # The same fault in a race: everybody clears up after a refusal, as if it had been their own.
    with db.write() as session:
        code = new_code(session)

    def sell_or_clear_up(attempt: int) -> bool:
        try:
            with db.write() as session:
                redeem_now(session, code, source=f"sale:{attempt}")
        except Conflict:
            with db.write() as session:
                _let_go_of_all(session)
            return False
        return True

    assert sum(race(sell_or_clear_up, attempts=16)) == 1
    with db.read() as session:
        assert uses_left(session, code) == 0
        check(session)


def _let_go_of_all(session: Session) -> None:
    for found in session.scalars(select(Redemption.id)).all():
        with pytest.raises(Conflict, match="Roll it back"):
            release(session, found)
