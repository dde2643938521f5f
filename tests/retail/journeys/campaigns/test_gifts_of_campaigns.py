"""What campaigns promise is booked: once, taken back whole or with the goods, never more."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from unittest.mock import patch

import pytest
from sqlalchemy.orm import Session

from core import clock as core_clock
from core.clock import FixedClock
from core.errors import Conflict
from core.transaction import Database
from loyalty.campaigns.rules import Used
from loyalty.ledger import queries as ledger
from loyalty.ledger.rules import WALLETS
from loyalty.ledger.service import spend
from loyalty.vouchers.queries import vouchers_of
from retail.journeys.baskets.as_basket import Goods
from retail.journeys.campaigns import unbook_gifts
from retail.journeys.members.own_data import gather
from retail.journeys.points.end_points import release_points
from retail.journeys.points.review_tier import labels_of_all, tier_labels
from retail.journeys.vouchers.redeem_vouchers import ShownBasket, redeem_now
from retail.receipts import returned
from tests.builders.races import race
from tests.builders.receipts import SETTINGS
from tests.builders.terms import give_terms
from tests.builders.tiers import new_tiers
from tests.builders.till import A_POINT_A_POUND, Till, check, open_till, states
from tests.conftest import KEY, both_databases

THANKS = {"kind": "voucher", "terms": "Thank you"}
LIMITS = {"limits": {"uses": 9, "uses_each": 1, "budget_points": 100}}


def release(session: Session, till: Till) -> None:
    """Points that wait come free."""
    for lot in ledger.pending_lots(session, till.store.brand_id, till.member.id):
        about = {"programme_id": till.store.brand_id, "source": lot.source}
        release_points(session, **about, now=lot.ends_at)


@both_databases
def test_points_wait_for_the_end_of_returns_and_a_voucher_is_the_members_once(
    session: Session,
) -> None:
    till = open_till(session, A_POINT_A_POUND, THANKS, **LIMITS)
    given = [till.give(session, "A-1", 3_000, 2_099) for _ in range(2)]
    assert [(one.is_new, one.points, one.vouchers) for one in given] == [
        (True, 50, ("Thank you",)),
        (False, 50, ("Thank you",)),
    ]
    assert till.has(session) == (0, 50)
    assert states(session, till) == ["issued"]
    who = {"now": core_clock.now(), "key": KEY}
    (mine,) = vouchers_of(session, till.store.brand_id, till.member.id, **who)
    assert mine.valid_until == datetime(2027, 2, 21, tzinfo=UTC), "no voucher ends at noon"
    (lot,) = ledger.pending_lots(session, till.store.brand_id, till.member.id)
    assert (lot.reason, lot.ends_at) == ("campaign", datetime(2026, 12, 23, tzinfo=UTC))
    check(session, till, Used(1, 0, 0, 50))


@both_databases
def test_what_goes_to_credits_is_booked_there_and_goes_back_with_the_goods(
    session: Session,
) -> None:
    credits_ = A_POINT_A_POUND | {"points": "2", "wallet": "credits"}
    till = open_till(session, A_POINT_A_POUND, credits_)
    new_tiers(session, programme_id=till.store.brand_id)
    receipt_id = till.sell(session, "A-1", 3_000, 2_000)
    given = till.give(session, "A-1", 3_000, 2_000)
    assert (given.points, given.credits) == (50, 100)
    assert waiting(session, till) == {"points": 50, "credits": 100}
    assert labels_of_all(session, till.store.brand_id)(till.member.id) == {"tier:silver"}
    till.refund(session, receipt_id, "B-1", 1)
    assert waiting(session, till) == {"points": 43, "credits": 85}
    assert labels_of_all(session, till.store.brand_id)(till.member.id) == {"tier:classic"}
    till.refund(session, receipt_id, "B-2")
    assert waiting(session, till) == {"points": 0, "credits": 0}
    check(session, till, Used())


def test_credits_use_no_budget_of_points(session: Session) -> None:
    credits_ = {"kind": "points", "points": 500, "wallet": "credits"}
    till = open_till(session, credits_, limits={"budget_points": 1})
    assert till.give(session, "A-1", 1_000).credits == 500
    till.take_back(session, "A-1")
    assert waiting(session, till) == {"points": 0, "credits": 0}


def test_a_members_copy_names_the_wallet_to_which_each_gift_went(session: Session) -> None:
    credits_ = A_POINT_A_POUND | {"points": "2", "wallet": "credits"}
    till = open_till(session, A_POINT_A_POUND, credits_)
    till.give(session, "A-1", 5_000)
    document = gather(session, member=till.member, now=core_clock.now(), key=KEY)
    (gift,) = document["campaigns"]
    assert (gift["points"], gift["wallets"]) == (50, {"points": 50, "credits": 100})


def waiting(session: Session, till: Till) -> dict[str, int]:
    """What is on its way to the member, by wallet."""
    who = (till.store.brand_id, till.member.id)
    return {wallet: ledger.pending(session, *who, wallet) for wallet in WALLETS}


def test_the_terms_of_the_brand_say_how_long_points_wait(session: Session) -> None:
    till = open_till(session)
    give_terms(session, till.store.brand_id, pending_days=3)
    till.give(session, "A-1", 1_000)
    (lot,) = ledger.pending_lots(session, till.store.brand_id, till.member.id)
    assert lot.ends_at == datetime(2026, 11, 26, tzinfo=UTC)


def test_without_a_member_or_terms_the_reasons_say_so_and_nothing_is_promised(
    session: Session,
) -> None:
    till = open_till(session, {"kind": "points", "points": 7}, {"kind": "voucher", "terms": "X"})
    nobody = till.give(session, "A-1", 1_000, member_id=None)
    assert nobody.reasons[0].reasons == (
        "Its points needs a member; nobody is known here.",
        "Its voucher needs a member; nobody is known here.",
    )
    known = till.give(session, "A-2", 1_000)
    assert "There are no voucher terms of the name X." in known.reasons[0].reasons
    assert (known.points, known.vouchers, states(session, till)) == (7, (), [])


@both_databases
def test_a_basket_taken_back_takes_its_points_as_a_debt_and_its_unused_voucher(
    session: Session,
) -> None:
    till = open_till(session, A_POINT_A_POUND, THANKS, **LIMITS)
    till.give(session, "A-1", 5_000)
    release(session, till)
    who = {"programme_id": till.store.brand_id, "owner_id": till.member.id}
    spend(session, **who, points=40, source="s", reason="test", now=core_clock.now())
    undone = [till.take_back(session, "A-1") for _ in range(2)]
    assert undone == [unbook_gifts.TakenBack(1, 50, 1, 0), unbook_gifts.TakenBack(0)]
    assert (till.has(session), states(session, till)) == ((-40, 0), ["void"])
    check(session, till, Used())


def test_a_voucher_that_was_used_stays_and_is_said(session: Session) -> None:
    till = open_till(session, THANKS)
    till.give(session, "A-1", 5_000)
    (mine,) = vouchers_of(
        session, till.store.brand_id, till.member.id, now=core_clock.now(), key=KEY
    )
    shown = ShownBasket("GBP", (Goods(Decimal(1), 9_000),), (mine.code,))
    how = {"now": core_clock.now(), "settings": SETTINGS}
    redeem_now(session, store=till.store, source="v", shown=shown, **how)
    assert till.take_back(session, "A-1") == unbook_gifts.TakenBack(1, 0, 0, 1)


@both_databases
@pytest.mark.parametrize("is_sold_first", [True, False])
def test_returns_take_points_line_by_line_in_either_order_and_sum_to_the_whole(
    session: Session, is_sold_first: bool
) -> None:
    till = open_till(session, A_POINT_A_POUND, THANKS, **LIMITS)
    if is_sold_first:
        receipt_id = till.sell(session, "A-1", 3_000, 2_000)
        till.refund(session, receipt_id, "B-1", 1)
        till.give(session, "A-1", 3_000, 2_000)
    else:
        till.give(session, "A-1", 3_000, 2_000)
        receipt_id = till.sell(session, "A-1", 3_000, 2_000)
        till.refund(session, receipt_id, "B-1", 1)
    waits = [till.has(session)[1]]
    for number, pieces in (("B-2", (0, 3)), ("B-2", (0, 3)), ("B-3", (2, 0)), ("B-4", (1, 0))):
        till.refund(session, receipt_id, number, *pieces)
        waits.append(till.has(session)[1])
    assert waits == [43, 28, 28, 13, 5]
    check(session, till, Used(1, 0, 0, 50))
    assert states(session, till) == ["issued"]
    till.refund(session, receipt_id, "B-5")
    assert (till.has(session), states(session, till)) == ((0, 0), ["void"])
    check(session, till, Used())
    assert till.take_back(session, "A-1") == unbook_gifts.TakenBack(0)
    with pytest.raises(Conflict):
        till.give(session, "A-1", 3_000, 2_000)


def test_what_was_taken_back_is_not_returned_again_and_the_rest_of_a_return_is(
    session: Session,
) -> None:
    till = open_till(session)
    till.give(session, "A-1", 3_000, 2_000)
    receipt_id = till.sell(session, "A-1", 3_000, 2_000)
    till.refund(session, receipt_id, "B-1", 2)
    assert till.take_back(session, "A-1").points == 35
    till.refund(session, receipt_id, "B-2", 1)
    assert till.has(session) == (0, 0)


def test_a_receipt_with_other_lines_than_its_basket_takes_points_by_its_money(
    session: Session,
) -> None:
    till = open_till(session)
    till.give(session, "A-1", 3_000, 2_000)
    receipt_id = till.sell(session, "A-1", 1_000, 3_000, 1_000)
    till.refund(session, receipt_id, "B-1", 0, 2)
    assert till.has(session) == (0, 35)


def test_tills_with_the_same_numbers_name_theirs_and_old_numbers_are_other_sales(
    session: Session, clock: FixedClock
) -> None:
    till = open_till(session)
    old = till.sell(session, "7", 1_000, till="9")
    clock.instant += timedelta(days=3)
    till.give(session, "3:7", 1_000)
    till.give(session, "7", 2_000)
    first = till.sell(session, "7", 2_000, till="1")
    third = till.sell(session, "7", 1_000, till="3")
    till.refund(session, old, "B-1")
    assert till.has(session) == (0, 30)
    till.refund(session, third, "B-1")
    assert till.has(session) == (0, 20)
    till.refund(session, first, "B-1")
    assert till.has(session) == (0, 0)


def test_points_of_many_parts_never_go_beyond_what_was_given(session: Session) -> None:
    till = open_till(session, {"kind": "points", "points": 7}, A_POINT_A_POUND)
    till.give(session, "A-1", 999, 101, 0)
    receipt_id = till.sell(session, "A-1", 999, 101, 0)
    left = [till.has(session)[1]]
    for number, place in enumerate((0, 1, 2, 1, 0, 0, 1, 2, 1, 0)):
        pieces = [0, 0, 0]
        pieces[place] = 1
        till.refund(session, receipt_id, f"B-{number}", *pieces)
        left.append(till.has(session)[1])
    assert left[0] == 18
    assert all(before >= after >= 0 for before, after in pairwise(left))
    till.refund(session, receipt_id, "B-last")
    assert till.has(session) == (0, 0)


def test_gold_members_are_known_by_their_tier_now_and_in_simulations(session: Session) -> None:
    gold = {"kind": "buyer", "labels": ["tier:gold"]}
    rule = {"conditions": [gold], "benefits": [{"kind": "points", "points": 7}]}
    till = open_till(session, rules=[rule])
    who = {"brand_id": till.store.brand_id, "now": core_clock.now()}
    assert tier_labels(session, till.member.id, **who) == frozenset()
    new_tiers(session, programme_id=till.store.brand_id)
    assert tier_labels(session, till.member.id, **who) == {"tier:classic"}
    refused = till.give(session, "A-1", 1_000)
    assert refused.reasons[0].reasons == ("It is for tier:gold; the member is tier:classic.",)
    earned = {"id": "c", "kind": "spend", "points": 1, "per_minor": 1, "wallet": "credits"}
    give_terms(session, till.store.brand_id, earned)
    till.sell(session, "S-1", 30_000)
    assert till.give(session, "A-2", 1_000).points == 7
    today = labels_of_all(session, till.store.brand_id)
    assert (today(till.member.id), today("nobody")) == ({"tier:gold"}, {"tier:classic"})


def check_once(db: Database, till: Till, points: int) -> None:
    with db.read() as session:
        assert till.has(session) == (0, points)
        check(session, till, Used(1, 0, 0, 50))


@pytest.mark.proof(rounds=100)
@both_databases
def test_of_many_at_once_one_books_and_a_return_meanwhile_counts(db: Database) -> None:
    with db.write() as session:
        till = open_till(session, **LIMITS)
        receipt_id = till.sell(session, "A-1", 3_000, 2_000)

    def work(attempt: int) -> None:
        with db.write() as session:
            if attempt % 4 == 3:
                till.refund(session, receipt_id, f"B-{attempt % 8}", 1)
            else:
                till.give(session, "A-1", 3_000, 2_000)

    race(work, attempts=16)
    check_once(db, till, 50 - 30 * 2 // 4)


@both_databases
def test_returns_that_do_not_wait_for_the_receipt_are_caught(db: Database) -> None:
    """A control: whoever prices has looked for returns before, and locked nothing."""
    with db.write() as session:
        till = open_till(session, **LIMITS)
        receipt_id = till.sell(session, "A-1", 3_000, 2_000)
    with db.read() as session:
        seen = returned.returns_of(session, receipt_id)
    with db.write() as session:
        till.refund(session, receipt_id, "B-1", 2)
    with db.write() as session, patch.object(returned, "returns_of", lambda *_: seen):
        till.give(session, "A-1", 3_000, 2_000)
    with pytest.raises(AssertionError):
        check_once(db, till, 35)
