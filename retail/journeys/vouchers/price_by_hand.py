"""Price a basket by hand: what campaigns take off first, and vouchers off what they leave."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.config import Settings
from loyalty.campaigns import queries as campaigns
from loyalty.campaigns.rules import Gift, Outcome
from loyalty.vouchers.rules import LineDiscount, Quote
from retail.brands import queries as brands
from retail.brands.queries import StoreView
from retail.journeys.campaigns.give_gifts import AskedBasket, foresee_gifts, give_gifts
from retail.journeys.vouchers.redeem_vouchers import ShownBasket, quote

NOTHING = Outcome((), ())


@dataclass(frozen=True)
class CampaignShare:
    """What one campaign gives for a basket: a discount in minor units, points, vouchers."""

    name: str
    discount_minor: int
    points: int
    credits: int
    vouchers: int


@dataclass(frozen=True)
class PricedByHand:
    """What campaigns give, and a quote of what vouchers take off the rest.

    `total_minor` is before either, `pays_minor` after both.
    """

    total_minor: int
    pays_minor: int
    campaigns: tuple[CampaignShare, ...]
    quote: Quote


def price_by_hand(
    session: Session, *, store: StoreView, shown: ShownBasket, now: datetime, settings: Settings
) -> PricedByHand:
    """What the sale would come to just now; nothing is written. Raises Invalid."""
    outcome = NOTHING
    if _is_for_campaigns(session, store, shown):
        outcome = foresee_gifts(session, store, _asked(shown), now=now).outcome
    rest = less(shown, outcome.discounts)
    found = _quote(session, store, rest, now, settings)
    names = campaigns.names(session, store.brand_id) if outcome.gifts else {}
    return PricedByHand(
        total_minor=sum(goods.total_minor for goods in shown.lines),
        pays_minor=found.pays_minor,
        campaigns=tuple(_share(names[gift.campaign_id], gift) for gift in outcome.gifts),
        quote=found,
    )


def give_by_hand(
    session: Session, number: str, *, store: StoreView, shown: ShownBasket, **how: Any
) -> dict[str, int]:
    """Give what campaigns give for the sale of this number, once; gives the discounts by line.

    Raises as `give_gifts`.
    """
    if not _is_for_campaigns(session, store, shown):
        return {}
    return give_gifts(session, store, _asked(shown), number=number, **how).outcome.discounts


def less(shown: ShownBasket, off: dict[str, int]) -> ShownBasket:
    """The basket once so much was taken off its lines, which are numbered from 1."""
    lines = tuple(
        replace(goods, total_minor=goods.total_minor - off.get(str(number), 0))
        for number, goods in enumerate(shown.lines, start=1)
    )
    return replace(shown, lines=lines)


def _quote(
    session: Session, store: StoreView, shown: ShownBasket, now: datetime, settings: Settings
) -> Quote:
    if shown.vouchers or shown.held:
        return quote(session, store=store, shown=shown, now=now, settings=settings)
    total = sum(goods.total_minor for goods in shown.lines)
    lines = tuple(
        LineDiscount(str(number), goods.total_minor, 0, goods.total_minor)
        for number, goods in enumerate(shown.lines, start=1)
    )
    return Quote(shown.currency, total, 0, total, lines, (), ())


def _is_for_campaigns(session: Session, store: StoreView, shown: ShownBasket) -> bool:
    """Campaigns reckon in the brand's currency; where a store has another, it sells without."""
    return shown.currency == store.currency == brands.get_brand(session, store.brand_id).currency


def _asked(shown: ShownBasket) -> AskedBasket:
    return AskedBasket(shown.currency, shown.lines, shown.member_id)


def _share(name: str, gift: Gift) -> CampaignShare:
    return CampaignShare(
        name,
        sum(effect.discount_minor for effect in gift.effects),
        gift.points,
        gift.credits,
        sum(effect.voucher is not None for effect in gift.effects),
    )
