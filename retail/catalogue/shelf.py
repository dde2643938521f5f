"""Reads of what hangs on a shelf: goods by the number on their label, and where there are more."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, false, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from retail.catalogue.held import FREE
from retail.catalogue.models import Category, Stock, Style, Variant
from retail.catalogue.queries import (
    FRESH_FOR,
    GOODS,
    CategoryView,
    StockView,
    VariantView,
    get_variants,
    variants_of,
)
from retail.catalogue.sizes import size_order

Sizes = Mapping[str, Collection[str]]
_BETWEEN = "\x1f"
# Whether a variant is of a style that comes in one size, read of an index alone.
_IS_SOLE = Variant.style_id.in_(
    select(Variant.style_id)
    .where(Variant.brand_id == bindparam("brand_id"))
    .group_by(Variant.style_id)
    .having(func.min(Variant.size) == func.max(Variant.size))
)
_OF_STYLES = Variant.style_id.in_(bindparam("style_ids", expanding=True))
_other = aliased(Variant)
# Whether a variant of a style has one of the sizes in `pairs`, or is of the one that there is.
_FITS = or_(
    (Style.category_code + _BETWEEN + Variant.size).in_(bindparam("pairs", expanding=True)),
    ~select(_other.size)
    .where(
        _other.style_id == Variant.style_id,
        _other.brand_id == bindparam("brand_id"),
        _other.size != Variant.size,
    )
    .exists(),
)
# By brand and style, which have an index together: by style alone, a database without statistics
# reads all of the stock.
_FREE_HERE = (
    select(Variant.id)
    .join(Style, Style.id == Variant.style_id)
    .join(Stock, (Stock.variant_id == Variant.id) & (Stock.store_id == bindparam("store_id")))
    .where(Variant.brand_id == bindparam("brand_id"), _OF_STYLES, _FITS, FREE > 0)
)
# What stores have free of variants at `now`; for other rooms to build on.
STOCK: Select[*tuple[Any, ...]] = select(
    Stock.store_id, Stock.variant_id, FREE.label("free"), Stock.counted_at
)


@dataclass(frozen=True)
class Wanted:
    """Goods in these sizes by category, or of the one size that there is.

    None of the `quiet` categories, and at most so dear, in minor units by currency.
    """

    sizes: Sizes
    quiet: Collection[str] = ()
    dearest: Mapping[str, int] = field(default_factory=dict)


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


def fresh_until(counted_at: datetime | None, *, now: datetime) -> datetime | None:
    """Until when a count may be told; None where that is over, or nothing was counted."""
    if counted_at is None or now - counted_at >= FRESH_FOR:
        return None
    return counted_at + FRESH_FOR


def sized_categories(session: Session, brand_id: str) -> list[CategoryView]:
    """The categories of a brand whose goods come in sizes, by name; not what is never shareable."""
    goods = select(Variant.id).join(Style, Style.id == Variant.style_id)
    has_sizes = goods.where(
        Style.brand_id == Category.brand_id,
        Style.category_code == Category.code,
        Variant.size != "",
    )
    rows = session.execute(
        select(Category.code, Category.name, Category.is_never_shareable)
        .where(
            Category.brand_id == brand_id,
            Category.is_never_shareable.is_(False),
            has_sizes.exists(),
        )
        .order_by(Category.name)
    )
    return [CategoryView(*row) for row in rows]


def sizes_of(session: Session, brand_id: str, piece: VariantView) -> list[VariantView]:
    """The piece in every size of its colour, as people expect sizes to follow each other."""
    found = variants_of(session, brand_id, piece.style_id)
    same = (one for one in found if one.colour_name == piece.colour_name and one.size)
    return sorted(same, key=lambda one: (size_order(one.size), one.sku))


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
    given = {"brand_id": brand_id, "style_ids": list(style_ids), "pairs": _pairs(sizes)}
    # What is here comes first, as it may be little of much.
    free = session.scalars(_FREE_HERE, {**given, "store_id": store_id, "now": now})
    found: dict[str, list[VariantView]] = {}
    for variant in get_variants(session, brand_id, free).values():
        if not variant.is_never_shareable:
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
    session: Session,
    store_id: str,
    brand_id: str,
    wanted: Wanted,
    style_ids: Collection[str] | None = None,
) -> set[tuple[str, str]]:
    """Style and main colour of what a store has of the wanted, of all styles or of those asked.

    What it holds for somebody is among that: this is no promise.
    """
    ways: list[ColumnElement[bool]]
    given: dict[str, Any] = {}
    if style_ids is not None:
        ways = [_OF_STYLES & _FITS]
        given = {"style_ids": list(style_ids), "pairs": _pairs(wanted.sizes)}
    else:
        # Of a whole store, apart: each by an index of its own.
        ways = [
            _IS_SOLE,
            *([_in_size(wanted.sizes)] if any(wanted.sizes.values()) else []),
        ]
    found: set[tuple[str, str]] = set()
    for fits in ways:
        rows = session.execute(
            select(Variant.style_id, Variant.colours["a"].as_string())
            .join(Style, Style.id == Variant.style_id)
            .join(Stock, (Stock.variant_id == Variant.id) & (Stock.store_id == store_id))
            .where(Variant.brand_id == brand_id, Stock.on_hand > 0, _is_offered(wanted), fits)
            .distinct(),
            given | {"brand_id": brand_id},
        )
        found.update((style_id, colour or "") for style_id, colour in rows)
    return found


def _is_offered(wanted: Wanted) -> ColumnElement[bool]:
    return and_(
        true(),
        *(Style.category_code != category for category in sorted(wanted.quiet)),
        *(
            (Variant.currency != currency) | (Variant.price_minor <= most)
            for currency, most in sorted(wanted.dearest.items())
        ),
    )


def _in_size(sizes: Sizes) -> ColumnElement[bool]:
    """Whether a variant of a style is in one of these sizes; said twice, once for the index."""
    of_category = [
        (Style.category_code == category) & Variant.size.in_(sorted(mine))
        for category, mine in sorted(sizes.items())
    ]
    return Variant.size.in_(sorted(set().union(*sizes.values()))) & or_(false(), *of_category)


def _pairs(sizes: Sizes) -> list[str]:
    """Each size of a category, as `_FITS` asks for them."""
    return [f"{category}{_BETWEEN}{size}" for category, mine in sizes.items() for size in mine]
