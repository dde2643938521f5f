"""What a campaign gives members comes to whoever claims the receipt of a basket without one."""

import pytest
from sqlalchemy.orm import Session

from core import clock as core_clock
from core.clock import FixedClock
from loyalty.campaigns.rules import Used
from loyalty.ledger import queries as ledger
from retail.journeys.sales.claim import claim_receipt
from retail.receipts import codes
from retail.receipts import queries as receipts
from retail.receipts.given import given_for
from tests.builders.receipts import SETTINGS
from tests.builders.till import A_POINT_A_POUND, check, measured_till, new_in_arm, open_till, states
from tests.conftest import KEY, both_databases

THANKS = {"kind": "voucher", "terms": "Thank you"}


@both_databases
@pytest.mark.parametrize("is_back_first", [True, False])
def test_a_claim_brings_what_the_campaign_gives_members_and_returns_take_it(
    session: Session, is_back_first: bool
) -> None:
    off = {"kind": "percent_off", "per_cent": 10}
    till = open_till(session, off, A_POINT_A_POUND, THANKS)
    given = till.give(session, "A-1", 3_000, 2_000, member_id=None)
    assert (given.discount_minor, given.points, given.vouchers) == (500, 0, ())
    receipt_id = till.sell(session, "A-1", 2_700, 1_800, member_id=None)
    if is_back_first:
        till.refund(session, receipt_id, "B-1", 2)
    token = codes.token(KEY, receipt_id)
    for _ in range(2):
        how = {"now": core_clock.now(), "settings": SETTINGS}
        claim_receipt(session, member=till.member, token=token, **how)
    if not is_back_first:
        assert till.has(session) == (0, 45)
        till.refund(session, receipt_id, "B-1", 2)
    assert (till.has(session), states(session, till)) == ((0, 45 - 27 // 2), ["issued"])
    check(session, till, Used(1, 0, 500, 45))
    till.refund(session, receipt_id, "B-2")
    assert (till.has(session), states(session, till)) == ((0, 0), ["void"])
    check(session, till, Used())


def test_a_claim_takes_no_second_use_of_the_sale_even_where_it_took_the_last(
    session: Session,
) -> None:
    off = {"kind": "percent_off", "per_cent": 10}
    till = open_till(session, off, A_POINT_A_POUND, limits={"uses": 1, "budget_points": 30})
    till.give(session, "A-1", 3_000, member_id=None)
    receipt_id = till.sell(session, "A-1", 2_700, member_id=None)
    how = {"now": core_clock.now(), "settings": SETTINGS}
    claim_receipt(session, member=till.member, token=codes.token(KEY, receipt_id), **how)
    assert till.has(session) == (0, 27)
    check(session, till, Used(1, 0, 300, 27))
    assert till.give(session, "A-2", 3_000, member_id=None).discount_minor == 0
    till.take_back(session, "A-1")
    check(session, till, Used())


@both_databases
@pytest.mark.parametrize(("hours", "is_its"), [(10, True), (13, True), (15, False), (22, False)])
def test_a_basket_is_of_the_receipt_of_its_number_on_its_day_alone(
    session: Session, clock: FixedClock, hours: int, is_its: bool
) -> None:
    """Tills may name receipts anew each day; somebody who pays after midnight came before."""
    till = open_till(session, {"kind": "percent_off", "per_cent": 10}, A_POINT_A_POUND)
    clock.advance(hours=11)
    till.give(session, "A-1", 3_000, member_id=None)
    clock.advance(hours=hours - 11)
    receipt_id = till.sell(session, "A-1", 2_700, member_id=None)
    shown = given_for(session, receipts.get_receipt(session, receipt_id))
    assert (sum(len(one) for one in shown.discounts.values()), shown.points) == (is_its, 0)
    how = {"now": core_clock.now(), "settings": SETTINGS}
    claim_receipt(session, member=till.member, token=codes.token(KEY, receipt_id), **how)
    assert till.has(session) == (0, 27 if is_its else 0)


def test_a_claim_brings_nothing_more_for_a_basket_that_had_a_member_or_was_taken_back(
    session: Session,
) -> None:
    till = open_till(session)
    till.give(session, "A-1", 3_000)
    till.give(session, "A-2", 3_000, member_id=None)
    till.take_back(session, "A-2")
    for number in ("A-1", "A-2", "A-3"):
        receipt_id = till.sell(session, number, 3_000, member_id=None)
        how = {"now": core_clock.now(), "settings": SETTINGS}
        claim_receipt(session, member=till.member, token=codes.token(KEY, receipt_id), **how)
    assert till.has(session) == (0, 30)


def test_a_claim_before_the_till_prices_for_good_brings_the_same(session: Session) -> None:
    till = open_till(session)
    receipt_id = till.sell(session, "A-1", 3_000, 2_000, member_id=None)
    till.refund(session, receipt_id, "B-1", 2)
    token, how = codes.token(KEY, receipt_id), {"now": core_clock.now(), "settings": SETTINGS}
    claim_receipt(session, member=till.member, token=token, **how)
    till.give(session, "A-1", 3_000, 2_000, member_id=None)
    assert till.has(session) == (0, 50 - 15)
    till.refund(session, receipt_id, "B-2")
    assert till.has(session) == (0, 0)
    check(session, till, Used())


def test_whoever_is_kept_back_gets_nothing_by_claiming_either(session: Session) -> None:
    till = measured_till(session, A_POINT_A_POUND)
    had = {}
    for number, arm in enumerate(("holdout", "treatment")):
        member = new_in_arm(session, till, arm)
        till.give(session, f"A-{number}", 3_000, member_id=None)
        receipt_id = till.sell(session, f"A-{number}", 3_000, member_id=None)
        how = {"now": core_clock.now(), "settings": SETTINGS}
        claim_receipt(session, member=member, token=codes.token(KEY, receipt_id), **how)
        had[arm] = ledger.pending(session, member.brand_id, member.id)
    assert had == {"holdout": 0, "treatment": 30}
