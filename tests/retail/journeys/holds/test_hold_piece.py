"""A hold from offer to till: who collects it and how, what ends it, and what its member hears."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.errors import Conflict, NotFound
from core.transaction import Database
from loyalty.vouchers import service as vouchers
from loyalty.vouchers.rules import RedemptionView
from retail.catalogue import held
from retail.catalogue.held import HoldView
from retail.catalogue.service import take_stock
from retail.consent import service as consent
from retail.consent.rules import HOLDS_NEWS, OFFERS
from retail.journeys.baskets.as_basket import Goods
from retail.journeys.holds import hold_piece
from retail.journeys.holds.tell_of_holds import tell_of_hold
from retail.journeys.offers.pay_offer import campaign_of
from retail.journeys.offers.show_offer import facts_of
from retail.journeys.sales.claim import claim_receipt
from retail.journeys.sales.purchase import record_purchase
from retail.journeys.vouchers import redeem_vouchers
from retail.journeys.vouchers.redeem_vouchers import ShownBasket
from retail.notifications import queries as notes
from retail.offers.queries import OfferView
from tests.builders.catalogue import new_style, new_variant
from tests.builders.holds import new_hold
from tests.builders.offers import Boutique, FriendsHave, facts, new_boutique
from tests.builders.receipts import SETTINGS, line, receipt_input, till_of
from tests.conftest import both_databases

pytestmark = both_databases


def hold(session: Session, shop: Boutique, offer: OfferView, clock: FixedClock) -> HoldView:
    who = {"member": shop.sarah, "now": clock.now(), "settings": SETTINGS}
    return hold_piece.hold_offered(session, offer.id, **who)


def state(session: Session, hold: HoldView) -> str:
    found = held.find_hold(session, hold.id)
    assert found is not None
    return found.state


def sell(session: Session, shop: Boutique, clock: FixedClock, **about: Any) -> None:
    receipt = receipt_input(line(shop.shoes), sold_at=clock.now(), **about)
    how = {"key": till_of(shop.store), "store_slug": None, "now": clock.now()}
    record_purchase(session, receipt=receipt, settings=SETTINGS, **how)


def redeem(
    session: Session, shop: Boutique, code: str, clock: FixedClock, **about: Any
) -> RedemptionView:
    goods = (Goods(Decimal(1), shop.shoes.price_minor, sku=shop.shoes.sku),)
    shown = ShownBasket("GBP", goods, (code,), **about)
    how = {"store": shop.store, "now": clock.now(), "settings": SETTINGS}
    return redeem_vouchers.redeem_now(session, source=f"till:{code}", shown=shown, **how)


def code_of(session: Session, shop: Boutique) -> str:
    (voucher,) = shop.vouchers(session, shop.sarah)
    return voucher.code


def take_the_last(session: Session, shop: Boutique, clock: FixedClock) -> None:
    where = {"brand_id": shop.store.brand_id, "store_id": shop.store.id}
    take_stock(session, **where, quantities={shop.shoes.id: 1}, now=clock.now())


def why_not(refused: pytest.ExceptionInfo[Conflict]) -> list[str]:
    return [one["reason"] for one in refused.value.data["refused"]]


def test_an_offer_is_held_where_it_was_made_for_as_long_as_is_set(
    session: Session, clock: FixedClock
) -> None:
    shop = new_boutique(session)
    made = hold(session, shop, shop.made(session), clock)
    assert (made.store_id, made.variant_id) == (shop.store.id, shop.shoes.id)
    assert (made.ends_at - made.began_at).total_seconds() == 15 * 60
    assert facts(session, shop.made_before(session)).left == 1


def test_no_hold_outlasts_the_offer_that_it_is_of(session: Session, clock: FixedClock) -> None:
    shop = new_boutique(session)
    offer = shop.made(session)
    clock.instant = offer.ends_at - timedelta(minutes=6)
    assert hold(session, shop, offer, clock).ends_at == offer.ends_at


def test_the_till_that_sells_it_to_its_member_collects_the_hold(
    session: Session, clock: FixedClock
) -> None:
    shop = new_boutique(session, shoes_left=2)
    made = hold(session, shop, shop.made(session), clock)
    sell(session, shop, clock, member_id=shop.nina.id)
    assert state(session, made) == "live"
    sell(session, shop, clock, member_id=shop.sarah.id)
    assert state(session, made) == "collected"


def test_who_claims_a_receipt_that_no_till_knew_to_be_theirs_has_what_they_held(
    session: Session, clock: FixedClock
) -> None:
    shop = new_boutique(session, shoes_left=2)
    made = hold(session, shop, shop.made(session), clock)
    receipt = receipt_input(line(shop.shoes), sold_at=clock.now())
    how = {"store_slug": None, "now": clock.now(), "settings": SETTINGS}
    sold = record_purchase(session, key=till_of(shop.store), receipt=receipt, **how).reply
    assert state(session, made) == "live"
    token = sold.claim_url.rsplit("/", 1)[1]
    claim = {"token": token, "now": clock.now(), "settings": SETTINGS}
    claim_receipt(session, member=shop.sarah, **claim)
    assert state(session, made) == "collected"


def test_the_voucher_of_the_offer_collects_the_hold_whoever_brings_it(
    session: Session, clock: FixedClock
) -> None:
    shop = new_boutique(session)
    made = hold(session, shop, shop.made(session), clock)
    code = code_of(session, shop)
    redeem(session, shop, code, clock)
    assert state(session, made) == "collected"
    sell(session, shop, clock)
    assert redeem(session, shop, code, clock).state == "redeemed"


def test_a_piece_that_somebody_else_holds_or_bought_is_not_sold_off_by_an_offer(
    session: Session, clock: FixedClock
) -> None:
    shop = new_boutique(session)
    shop.made(session)
    code = code_of(session, shop)
    rival = new_hold(session, shop.store, shop.shoes, shop.nina.id, now=clock.now())
    with pytest.raises(Conflict) as refused:
        redeem(session, shop, code, clock)
    assert why_not(refused) == ["withheld"]
    clock.advance(minutes=15)
    assert redeem(session, shop, code, clock).state == "redeemed"
    assert state(session, rival) == "live"


def test_at_the_till_of_nothing_left_an_offer_counts_only_for_a_sale_of_before(
    session: Session, clock: FixedClock
) -> None:
    shop = new_boutique(session)
    shop.made(session)
    code = code_of(session, shop)
    take_the_last(session, shop, clock)
    with pytest.raises(Conflict) as refused:
        redeem(session, shop, code, clock)
    assert why_not(refused) == ["withheld"]
    assert redeem(session, shop, code, clock, sold_at=clock.now()).state == "redeemed"


def test_an_open_offer_of_nothing_left_is_not_shown_and_one_held_is(
    session: Session, clock: FixedClock
) -> None:
    shop = new_boutique(session)
    offer = shop.made(session)
    how: dict[str, Any] = {"now": clock.now(), "minimum_age": 18}
    rival = new_hold(session, shop.store, shop.shoes, shop.nina.id, now=clock.now())
    assert [facts_of(session, offer, channel=one, **how) for one in ("web", "print")] == [None] * 2
    hold_piece.let_go(session, rival.id, member=shop.nina, now=clock.now())
    hold(session, shop, offer, clock)
    assert facts(session, offer).left == 1
    take_the_last(session, shop, clock)
    assert facts_of(session, offer, channel="web", **how) is None


def test_without_agreement_or_after_its_day_an_offer_holds_nothing(
    session: Session, clock: FixedClock
) -> None:
    shop = new_boutique(session)
    offer = shop.made(session)
    who = {"member_id": shop.sarah.id, "brand_id": shop.store.brand_id, "now": clock.now()}
    consent.withdraw(session, **who, purpose=OFFERS)
    with pytest.raises(NotFound, match="isn’t here"):
        hold(session, shop, offer, clock)
    clock.advance(days=1)
    consent.give(session, **who, purpose=OFFERS)
    with pytest.raises(Conflict, match="over"):
        hold(session, shop, offer, clock)


def test_who_held_what_is_not_there_any_more_hears_of_it_once(
    session: Session, clock: FixedClock
) -> None:
    shop = new_boutique(session)
    made = hold(session, shop, shop.made(session), clock)
    assert not tell_of_hold(session, made.id, now=clock.now())
    take_the_last(session, shop, clock)
    assert tell_of_hold(session, made.id, now=clock.now())
    assert not tell_of_hold(session, made.id, now=clock.now())
    (note,) = notes.inbox(session, shop.sarah.id)
    assert note.purpose == HOLDS_NEWS


def set_budget(session: Session, shop: Boutique, limit_minor: int) -> None:
    terms = {"campaign_id": campaign_of("GBP"), "currency": "GBP", "limit_minor": limit_minor}
    vouchers.set_budget(session, programme_id=shop.store.brand_id, **terms)


def test_a_budget_that_cannot_pay_makes_no_offer(db: Database) -> None:
    with db.write() as session:
        shop = new_boutique(session)
        cost = shop.shoes.price_minor // 5
        set_budget(session, shop, cost - 1)
        assert shop.offer(session) is None
        set_budget(session, shop, cost)
        shop.made(session)


def test_an_offer_that_its_budget_cannot_pay_any_more_is_not_shown_and_not_redeemed(
    session: Session, clock: FixedClock
) -> None:
    shop = new_boutique(session)
    offer = shop.made(session)
    set_budget(session, shop, 10)
    assert facts_of(session, offer, channel="web", now=clock.now(), minimum_age=18) is None
    with pytest.raises(Conflict) as refused:
        redeem(session, shop, code_of(session, shop), clock)
    assert why_not(refused) == ["budget_used_up"]


class OnlyTheBest(FriendsHave):
    """Ranks so few at a time that what is here comes later, unless asked for it alone."""

    def __call__(self, question: Any) -> Any:
        tips = super().__call__(question)
        sieve = question.sieve
        here = sieve([one.style_id for one in tips]) if sieve else ()
        return [one for one in tips if sieve is None or one.style_id in here][:1]


def test_what_is_here_is_found_though_much_that_is_not_fits_better(db: Database) -> None:
    with db.write() as session:
        shop = new_boutique(session)
        brand_id = shop.store.brand_id
        style = new_style(session, brand_id=brand_id, category_code="shoes", drawing="boots")
        missing = new_variant(session, brand_id=brand_id, style=style, size="39")
        shop.ranker = OnlyTheBest(crowds={})
        shop.buy_for(session, shop.nina, missing)
        offer = shop.made(session)
    assert offer.style_id == shop.shoes.style_id
    first, second = shop.ranker.asked
    assert first.sieve is None
    assert second.sieve is not None
