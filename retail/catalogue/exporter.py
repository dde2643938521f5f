"""What is there, in the formats of an import."""

from collections.abc import Callable, Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import NotFound
from retail.brands import queries as brands
from retail.catalogue import cells, queries, sheets
from retail.catalogue.formats import COLOURS, FORMATS, Record
from retail.catalogue.models import Stock, StockPlace, Style, Variant


def export_csv(session: Session, brand_id: str, kind: str) -> str:
    """All of a brand's rows of one kind as CSV; imported again it changes nothing.

    Raises NotFound for a kind that is not exchanged.
    """
    if kind not in FORMATS:
        raise NotFound("export_not_found", f"We export {', '.join(FORMATS)}.")
    format_ = FORMATS[kind]
    found = records(session, brand_id, kind)
    return sheets.write(format_.names, (format_.write(found[key]) for key in sorted(found)))


def records(session: Session, brand_id: str, kind: str) -> dict[str, Record]:
    """All of a brand's rows of one kind, by their key."""
    format_ = FORMATS[kind]
    return {format_.key_of(record): record for record in _LOADERS[kind](session, brand_id)}


def _stores(session: Session, brand_id: str) -> Iterator[Record]:
    for store in brands.list_stores(session, brand_id):
        yield {
            "store": store.slug,
            "name": store.name,
            "zone": store.zone,
            "currency": store.currency,
            "locale": store.locale,
        }


def _categories(session: Session, brand_id: str) -> Iterator[Record]:
    for category in queries.list_categories(session, brand_id):
        yield {
            "category": category.code,
            "name": category.name,
            "never_shareable": category.is_never_shareable,
        }


def _styles(session: Session, brand_id: str) -> Iterator[Record]:
    for style in session.scalars(select(Style).where(Style.brand_id == brand_id)):
        yield {
            "style": style.code,
            "name": style.name,
            "category": style.category_code,
            "designer": style.designer,
            "origin": style.origin,
            "story": style.story,
            "press": tuple(
                (date.fromisoformat(item["on"]), item["publication"], item["title"])
                for item in style.press
            ),
            "worn_by": tuple(style.worn_by),
            "drawing": style.drawing,
            "picture": style.picture,
        }


def _variants(session: Session, brand_id: str) -> Iterator[Record]:
    rows = session.execute(
        select(
            Variant.sku,
            Variant.gtin,
            Style.code,
            Variant.colour_name,
            Variant.colours,
            Variant.size,
            Variant.price_minor,
            Variant.currency,
        )
        .join(Style, Style.id == Variant.style_id)
        .where(Variant.brand_id == brand_id)
    )
    for sku, gtin, style, colour, colours, size, price_minor, currency in rows:
        yield {
            "sku": sku,
            "gtin": gtin,
            "style": style,
            "colour": colour,
            **{name: colours.get(letter, "") for name, letter in COLOURS.items()},
            "size": size,
            "price": cells.price(price_minor, currency),
            "currency": currency,
        }


def _stock(session: Session, brand_id: str) -> Iterator[Record]:
    slugs = {store.id: store.slug for store in brands.list_stores(session, brand_id)}
    rows = session.execute(
        select(Stock.store_id, Variant.sku, Stock.on_hand, Stock.counted_at)
        .join(Variant, Variant.id == Stock.variant_id)
        .where(Stock.brand_id == brand_id)
    )
    for store_id, sku, on_hand, counted_at in rows:
        yield {
            "store": slugs[store_id],
            "sku": sku,
            "on_hand": on_hand,
            "counted_at": counted_at,
        }


def _places(session: Session, brand_id: str) -> Iterator[Record]:
    slugs = {store.id: store.slug for store in brands.list_stores(session, brand_id)}
    rows = session.execute(
        select(StockPlace.store_id, Variant.sku, StockPlace.place)
        .join(Variant, Variant.id == StockPlace.variant_id)
        .where(StockPlace.brand_id == brand_id)
    )
    for store_id, sku, place in rows:
        yield {"store": slugs[store_id], "sku": sku, "place": place}


_LOADERS: dict[str, Callable[[Session, str], Iterator[Record]]] = {
    "stores": _stores,
    "categories": _categories,
    "styles": _styles,
    "variants": _variants,
    "stock": _stock,
    "places": _places,
}
