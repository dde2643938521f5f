"""Reads of styles, variants and stock."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from core.errors import NotFound
from retail.catalogue.held import FREE
from retail.catalogue.models import Category, Stock, Style, Variant

FRESH_FOR = timedelta(minutes=5)
_CODES_A_STATEMENT = 5_000

_Columns = Row[*tuple[Any, ...]]


@dataclass(frozen=True)
class PressFeature:
    """An article that showed the style."""

    on: date
    publication: str
    title: str


@dataclass(frozen=True)
class CategoryView:
    """A kind of goods."""

    code: str
    name: str
    is_never_shareable: bool


@dataclass(frozen=True)
class StyleView:
    """A product with its story; `drawing` names a drawn garment, `picture` an address."""

    id: str
    code: str
    name: str
    category_code: str
    category_name: str
    is_never_shareable: bool
    story: str
    designer: str
    origin: str
    press: tuple[PressFeature, ...]
    worn_by: tuple[str, ...]
    drawing: str | None
    picture: str | None


class VariantView(NamedTuple):
    """One colour and size; `colours` is empty or has `a` main, `t` trim and `l` lining."""

    id: str
    style_id: str
    style_name: str
    sku: str
    gtin: str | None
    colour_name: str
    colours: dict[str, str]
    size: str
    price_minor: int
    currency: str
    drawing: str | None
    category_code: str
    is_never_shareable: bool


class SizeHere(NamedTuple):
    """What a store has free of a colour in one size; fresh when counted within five minutes."""

    size: str
    on_hand: int
    counted_at: datetime
    is_fresh: bool


@dataclass(frozen=True)
class StockView:
    """What a store has free of a variant; fresh when counted less than five minutes ago."""

    store_id: str
    variant_id: str
    on_hand: int
    counted_at: datetime
    is_fresh: bool


# Every style, its rows for `style_view`; for other rooms to build on.
STYLES = select(
    Style.id,
    Style.code,
    Style.name,
    Style.category_code,
    Category.name,
    Category.is_never_shareable,
    Style.story,
    Style.designer,
    Style.origin,
    Style.press,
    Style.worn_by,
    Style.drawing,
    Style.picture,
).join(
    Category,
    (Category.brand_id == Style.brand_id) & (Category.code == Style.category_code),
)
_STYLE = STYLES.where(Style.id == bindparam("id"), Style.brand_id == bindparam("brand_id"))
# When each style came into the catalogue; for other rooms to build on.
ARRIVALS = select(Style.id, Style.brand_id, Style.category_code, Style.name, Style.created_at)
# Every variant, its columns those of `VariantView` and its brand; for other rooms to build on.
GOODS = (
    select(
        Variant.id,
        Variant.style_id,
        Style.name,
        Variant.sku,
        Variant.gtin,
        Variant.colour_name,
        Variant.colours,
        Variant.size,
        Variant.price_minor,
        Variant.currency,
        Style.drawing,
        Style.category_code,
        Category.is_never_shareable,
        Variant.brand_id,
    )
    .join(Style, Style.id == Variant.style_id)
    .join(
        Category,
        (Category.brand_id == Style.brand_id) & (Category.code == Style.category_code),
    )
)
_OF_BRAND = GOODS.where(Variant.brand_id == bindparam("brand_id"))
# By ids, the brand is asked of what was found: SQLite may look for them in all that it has.
_codes: Any = bindparam("codes", expanding=True)
_VARIANTS_BY = {
    **{one.key: GOODS.where(one.in_(_codes)) for one in (Variant.id, Variant.style_id)},
    **{one.key: _OF_BRAND.where(one.in_(_codes)) for one in (Variant.gtin, Variant.sku)},
}
CODES: dict[str, InstrumentedAttribute[str]] = {
    "categories": Category.code,
    "styles": Style.code,
    "variants": Variant.sku,
}
"""By kind: the column that tells the goods of a brand apart in exchanged files."""
_CATEGORIES = (
    select(Category.code, Category.name, Category.is_never_shareable)
    .where(Category.brand_id == bindparam("brand_id"))
    .order_by(Category.code)
)
_STOCK = select(Stock.store_id, Stock.variant_id, FREE, Stock.counted_at).where(
    Stock.store_id == bindparam("store_id"),
    Stock.variant_id.in_(bindparam("codes", expanding=True)),
)


def list_categories(session: Session, brand_id: str) -> list[CategoryView]:
    """The categories of a brand, by code."""
    rows: Iterable[_Columns] = session.execute(_CATEGORIES, {"brand_id": brand_id})
    return [CategoryView(*row) for row in rows]


def get_style(session: Session, brand_id: str, style_id: str) -> StyleView:
    """The style with this id. Raises NotFound."""
    row = session.execute(_STYLE, {"id": style_id, "brand_id": brand_id}).one_or_none()
    if row is None:
        raise NotFound("style_not_found", "We don’t know this style.")
    return style_view(row)


def style_view(row: Sequence[Any]) -> StyleView:
    """What a row of `STYLES` says."""
    values = list(row)
    values[9] = tuple(
        PressFeature(date.fromisoformat(item["on"]), item["publication"], item["title"])
        for item in row[9]
    )
    values[10] = tuple(row[10])
    return StyleView(*values)


def list_styles(
    session: Session, brand_id: str, *, after: str | None = None, limit: int = 50
) -> list[StyleView]:
    """Styles by code, `limit` at most; a page begins after the code of the last one seen."""
    statement = STYLES.where(Style.brand_id == brand_id).order_by(Style.code).limit(limit)
    if after is not None:
        statement = statement.where(Style.code > after)
    return [style_view(row) for row in session.execute(statement)]


def variants_of(session: Session, brand_id: str, style_id: str) -> list[VariantView]:
    """Every colour and size of a style, by SKU."""
    found = _variants(session, "style_id", brand_id, [style_id])
    return sorted(found, key=lambda variant: variant.sku)


def find_variant(
    session: Session, brand_id: str, *, gtin: str | None = None, sku: str | None = None
) -> VariantView | None:
    """The variant that a till means; where both codes are given the GTIN decides."""
    found = find_variants(session, brand_id, {gtin} if gtin else set(), {sku} if sku else set())
    return found.get(("gtin", gtin or "")) or found.get(("sku", sku or ""))


def find_variants(
    session: Session, brand_id: str, gtins: set[str], skus: set[str]
) -> dict[tuple[str, str], VariantView]:
    """What a brand knows of these codes, under ("gtin", fourteen digits) and ("sku", text)."""
    found = {
        ("gtin", variant.gtin or ""): variant
        for variant in _variants(session, "gtin", brand_id, gtins)
    }
    for variant in _variants(session, "sku", brand_id, skus):
        found["sku", variant.sku] = variant
    return found


def get_variants(
    session: Session, brand_id: str, variant_ids: Iterable[str]
) -> dict[str, VariantView]:
    """The variants with these ids, by id; what the brand does not have is left out."""
    return {v.id: v for v in _variants(session, "id", brand_id, set(variant_ids))}


def ids_by_code(session: Session, brand_id: str, kind: str) -> dict[str, str]:
    """The ids of all categories, styles or variants of a brand, by code or SKU."""
    code = CODES[kind]
    model = code.class_
    rows = session.execute(select(code, model.id).where(model.brand_id == brand_id))
    return {row[0]: row[1] for row in rows}


def stock_for(
    session: Session, store_id: str, variant_ids: Iterable[str], *, now: datetime
) -> dict[str, StockView]:
    """What a store has free of these variants, by variant; never counted means left out."""
    found: dict[str, StockView] = {}
    for codes in _chunks(set(variant_ids)):
        for row in session.execute(_STOCK, {"store_id": store_id, "codes": codes, "now": now}):
            is_fresh = now - row.counted_at < FRESH_FOR
            found[row.variant_id] = StockView(*row, is_fresh=is_fresh)
    return found


def sizes_of(bought: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """The sizes that the store `store_id` ever counted of the colours of bought variants.

    `bought` selects ids as `variant_id`; the rows are for `sizes_here`, as of `now`.
    """
    ids = bought.subquery("bought")
    mine = aliased(Variant)
    return (
        select(ids.c.variant_id, Variant.sku, Variant.size, FREE, Stock.counted_at)
        .join(mine, mine.id == ids.c.variant_id)
        .join(
            Variant,
            (Variant.style_id == mine.style_id)
            & (Variant.brand_id == mine.brand_id)
            & (Variant.colour_name == mine.colour_name),
        )
        .join(Stock, (Stock.variant_id == Variant.id) & (Stock.store_id == bindparam("store_id")))
    )


def sizes_here(rows: Iterable[Sequence[Any]], *, now: datetime) -> dict[str, list[SizeHere]]:
    """What rows of `sizes_of` say, by SKU, each once, for every variant that was bought."""
    found: dict[str, dict[str, SizeHere]] = defaultdict(dict)
    for variant_id, sku, size, on_hand, counted_at in rows:
        is_fresh = now - counted_at < FRESH_FOR
        found[variant_id][sku] = SizeHere(size, on_hand, counted_at, is_fresh)
    return {
        variant_id: [by_sku[sku] for sku in sorted(by_sku)] for variant_id, by_sku in found.items()
    }


def _variants(
    session: Session, by: str, brand_id: str, codes: Iterable[str]
) -> Iterator[VariantView]:
    statement: Select[*tuple[Any, ...]] = _VARIANTS_BY[by]
    for chunk in _chunks(codes):
        rows = session.execute(statement, {"brand_id": brand_id, "codes": chunk})
        yield from (VariantView(*row[:-1]) for row in rows if row[-1] == brand_id)


def _chunks(codes: Iterable[str]) -> Iterator[list[str]]:
    """Codes in lists short enough for one statement; SQLite binds 32,766 values at most."""
    ordered = sorted(codes)
    for start in range(0, len(ordered), _CODES_A_STATEMENT):
        yield ordered[start : start + _CODES_A_STATEMENT]
