"""Points against rewards: all of it or nothing, once, and back the way it came."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from core import clock
from core.clock import FixedClock
from core.errors import Conflict, Invalid, NotFound
from core.transaction import Database
from loyalty.ledger import books
from loyalty.ledger import queries as ledger
from loyalty.rewards import queries
from loyalty.vouchers import queries as vouchers
from loyalty.vouchers.terms import Terms
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.journeys.points.exchange_points import Voiding, give_back, source_of, void_exchange
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.points import earn
from tests.builders.races import meeting, race
from tests.builders.rewards import exchange, new_reward
from tests.builders.tiers import new_tiers
from tests.builders.vouchers import basket, redeem_now, reserve, roll_back
from tests.conftest import KEY, both_databases
from tests.retail.journeys.points import naive_exchange

JO = Voiding("manager", "jo")


@pytest.fixture
def store(db: Database) -> StoreView:
    with db.write() as session:
        return new_store(session)


@pytest.fixture
def nina(db: Database, store: StoreView) -> MemberView:
    """A member with 250 points, 150 of which end first."""
    with db.write() as session:
        nina = new_member(session, store.brand_id)
        for points, days in ((150, 10), (100, 20)):
            ends = clock.now() + timedelta(days=days)
            earn(session, nina.id, points, programme_id=store.brand_id, expires_at=ends)
        return nina


def lots(session: Session, member: MemberView) -> list[int]:
    found = ledger.expiring_lots(session, member.brand_id, member.id)
    return [one.points for one in found]


def voucher_of(session: Session, exchange_id: str, brand_id: str) -> vouchers.VoucherView:
    when = {"now": clock.now(), "key": KEY}
    found = vouchers.find_by_source(session, brand_id, source_of(exchange_id), **when)
    assert found is not None
    return found


def test_points_become_a_voucher_and_go_back_to_the_same_lots(
    db: Database, nina: MemberView
) -> None:
    with db.write() as session:
        reward = new_reward(session, nina.brand_id, price=180, stock=1)
        taken = exchange(session, reward.id, nina).exchange
        assert lots(session, nina) == [70]
        voucher = voucher_of(session, taken.id, nina.brand_id)
        assert (voucher.state, voucher.value, voucher.owner_id) == ("issued", 500, nina.id)
        for _ in range(2):
            give_back(session, taken.id, member=nina, now=clock.now())
            assert lots(session, nina) == [150, 100]
        assert voucher_of(session, taken.id, nina.brand_id).state == "void"
        assert queries.get_reward(session, reward.id, programme_id=nina.brand_id).left == 1
        assert books.verify(session) == []


def test_the_same_wish_again_pays_once(db: Database, nina: MemberView) -> None:
    with db.write() as session:
        reward = new_reward(session, nina.brand_id)
        first = exchange(session, reward.id, nina, wish="w")
        assert exchange(session, reward.id, nina, wish="w") == first
        assert ledger.balance(session, nina.brand_id, nina.id) == 150


def test_who_has_too_few_pays_nothing_and_takes_none(db: Database, nina: MemberView) -> None:
    with db.write() as session:
        reward = new_reward(session, nina.brand_id, price=251, stock=1)
    with pytest.raises(Conflict) as refused, db.write() as session:
        exchange(session, reward.id, nina)
    assert refused.value.code == "not_enough_points"
    with db.read() as session:
        assert queries.get_reward(session, reward.id, programme_id=nina.brand_id).taken == 0
        assert queries.taken_by(session, nina.brand_id, nina.id) == []
        assert lots(session, nina) == [150, 100]


def test_points_that_wait_pay_for_nothing(db: Database, store: StoreView) -> None:
    with db.write() as session:
        robin = new_member(session, store.brand_id)
        later = clock.now() + timedelta(days=30)
        earn(session, robin.id, 500, programme_id=store.brand_id, available_at=later)
        reward = new_reward(session, store.brand_id)
    with pytest.raises(Conflict, match="not enough"), db.write() as session:
        exchange(session, reward.id, robin)


def test_a_voucher_that_was_used_or_is_held_keeps_its_points(
    db: Database, nina: MemberView, clock: FixedClock
) -> None:
    where = {"programme_id": nina.brand_id}
    with db.write() as session:
        reward = new_reward(session, nina.brand_id)
        used, held = (exchange(session, reward.id, nina).exchange.id for _ in range(2))
        codes = [voucher_of(session, one, nina.brand_id).code for one in (used, held)]
        redeem_now(session, codes[0], basket=basket(2000), **where)
        until = clock.now() + timedelta(minutes=15)
        reserve(session, codes[1], basket=basket(2000), until=until, **where)
    for one, code in ((used, codes[0]), (held, codes[1])):
        with pytest.raises(Conflict) as refused, db.write() as session:
            give_back(session, one, member=nina, now=clock.now())
        assert refused.value.code == "reward_used"
        with pytest.raises(Conflict), db.write() as session:
            void_exchange(session, code, brand_id=nina.brand_id, by=JO, now=clock.now(), key=KEY)
    with db.read() as session:
        assert ledger.balance(session, nina.brand_id, nina.id) == 50
        assert queries.verify(session) == []


def test_staff_take_back_by_the_code_what_was_chosen_long_ago(
    db: Database, nina: MemberView, clock: FixedClock
) -> None:
    with db.write() as session:
        taken = exchange(session, new_reward(session, nina.brand_id).id, nina).exchange
        code = voucher_of(session, taken.id, nina.brand_id).code
    clock.instant += timedelta(days=15)
    when = {"brand_id": nina.brand_id, "now": clock.now(), "key": KEY}
    with db.write() as session:
        void_exchange(session, code, by=JO, **when)
        void_exchange(session, code, by=JO, **when)
        # The 100 points came of those that have run out since.
        assert ledger.balance(session, nina.brand_id, nina.id) == 100
        assert books.verify(session) == []
        with pytest.raises(NotFound):
            void_exchange(session, "ABCD", by=JO, **when)


def test_a_tier_opens_what_is_for_those_below_it_too(db: Database, nina: MemberView) -> None:
    with db.write() as session:
        new_tiers(session, programme_id=nina.brand_id)
        earn(session, nina.id, 300, programme_id=nina.brand_id, wallet="credits")
        silver, gold = (new_reward(session, nina.brand_id, tier=one) for one in ("silver", "gold"))
        for reward in (silver, gold):
            exchange(session, reward.id, nina)
        low = new_member(session, nina.brand_id)
        earn(session, low.id, 100, programme_id=nina.brand_id)
    with pytest.raises(Conflict) as refused, db.write() as session:
        exchange(session, silver.id, low)
    assert refused.value.code == "reward_tier_needed"


def test_a_reward_without_sense_is_refused_by_its_fields(db: Database, store: StoreView) -> None:
    for wrong, field in (
        ({"tier": "nobility"}, "tier"),
        ({"terms": Terms("amount", 500, "GBP", uses=None)}, "uses"),
        ({"terms": Terms("percent", 101)}, "value"),
        ({"price": 0}, "price"),
    ):
        with pytest.raises(Invalid) as refused, db.write() as session:
            new_reward(session, store.brand_id, **wrong)
        assert field in refused.value.data["fields"]


def check_exchanges(db: Database, members: list[MemberView], *, points: int, out: int) -> None:
    """So many went, and everybody paid for what they have."""
    brand_id = members[0].brand_id
    with db.read() as session:
        (reward,) = queries.rewards_of(session, brand_id)
        assert reward.taken == out
        assert queries.verify(session) == []
        assert books.verify(session) == []
        for member in members:
            had = queries.had_by(session, brand_id, member.id).get(reward.id, 0)
            assert ledger.balance(session, brand_id, member.id) == points - had * reward.price


def set_up(db: Database, people: int, points: int, **offered: int) -> tuple[list[MemberView], str]:
    """So many members with so many points each, and the id of a reward for 100."""
    with db.write() as session:
        brand_id = new_store(session).brand_id
        members = [new_member(session, brand_id) for _ in range(people)]
        for one in members:
            earn(session, one.id, points, programme_id=brand_id)
        return members, new_reward(session, brand_id, **offered).id


def take_one(db: Database, reward_id: str, member: MemberView) -> bool:
    try:
        with db.write() as session:
            exchange(session, reward_id, member)
            return True
    except Conflict:
        return False


@both_databases
def test_points_are_paid_once_however_many_ask_at_once(db: Database) -> None:
    (one,), reward = set_up(db, 1, 500)
    granted = race(lambda _: take_one(db, reward, one), attempts=24)
    assert sum(granted) == 5
    check_exchanges(db, [one], points=500, out=5)


@both_databases
def test_paying_what_was_read_is_caught(db: Database) -> None:
    (one,), reward = set_up(db, 1, 100)
    all_have_read = meeting()
    race(lambda _: naive_exchange.pay_what_was_read(db, reward, one, all_have_read), attempts=8)
    with pytest.raises(AssertionError):
        check_exchanges(db, [one], points=100, out=1)


@both_databases
def test_the_last_ones_go_to_so_many_and_each_limit_holds(db: Database) -> None:
    members, reward = set_up(db, 4, 1000, stock=7, per_owner=2)
    granted = race(lambda number: take_one(db, reward, members[number % 4]), attempts=32)
    assert sum(granted) == 7
    check_exchanges(db, members, points=1000, out=7)
    with db.read() as session:
        assert max(queries.had_by(session, one.brand_id, one.id)[reward] for one in members) == 2


@both_databases
def test_taking_what_was_read_as_left_is_caught(db: Database) -> None:
    members, reward = set_up(db, 8, 100, stock=1)
    all_have_read = meeting()
    race(
        lambda number: naive_exchange.take_what_was_left(
            db, reward, members[number], all_have_read
        ),
        attempts=8,
    )
    with pytest.raises(AssertionError):
        check_exchanges(db, members, points=100, out=1)


@both_databases
def test_the_same_wish_and_the_way_back_at_once_have_one_effect(db: Database) -> None:
    (one,), reward = set_up(db, 1, 500, stock=2)

    def wish(_: int) -> str:
        with db.write() as session:
            return exchange(session, reward, one, wish="w").exchange.id

    (exchange_id,) = set(race(wish, attempts=16))
    check_exchanges(db, [one], points=500, out=1)

    def back(_: int) -> None:
        with db.write() as session:
            give_back(session, exchange_id, member=one, now=clock.now())

    race(back, attempts=16)
    check_exchanges(db, [one], points=500, out=0)


@both_databases
def test_a_till_and_the_way_back_never_both_have_the_voucher(db: Database) -> None:
    (one,), reward = set_up(db, 1, 1000)
    with db.write() as session:
        ids = [exchange(session, reward, one).exchange.id for _ in range(8)]
        codes = [voucher_of(session, each, one.brand_id).code for each in ids]

    def act(number: int) -> str:
        place = number // 2
        try:
            with db.write() as session:
                if number % 2:
                    redeem_now(session, codes[place], programme_id=one.brand_id)
                    return f"used {place}"
                give_back(session, ids[place], member=one, now=clock.now())
                return f"back {place}"
        except Conflict:
            return ""

    done = [one for one in race(act, attempts=16) if one]
    assert sorted(each.split()[1] for each in done) == [str(place) for place in range(8)]
    used = sum(each.startswith("used") for each in done)
    check_exchanges(db, [one], points=1000, out=used)


def test_what_a_till_rolled_back_can_be_given_back(db: Database, nina: MemberView) -> None:
    where = {"programme_id": nina.brand_id}
    with db.write() as session:
        taken = exchange(session, new_reward(session, nina.brand_id).id, nina).exchange
        code = voucher_of(session, taken.id, nina.brand_id).code
        sale = redeem_now(session, code, **where)
        roll_back(session, sale.id, **where)
        give_back(session, taken.id, member=nina, now=clock.now())
        assert ledger.balance(session, nina.brand_id, nina.id) == 250
