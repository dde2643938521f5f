"""Price a basket: what running campaigns give for it, asked beforehand, for good, or taken back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.config import Settings
from core.errors import Invalid
from loyalty.campaigns import queries
from loyalty.campaigns.rules import Effect, Facts
from retail.brands import queries as brands
from retail.brands.queries import StoreView
from retail.journeys.baskets.as_basket import Known
from retail.journeys.campaigns.give_gifts import (
    AskedBasket,
    GiftsFor,
    foresee_gifts,
    give_gifts,
)
from retail.journeys.campaigns.unbook_gifts import TakenBack, unbook_gifts
from retail.journeys.sales.purchase import Notice, store_of_key
from retail.receipts import rules
from retail.receipts.given import basket_source
from retail.staff.queries import KeyView

# How late a till that was offline may send; older baskets would wake campaigns long ended.
OFFLINE_AT_MOST = timedelta(days=30)


@dataclass(frozen=True)
class PricedLine:
    """A line of a basket, and what is to be paid for it after its discount."""

    position: int
    total_minor: int
    discount_minor: int
    to_pay_minor: int


@dataclass(frozen=True)
class GivenEffect:
    """What one benefit of a campaign gives: a discount in all, points, or a voucher of terms.

    `wallet` is where its points go.
    """

    benefit: str
    discount_minor: int
    points: int
    voucher: str | None
    wallet: str


@dataclass(frozen=True)
class GivenGift:
    """What one campaign gives."""

    campaign_id: str
    campaign: str
    effects: tuple[GivenEffect, ...]


@dataclass(frozen=True)
class Reason:
    """Why a rule of a campaign gives something or does not."""

    campaign_id: str
    campaign: str
    rule: int
    applies: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class PricedBasket:
    """What a basket costs and brings. `source` and `is_new` where it was given for good.

    A source that is known already is told what it was given, without the reasons.
    """

    store: str
    currency: str
    total_minor: int
    discount_minor: int
    to_pay_minor: int
    points: int
    credits: int
    vouchers: tuple[str, ...]
    lines: tuple[PricedLine, ...]
    gifts: tuple[GivenGift, ...]
    reasons: tuple[Reason, ...]
    notices: tuple[Notice, ...]
    source: str | None = None
    is_new: bool | None = None


def price_basket(
    session: Session, basket: AskedBasket, *, key: KeyView, store_slug: str | None, now: datetime
) -> PricedBasket:
    """What a basket would be given just now, and why; nothing is written.

    Raises Invalid for what makes no sense.
    """
    store = _store(session, key, store_slug, basket, now)
    return _priced(session, store, basket, foresee_gifts(session, store, basket, now=now))


def give_for_basket(
    session: Session,
    basket: AskedBasket,
    *,
    key: KeyView,
    store_slug: str | None,
    source: str,
    now: datetime,
    settings: Settings,
) -> PricedBasket:
    """Give what campaigns give for a basket and book it, once for each number of a store.

    Of a receipt that is there already, what came back is taken back at once.

    Raises Invalid as `price_basket`, and Conflict for another basket under the number or one that
    was taken back.
    """
    store = _store(session, key, store_slug, basket, now)
    given = give_gifts(session, store, basket, number=source, now=now, key=settings.key)
    priced = _priced(session, store, basket, given)
    return replace(priced, source=source, is_new=given.is_new)


def take_basket_back(
    session: Session, source: str, *, key: KeyView, store_slug: str | None, now: datetime
) -> TakenBack:
    """Undo what a basket was given, so that no limit counts it; what that came to.

    Raises NotFound for an unknown number, and Invalid for an unknown store.
    """
    store = store_of_key(session, key, store_slug)
    return unbook_gifts(session, store.brand_id, basket_source(store.id, source), now=now)


def _store(
    session: Session, key: KeyView, slug: str | None, basket: AskedBasket, now: datetime
) -> StoreView:
    store = store_of_key(session, key, slug)
    fields: dict[str, list[str]] = {}
    programme = brands.get_brand(session, store.brand_id).currency
    if basket.currency != store.currency:
        fields["currency"] = [f"This store sells in {store.currency}."]
    elif basket.currency != programme:
        fields["currency"] = [f"Campaigns of this brand are in {programme}."]
    if basket.at is not None:
        problem = rules.find_time_problem(basket.at, now)
        if problem or basket.at < now - OFFLINE_AT_MOST:
            days = OFFLINE_AT_MOST.days
            fields["at"] = [problem or f"A basket is at most {days} days old."]
    if fields:
        raise Invalid("basket_unclear", "This basket makes no sense.", fields=fields)
    return store


def _priced(
    session: Session, store: StoreView, basket: AskedBasket, given: GiftsFor
) -> PricedBasket:
    facts, outcome = given.facts, given.outcome
    off = outcome.discounts
    lines = tuple(
        PricedLine(
            int(one.id), one.total_minor, minor := off.get(one.id, 0), one.total_minor - minor
        )
        for one in facts.basket.lines
    )
    discount = sum(off.values())
    names = queries.names(session, store.brand_id)
    effects = [effect for gift in outcome.gifts for effect in gift.effects]
    return PricedBasket(
        store=store.slug,
        currency=store.currency,
        total_minor=facts.basket.total_minor,
        discount_minor=discount,
        to_pay_minor=facts.basket.total_minor - discount,
        points=outcome.points,
        credits=outcome.credits,
        vouchers=tuple(effect.voucher for effect in effects if effect.voucher),
        lines=lines,
        gifts=tuple(
            GivenGift(gift.campaign_id, names[gift.campaign_id], tuple(map(_told, gift.effects)))
            for gift in outcome.gifts
        ),
        reasons=tuple(
            Reason(one.campaign_id, names[one.campaign_id], one.rule, one.applies, one.reasons)
            for one in outcome.explanations
        ),
        notices=tuple(_notices(basket, facts, given.lines)),
    )


def _told(effect: Effect) -> GivenEffect:
    return GivenEffect(
        effect.benefit, effect.discount_minor, effect.points, effect.voucher, effect.wallet
    )


def _notices(basket: AskedBasket, facts: Facts, lines: Sequence[Known]) -> list[Notice]:
    said = [
        Notice(
            "unknown_product",
            "We don’t know this product; to campaigns it is its SKU.",
            place,
        )
        for place, (asked, line) in enumerate(zip(basket.lines, lines, strict=True), 1)
        if line.variant_id is None and (asked.gtin or asked.sku)
    ]
    if basket.member_id and facts.basket.owner_id is None:
        said.append(Notice("unknown_member", "We don’t know this member; priced without."))
    return said
