"""What is off with rewards and prizes is found: a planted fault for each thing that holds."""

from collections.abc import Callable, Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.clock import FixedClock
from loyalty.leaderboards.rules import Prize
from loyalty.ledger.rules import Violation
from retail.journeys.league.check_prizes import check_all_prizes
from retail.journeys.points.check_rewards import check_all_rewards
from retail.journeys.points.exchange_points import give_back
from tests.builders.accounts import new_member
from tests.builders.back import new_week, send_back
from tests.builders.brands import new_brand
from tests.builders.points import earn
from tests.builders.rewards import exchange, new_reward

OF_ONE = "WHERE owner_id IS NOT NULL AND back_at IS NULL"
# The database itself refuses what the checks are to find behind its back.
UNGUARDED = "DROP TRIGGER voucher_state_one_way; "
OF_REWARDS = (
    "UPDATE reward_shelf SET taken = 2",
    "UPDATE reward_exchange SET points = 99",
    f"UPDATE reward_exchange SET back_at = taken_at, back_by = 'staff' {OF_ONE}",
    "UPDATE reward_exchange SET back_at = NULL, back_by = NULL",
    "UPDATE reward_exchange SET id = 'another' WHERE back_at IS NULL",
    "DELETE FROM voucher",
    UNGUARDED + "UPDATE voucher SET state = 'issued'",
    "UPDATE voucher SET source = source || 'x'",
)
OF_PRIZES = (
    "DELETE FROM award_doubt",
    "UPDATE award SET is_doubted = false",
    "UPDATE award SET value = 301 WHERE place = 1",
    "UPDATE award SET state = 'held', is_doubted = false WHERE place = 1",
    "DELETE FROM voucher",
    UNGUARDED + "UPDATE voucher SET state = 'issued'",
    "UPDATE award SET state = 'taken_back', is_doubted = false WHERE place = 1",
)
Check = Callable[[Session], Sequence[Violation]]


def unnoticed(session: Session, check: Check, faults: Sequence[str]) -> list[str]:
    """The faults that the check does not find; each is planted by itself."""
    missed = []
    for fault in faults:
        with session.begin_nested() as planted:
            for step in fault.split("; "):
                session.execute(text(step))
            if not check(session):
                missed.append(fault)
            planted.rollback()
        session.expire_all()
    return missed


def test_a_reward_without_its_spend_or_its_voucher_is_found(session: Session) -> None:
    member = new_member(session, new_brand(session).id)
    earn(session, member.id, 300, programme_id=member.brand_id)
    reward = new_reward(session, member.brand_id, stock=5)
    exchange(session, reward.id, member)
    back = exchange(session, reward.id, member)
    give_back(session, back.exchange.id, member=member, now=back.exchange.taken_at)
    assert check_all_rewards(session) == []
    assert unnoticed(session, check_all_rewards, OF_REWARDS) == []


def test_a_prize_that_is_booked_otherwise_than_it_stands_is_found(
    session: Session, clock: FixedClock
) -> None:
    vouchers = [Prize(place, "voucher", value=1000, currency="GBP") for place in (2, 3)]
    week = new_week(session, Prize(1, "points", value=300), *vouchers)
    week.close(session, clock)
    for look in week.looks[:2]:
        send_back(session, week.store, look)
    week.settle(session, clock, "taken_back", place=1)
    assert check_all_prizes(session) == []
    assert unnoticed(session, check_all_prizes, OF_PRIZES) == []
