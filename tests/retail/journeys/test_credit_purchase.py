"""A purchase is credited to the share that brought its buyer to a look with such a piece."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy.orm import Session

from core import clock
from core.clock import FixedClock
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.catalogue import queries as catalogue
from retail.catalogue.queries import VariantView
from retail.journeys.credit_purchase import credit_purchase
from retail.journeys.like import like
from retail.outfits import queries as outfits
from retail.receipts import service as selling
from retail.receipts.returns import ReturnInput
from retail.sharing import queries, service
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.catalogue import new_variants
from tests.builders.outfits import bought, new_outfit
from tests.conftest import both_databases


@pytest.fixture
def store(session: Session) -> StoreView:
    return new_store(session)


def pieces(session: Session, store: StoreView, look: str) -> Sequence[VariantView]:
    found = outfits.get_visible(session, look)
    ids = [piece.variant_id for piece in found.pieces]
    return list(catalogue.get_variants(session, store.brand_id, ids).values())


def come_by(session: Session, look: str, member: MemberView, channel: str) -> str:
    (link,) = service.make_links(session, look, sharer=None, channels=(channel,), now=clock.now())
    like(session, look, member=member, share_id=link.share_id, now=clock.now())
    return link.share_id


def buy(
    session: Session, store: StoreView, member: MemberView, goods: Any, time: FixedClock
) -> str:
    time.advance(hours=3)
    receipt = bought(session, store, member, goods)
    credit_purchase(session, receipt.id, now=clock.now())
    return receipt.id


@both_databases
def test_the_last_share_gets_it_once_and_gives_it_back_with_the_goods(
    session: Session, clock: FixedClock
) -> None:
    store = new_store(session)
    look = new_outfit(session, store)
    other = new_outfit(session, store, drawings=("skirt",))
    friend = new_member(session, store.brand_id)
    come_by(session, look, friend, "copy")
    clock.advance(days=1)
    last = come_by(session, other, friend, "qr")
    goods = [*pieces(session, store, look), *pieces(session, store, other)]
    receipt = buy(session, store, friend, goods, clock)
    credit_purchase(session, receipt, now=clock.now())
    assert queries.purchase_credit(session, receipt) == last
    given = ReturnInput(number="R-1", returned_at=clock.now())
    selling.record_return(session, receipt, given=given, now=clock.now())
    credit_purchase(session, receipt, now=clock.now())
    assert queries.purchase_credit(session, receipt) is None


def test_other_goods_other_buyers_and_later_weeks_credit_nobody(
    session: Session, store: StoreView, clock: FixedClock
) -> None:
    look = new_outfit(session, store)
    friend, stranger = (new_member(session, store.brand_id) for _ in range(2))
    come_by(session, look, friend, "copy")
    goods = pieces(session, store, look)
    boots = new_variants(session, brand_id=store.brand_id, drawings=("boots",))
    receipts_of = [
        buy(session, store, friend, boots, clock),
        buy(session, store, stranger, goods, clock),
    ]
    clock.advance(days=7)
    receipts_of.append(buy(session, store, friend, goods, clock))
    assert [queries.purchase_credit(session, one) for one in receipts_of] == [None] * 3
