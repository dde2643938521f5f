"""Credit the sales of a period to stylists, and hold back what would tell of few people."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from retail.brands.queries import BrandView
from retail.consent import queries as consent
from retail.consent.rules import LEAGUE
from retail.engagement.batches import batches, within
from retail.influence import queries, rules
from retail.influence.rules import Month, Sale
from retail.influence.views import Asked
from retail.journeys.influence.follow_looks import tiers_by_stylist


@dataclass(frozen=True)
class Sold:
    """What is credited to stylists; `told` are the sums that may be told, None held back.

    `by_stylist` has the sales themselves where the period is one whole month that is over: of
    nothing else may parts be told.
    """

    told: Mapping[str, int | None]
    by_stylist: Mapping[str, list[Sale]]

    def at(self, store_id: str) -> dict[str, int | None]:
        """What may be told of one store, beside what is told of all."""
        return {
            stylist_id: rules.told(rules.stores_of(sales)).get(store_id)
            if self.told[stylist_id] is not None
            else None
            for stylist_id, sales in self.by_stylist.items()
        }


def credit_sales(session: Session, brand: BrandView, asked: Asked, *, now: datetime) -> Sold:
    """The sales of a period: whole months as they are, what lies in others by batches of ten."""
    months = asked.period.months(brand.zone)
    if asked.period.is_month and months[0].ends_at <= now:
        known = _of_month(session, brand, asked, months[0])
        return Sold(_told(known), known)
    sums: dict[str, list[int]] = defaultdict(list)
    for month in months:
        for one, minor in _share_of(session, brand, asked, month, now).items():
            sums[one].append(minor)
    return Sold({one: sum(some) for one, some in sums.items()}, {})


def _share_of(
    session: Session, brand: BrandView, asked: Asked, month: Month, now: datetime
) -> dict[str, int]:
    """What may be told of the days of a month that lie in the period."""
    known = _of_month(session, brand, asked, month)
    told = {one: minor for one, minor in _told(known).items() if minor is not None}
    if asked.period.covers(month) and month.ends_at <= now:
        return told
    return _in_part(session, brand, asked, month, {one: known[one] for one in told}, now)


def _told(known: Mapping[str, list[Sale]]) -> dict[str, int | None]:
    return rules.told({one: rules.cell_of(sales) for one, sales in known.items()})


def _of_month(
    session: Session, brand: BrandView, asked: Asked, month: Month
) -> dict[str, list[Sale]]:
    days = timedelta(days=asked.windows.days_in(month.on))
    found: dict[str, list[Sale]] = defaultdict(list)
    for sale in queries.sales_of(session, brand.id, month, currency=brand.currency, within=days):
        found[sale.stylist_id].append(sale)
    in_league = consent.consenting(session, found, LEAGUE)
    return {one: sales for one, sales in found.items() if one in in_league}


def _in_part(
    session: Session,
    brand: BrandView,
    asked: Asked,
    month: Month,
    sales: Mapping[str, list[Sale]],
    now: datetime,
) -> dict[str, int]:
    """What of a month lies in the period, and was cut so that its stores and removes fit in."""
    is_over = month.ends_at <= now
    tiers = tiers_by_stylist(session, sales) if is_over else {}
    span = asked.period.span(brand.zone)
    found: dict[str, int] = {}
    for one, some in sales.items():
        if is_over:
            cut = batches(some, keys=rules.told_figures(some, tiers[one]), is_over=True)
        else:
            cut = batches(some, is_over=False)
        if inside := within(cut, *span):
            found[one] = sum(sale.paid_minor for batch in inside for sale in batch)
    return found
