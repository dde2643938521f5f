"""Reads of what hangs on a shelf: goods by the number on their label, and where there are more."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased

from retail.catalogue.held import FREE
from retail.catalogue.models import Category, Stock, Style, Variant
from retail.catalogue.queries import FRESH_FOR, GOODS, StockView, VariantView, stock_for

Sizes = Mapping[str, Collection[str]]


def sold_as(session: Session, gtin: str, brand_ids: Iterable[str]) -> dict[str, VariantView]:
    """What each of these brands sells under a GTIN of fourteen digits, by brand."""
    rows = session.execute(GOODS.where(Variant.brand_id.in_(list(brand_ids)), Variant.gtin == gtin))
    return {row[-1]: VariantView(*row[:-1]) for row in rows}


def stock_in_stores(
    session: Session, brand_id: str, variant_id: str, *, now: datetime
) -> dict[str, StockView]:
    """What stores of a brand have free of a variant, by store; never counted means left out."""
    rows = session.execute(
        select(Stock.store_id, Stock.variant_id, FREE, Stock.counted_at).where(
            Stock.brand_id == brand_id, Stock.variant_id == variant_id
        ),
        {"now": now},
    )
    return {row[0]: StockView(*row, is_fresh=now - row.counted_at < FRESH_FOR) for row in rows}


def sized(session: Session, brand_id: str, style_ids: Iterable[str]) -> set[str]:
    """Those of the styles that come in more than one size, in stock or not."""
    rows = session.scalars(
        select(Variant.style_id)
        .where(Variant.brand_id == brand_id, Variant.style_id.in_(list(style_ids)))
        .group_by(Variant.style_id)
        .having(func.count(Variant.size.distinct()) > 1)
    )
    return set(rows)


def on_shelf(
    session: Session,
    store_id: str,
    brand_id: str,
    style_ids: Iterable[str],
    sizes: Sizes,
    *,
    now: datetime,
) -> dict[str, list[VariantView]]:
    """What a store has free of each of some styles, in these sizes by category.

    What comes in one size fits everybody. Never of what nobody may be shown.
    """
    # Two statements by keys: in one, a database without statistics may read all of the stock.
    fitting = [
        VariantView(*row[:-1])
        for row in session.execute(
            GOODS.where(Variant.style_id.in_(list(style_ids)), _fits(sizes, brand_id))
        )
        if row[-1] == brand_id
    ]
    counted = stock_for(session, store_id, [one.id for one in fitting], now=now)
    found: dict[str, list[VariantView]] = {}
    for variant in fitting:
        is_free = variant.id in counted and counted[variant.id].on_hand > 0
        if is_free and not variant.is_never_shareable:
            found.setdefault(variant.style_id, []).append(variant)
    return found


def counted_lately(
    session: Session, store_id: str, brand_id: str, category_code: str, *, now: datetime
) -> list[VariantView]:
    """What a store has free of a category by a count of the last minutes, by SKU.

    Never of what nobody may be shown; nothing where the feed of stock stands still.
    """
    rows = session.execute(
        GOODS.join(Stock, Stock.variant_id == Variant.id)
        .where(
            Stock.store_id == store_id,
            FREE > 0,
            Stock.counted_at > now - FRESH_FOR,
            Variant.brand_id == brand_id,
            Category.code == category_code,
            Category.is_never_shareable.is_(False),
        )
        .order_by(Variant.sku),
        {"now": now},
    )
    return [VariantView(*row[:-1]) for row in rows]


def stocked_in(
    session: Session, store_id: str, brand_id: str, sizes: Sizes
) -> list[tuple[str, dict[str, str]]]:
    """Style and colours of all that a store has in these sizes by category, or in one size.

    What it holds for somebody is among that: this looks at a whole store, and is no promise.
    """
    rows = session.execute(
        select(Variant.style_id, Variant.colours)
        .join(Stock, (Stock.variant_id == Variant.id) & (Stock.store_id == store_id))
        .join(Style, Style.id == Variant.style_id)
        .where(Variant.brand_id == brand_id, Stock.on_hand > 0, _fits(sizes, brand_id))
    )
    return [(row.style_id, row.colours) for row in rows]


def _fits(sizes: Sizes, brand_id: str) -> ColumnElement[bool]:
    """Whether a variant of a style has one of these sizes, or is of the one that there is."""
    other = aliased(Variant)
    fits = [
        (Style.category_code == category) & Variant.size.in_(sorted(mine))
        for category, mine in sorted(sizes.items())
    ]
    in_another = select(other.id).where(
        other.style_id == Variant.style_id, other.brand_id == brand_id, other.size != Variant.size
    )
    return or_(*fits, ~in_another.exists())
