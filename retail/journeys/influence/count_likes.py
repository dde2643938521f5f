"""Count the likes of stylists' looks in a period, and those that went further."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from retail.brands import queries as brands
from retail.brands.queries import StoreView
from retail.engagement.queries import engagement_in_part, engagement_of
from retail.engagement.rules import Told
from retail.influence.views import Asked


def count_likes(
    session: Session, asked: Asked, *, now: datetime
) -> tuple[dict[str, Told], int | None]:
    """The likes that may be told, by stylist, and how many look arranged where that may be.

    Summed over stores and months: a sum of what is told tells no more.
    """
    stores = [asked.store] if asked.store else brands.list_stores(session, asked.brand_id)
    told: dict[str, list[Told]] = defaultdict(list)
    aside: list[int] = []
    for store in stores:
        for found, arranged in _by_month(session, asked, store, now):
            for stylist_id, one in found.items():
                told[stylist_id].append(one)
            aside += [arranged] if arranged else []
    return {one: _summed(some) for one, some in told.items()}, sum(aside) or None


def _by_month(
    session: Session, asked: Asked, store: StoreView, now: datetime
) -> Iterator[tuple[dict[str, Told], int | None]]:
    for month in asked.period.months(store.zone):
        if asked.period.covers(month):
            whole = engagement_of(
                session,
                asked.brand_id,
                store_id=store.id,
                starts_at=month.starts_at,
                ends_at=month.ends_at,
            )
            yield {one.stylist_id: one.told for one in whole.stylists}, whole.set_aside
        else:
            part = engagement_in_part(
                session,
                asked.brand_id,
                store_id=store.id,
                month=(month.starts_at, month.ends_at),
                part=asked.period.span(store.zone),
                is_over=month.ends_at <= now,
            )
            yield part, None


def _summed(told: list[Told]) -> Told:
    """Likes of several stores as one; engaged ones only where they are told at each of them."""
    shown = [one for one in told if one.likes is not None]
    engaged = [one.engaged for one in shown if one.engaged is not None]
    return Told(
        sum(one.likes or 0 for one in shown) if shown else None,
        sum(engaged) if engaged and len(engaged) == len(shown) else None,
    )
