"""A purchase is credited to the share that brought its buyer to a look with such a piece."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from core import clock
from core.clock import FixedClock
from loyalty.ledger import books
from loyalty.ledger import queries as ledger
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.catalogue import queries as catalogue
from retail.catalogue.queries import VariantView
from retail.consent.rules import SHARING, THANKS_TO_FRIENDS
from retail.journeys.league.credit_purchase import credit_purchase
from retail.journeys.looks.like import like
from retail.journeys.points.check_points import check_points
from retail.outfits import queries as outfits
from retail.receipts import service as selling
from retail.receipts.returns import ReturnInput, ReturnLineInput
from retail.sharing import queries, service
from tests.builders.accounts import give_consent, new_member
from tests.builders.brands import new_store
from tests.builders.catalogue import new_variants
from tests.builders.outfits import bought, new_outfit
from tests.builders.terms import give_terms
from tests.conftest import both_databases


@pytest.fixture
def store(session: Session) -> StoreView:
    return new_store(session)


def pieces(session: Session, store: StoreView, look: str) -> Sequence[VariantView]:
    found = outfits.get_visible(session, look)
    ids = [piece.variant_id for piece in found.pieces]
    return list(catalogue.get_variants(session, store.brand_id, ids).values())


def come_by(
    session: Session,
    look: str,
    member: MemberView,
    channel: str,
    sharer: MemberView | None = None,
) -> str:
    now = clock.now()
    (link,) = service.make_links(session, look, sharer=sharer, channels=(channel,), now=now)
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


@both_databases
def test_a_friends_purchase_earns_its_sharer_once_until_the_goods_come_back(
    session: Session, clock: FixedClock
) -> None:
    """Two looks passed on by two members: the last gets it, then the other, then nobody."""
    store = new_store(session)
    deed = {"id": "friend", "kind": "action", "action": "friend_purchase", "points": 30}
    give_terms(session, store.brand_id, deed, deed | {"id": "status", "wallet": "credits"})
    looks = [new_outfit(session, store, drawings=(drawing,)) for drawing in ("shirt", "skirt")]
    sharers = [new_member(session, store.brand_id) for _ in looks]
    friend = new_member(session, store.brand_id)
    give_consent(session, friend, THANKS_TO_FRIENDS)
    for look, sharer in zip(looks, sharers, strict=True):
        give_consent(session, sharer, SHARING)
        come_by(session, look, friend, "copy", sharer)
        clock.advance(hours=1)
    goods = [piece for look in looks for piece in pieces(session, store, look)]
    receipt = buy(session, store, friend, goods, clock)
    assert earned(session, sharers) == [(0, 0), (30, 30)]
    for position, left in ((2, [(30, 30), (0, 0)]), (1, [(0, 0), (0, 0)])):
        lines = (ReturnLineInput(position, Decimal(1)),)
        given = ReturnInput(f"R-{position}", clock.now(), lines)
        selling.record_return(session, receipt, given=given, now=clock.now())
        for _ in range(2):
            credit_purchase(session, receipt, now=clock.now())
            assert earned(session, sharers) == left
    assert check_points(session, store.brand_id) == books.verify(session) == []


@pytest.mark.parametrize("purpose", [SHARING, THANKS_TO_FRIENDS])
def test_unless_sharer_and_buyer_agree_nothing_is_earned(
    session: Session, store: StoreView, clock: FixedClock, purpose: str
) -> None:
    deed = {"id": "friend", "kind": "action", "action": "friend_purchase", "points": 30}
    give_terms(session, store.brand_id, deed)
    look = new_outfit(session, store)
    sharer, friend = (new_member(session, store.brand_id) for _ in range(2))
    give_consent(session, sharer if purpose == SHARING else friend, purpose)
    come_by(session, look, friend, "copy", sharer)
    receipt = buy(session, store, friend, pieces(session, store, look), clock)
    assert queries.purchase_credit(session, receipt)
    assert earned(session, [sharer]) == [(0, 0)]


def earned(session: Session, members: list[MemberView]) -> list[tuple[int, int]]:
    """The points and credits on their way to each."""
    return [
        (
            ledger.pending(session, one.brand_id, one.id),
            ledger.pending(session, one.brand_id, one.id, "credits"),
        )
        for one in members
    ]
