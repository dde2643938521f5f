"""Reads of what hangs on a shelf: goods by the number on their label, and where there are more."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from retail.catalogue.models import Category, Stock, Variant
from retail.catalogue.queries import FRESH_FOR, GOODS, StockView, VariantView


def sold_as(session: Session, gtin: str, brand_ids: Iterable[str]) -> dict[str, VariantView]:
    """What each of these brands sells under a GTIN of fourteen digits, by brand."""
    rows = session.execute(GOODS.where(Variant.brand_id.in_(list(brand_ids)), Variant.gtin == gtin))
    return {row[-1]: VariantView(*row[:-1]) for row in rows}


def stock_in_stores(
    session: Session, brand_id: str, variant_id: str, *, now: datetime
) -> dict[str, StockView]:
    """What the stores of a brand have of a variant, by store; never counted means left out."""
    rows = session.execute(
        select(Stock.store_id, Stock.variant_id, Stock.on_hand, Stock.counted_at).where(
            Stock.brand_id == brand_id, Stock.variant_id == variant_id
        )
    )
    return {row[0]: StockView(*row, is_fresh=now - row.counted_at < FRESH_FOR) for row in rows}


def on_shelf(
    session: Session, store_id: str, brand_id: str, style_ids: Iterable[str]
) -> dict[str, list[VariantView]]:
    """What a store has on hand of each of some styles; never of what nobody may be shown."""
    rows = session.execute(
        GOODS.join(Stock, Stock.variant_id == Variant.id).where(
            Stock.store_id == store_id,
            Stock.on_hand > 0,
            Variant.brand_id == brand_id,
            Variant.style_id.in_(list(style_ids)),
            Category.is_never_shareable.is_(False),
        )
    )
    found: dict[str, list[VariantView]] = {}
    for row in rows:
        variant = VariantView(*row[:-1])
        found.setdefault(variant.style_id, []).append(variant)
    return found


def counted_lately(
    session: Session, store_id: str, brand_id: str, category_code: str, *, now: datetime
) -> list[VariantView]:
    """What a store has of a category by a count of the last minutes, by SKU.

    Never of what nobody may be shown; nothing where the feed of stock stands still.
    """
    rows = session.execute(
        GOODS.join(Stock, Stock.variant_id == Variant.id)
        .where(
            Stock.store_id == store_id,
            Stock.on_hand > 0,
            Stock.counted_at > now - FRESH_FOR,
            Variant.brand_id == brand_id,
            Category.code == category_code,
            Category.is_never_shareable.is_(False),
        )
        .order_by(Variant.sku)
    )
    return [VariantView(*row[:-1]) for row in rows]
