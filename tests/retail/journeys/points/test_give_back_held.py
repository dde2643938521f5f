"""A reward is given back although its voucher was held, once nobody's till holds it any more."""

from datetime import timedelta

import pytest

from core import clock as core_clock
from core.clock import FixedClock
from core.transaction import Database
from loyalty.ledger import queries as ledger
from loyalty.rewards import queries
from loyalty.vouchers import books as voucher_books
from retail.journeys.points.exchange_points import give_back
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.points import earn
from tests.builders.rewards import exchange, new_reward
from tests.builders.vouchers import basket, hold, reserve
from tests.conftest import both_databases
from tests.retail.journeys.points.test_exchange_points import voucher_of

pytestmark = both_databases


@pytest.mark.parametrize("is_own", [True, False])
def test_a_hold_that_is_over_or_ones_own_is_in_no_ones_way(
    db: Database, clock: FixedClock, *, is_own: bool
) -> None:
    """No job has been there yet."""
    with db.write() as session:
        nina = new_member(session, new_store(session).brand_id)
        earn(session, nina.id, 250, programme_id=nina.brand_id)
        taken = exchange(session, new_reward(session, nina.brand_id).id, nina).exchange
        code = voucher_of(session, taken.id, nina.brand_id).code
        until = core_clock.now() + timedelta(minutes=15)
        where = {"programme_id": nina.brand_id, "until": until}
        if is_own:
            hold(session, code, owner=nina.id, **where)
        else:
            reserve(session, code, basket=basket(2000), **where)
    clock.advance(minutes=0 if is_own else 15)
    with db.write() as session:
        assert voucher_of(session, taken.id, nina.brand_id).is_whole
        give_back(session, taken.id, member=nina, now=core_clock.now())
    with db.read() as session:
        assert ledger.balance(session, nina.brand_id, nina.id) == 250
        assert voucher_books.verify(session) == []
        assert queries.verify(session) == []
