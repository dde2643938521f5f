"""A till that prices baskets for good, sells and takes back, for tests of what campaigns book."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from core import clock
from loyalty.campaigns import queries, service
from loyalty.campaigns.definition import read_campaign
from loyalty.campaigns.rules import Used
from loyalty.experiments.rules import stands
from loyalty.ledger import books
from loyalty.ledger import queries as ledger
from loyalty.vouchers import books as voucher_books
from loyalty.vouchers.queries import vouchers_of
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.journeys.baskets.as_basket import Goods
from retail.journeys.campaigns.check_gifts import check_all_gifts
from retail.journeys.campaigns.give_gifts import AskedBasket
from retail.journeys.campaigns.run_campaign import start_campaign
from retail.journeys.campaigns.unbook_gifts import TakenBack
from retail.journeys.sales.purchase import record_purchase
from retail.journeys.sales.refund import record_refund
from retail.journeys.vouchers.price_basket import (
    PricedBasket,
    give_for_basket,
    take_basket_back,
)
from retail.receipts.returns import ReturnInput, ReturnLineInput
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.campaigns import new_campaign, told
from tests.builders.receipts import SETTINGS, line, receipt_input, till_of
from tests.builders.vouchers import agree_on
from tests.conftest import KEY

A_POINT_A_POUND = {"kind": "points_per_unit", "points": "1"}


@dataclass(frozen=True)
class Till:
    """A store, a member of its brand, and the brand's one campaign."""

    store: StoreView
    member: MemberView
    campaign_id: str

    @property
    def who(self) -> dict[str, Any]:
        return {"key": till_of(self.store), "store_slug": None, "now": clock.now()}

    def give(self, session: Session, number: str, *totals: int, **more: Any) -> PricedBasket:
        """Price for good four pieces for each total."""
        goods = tuple(Goods(Decimal(4), total) for total in totals)
        about = {"member_id": self.member.id} | more
        basket = AskedBasket(self.store.currency, goods, **about)
        return give_for_basket(session, basket, source=number, settings=SETTINGS, **self.who)

    def take_back(self, session: Session, number: str) -> TakenBack:
        return take_basket_back(session, number, **self.who)

    def sell(self, session: Session, number: str, *totals: int, **more: Any) -> str:
        """Record the receipt of the same; gives its id."""
        lines = [line(total_minor=total, quantity=Decimal(4)) for total in totals]
        about = {"member_id": self.member.id} | more
        sent = receipt_input(*lines, number=number, **about)
        return record_purchase(session, receipt=sent, settings=SETTINGS, **self.who).reply.id

    def refund(self, session: Session, receipt_id: str, number: str, *pieces: int) -> None:
        """So many pieces of each line come back; without any, all that is left."""
        lines = [ReturnLineInput(at, Decimal(count)) for at, count in enumerate(pieces, 1) if count]
        given = ReturnInput(number, clock.now(), tuple(lines) or None)
        who = {"key": till_of(self.store), "now": clock.now()}
        record_refund(session, receipt_id=receipt_id, given=given, **who)

    def has(self, session: Session) -> tuple[int, int]:
        """What the member has, and what is on its way."""
        who = (session, self.member.brand_id, self.member.id)
        return ledger.balance(*who), ledger.pending(*who)


def open_till(session: Session, *benefits: dict[str, Any], **more: Any) -> Till:
    """A till of a brand whose campaign gives a point a pound, or these benefits."""
    store = new_store(session)
    agree_on(session, "Thank you", programme_id=store.brand_id)
    plan = told(*(benefits or (A_POINT_A_POUND,)), **{"name": "Double points weekend"} | more)
    campaign = new_campaign(session, read_campaign(plan), programme_id=store.brand_id)
    return Till(store, new_member(session, store.brand_id), campaign.id)


def check(session: Session, till: Till, used: Used) -> None:
    """Books and campaigns add up, and the campaign gave this."""
    assert books.verify(session) == []
    assert check_all_gifts(session) == []
    assert voucher_books.verify(session) == []
    assert queries.get(session, till.campaign_id, programme_id=till.store.brand_id).used == used


def states(session: Session, till: Till) -> list[str]:
    """How each of the member's vouchers stands."""
    who = (session, till.store.brand_id, till.member.id)
    return [one.state for one in vouchers_of(*who, now=clock.now(), key=KEY)]


def measured_till(session: Session, *benefits: dict[str, Any], **more: Any) -> Till:
    """A till of a brand whose campaign keeps half of the members back, unless told otherwise."""
    store = new_store(session)
    agree_on(session, "Thank you", programme_id=store.brand_id)
    starts_at = more.pop("starts_at", clock.now() - timedelta(hours=1))
    plan = told(*benefits, **{"name": "Autumn", "holdout": 500} | more)
    who = {"programme_id": store.brand_id}
    when = {"starts_at": starts_at, "ends_at": None, "now": clock.now()}
    campaign_id = service.draft(session, definition=read_campaign(plan), **who, **when)
    start_campaign(session, campaign_id, **who, now=clock.now())
    return Till(store, new_member(session, store.brand_id), campaign_id)


def new_in_arm(session: Session, till: Till, arm: str, holdout: int = 500) -> MemberView:
    """A member who will be drawn into an arm of the till's campaign."""
    while True:
        member = new_member(session, till.store.brand_id)
        if stands(till.campaign_id, member.id, holdout).arm == arm:
            return member
