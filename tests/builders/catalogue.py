"""Styles and variants for tests, with GTINs whose check digits are right."""

from collections.abc import Sequence
from itertools import count
from typing import Any

from biip.checksums import gs1_standard_check_digit
from sqlalchemy.orm import Session

from core import clock, ids
from core.sql import insert_ignore
from retail.catalogue import queries
from retail.catalogue.models import Category, Stock, Style, Variant
from retail.catalogue.queries import StyleView, VariantView

CAMEL = {"a": "#CBA36A", "t": "#4E3119", "l": "#D11F5E"}
_numbers = count(1)


def gtin_14(number: int) -> str:
    """The GTIN-14 of an item number, under the prefix that GS1 keeps for demonstrations."""
    payload = f"0952{number:09d}"
    return payload + str(gs1_standard_check_digit(payload))


def new_category(session: Session, *, brand_id: str, code: str = "coats", **values: Any) -> str:
    """A category, unless the brand already has it; gives its code."""
    defaults = {"id": ids.new_id(), "name": code.title(), "is_never_shareable": False}
    insert_ignore(session, Category, brand_id=brand_id, code=code, **(defaults | values))
    return code


def new_style(
    session: Session,
    *,
    brand_id: str,
    category_code: str = "coats",
    is_never_shareable: bool = False,
    **overrides: Any,
) -> StyleView:
    """A trench coat, or what the overrides make of it."""
    new_category(
        session, brand_id=brand_id, code=category_code, is_never_shareable=is_never_shareable
    )
    number = next(_numbers)
    values: dict[str, Any] = {
        "id": ids.new_id(),
        "code": f"style-{number}",
        "name": "Harbour trench",
        "story": "",
        "designer": "",
        "origin": "",
        "press": [],
        "worn_by": [],
        "drawing": "trench",
        "picture": None,
        "created_at": clock.now(),
        "updated_at": clock.now(),
    } | overrides
    session.add(Style(brand_id=brand_id, category_code=category_code, **values))
    session.flush()
    return queries.get_style(session, brand_id, values["id"])


def new_variant(
    session: Session, *, brand_id: str, style: StyleView | None = None, **overrides: Any
) -> VariantView:
    """One colour and size of the style given, or of a new one."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "id": ids.new_id(),
        "style_id": (style or new_style(session, brand_id=brand_id)).id,
        "sku": f"SKU-{number}",
        "gtin": gtin_14(number),
        "colour_name": "Camel",
        "colours": dict(CAMEL),
        "size": "12",
        "price_minor": 18_900,
        "currency": "GBP",
    } | overrides
    session.add(Variant(brand_id=brand_id, **values))
    session.flush()
    return queries.get_variants(session, brand_id, [values["id"]])[values["id"]]


def sells_in_sizes(session: Session, brand_id: str, *categories: str) -> None:
    """Goods of these categories, each in a size."""
    for code in categories:
        style = new_style(session, brand_id=brand_id, category_code=code)
        new_variant(session, brand_id=brand_id, style=style)


def new_variants(
    session: Session, *, brand_id: str, drawings: Sequence[str]
) -> tuple[VariantView, ...]:
    """One variant of a new style for each of these drawn garments."""
    return tuple(
        new_variant(
            session,
            brand_id=brand_id,
            style=new_style(session, brand_id=brand_id, name=drawing.title(), drawing=drawing),
        )
        for drawing in drawings
    )


def new_stock(
    session: Session, *, brand_id: str, store_id: str, variant_id: str, **overrides: Any
) -> None:
    """Three pieces, counted now."""
    values: dict[str, Any] = {"on_hand": 3, "counted_at": clock.now()} | overrides
    session.add(Stock(brand_id=brand_id, store_id=store_id, variant_id=variant_id, **values))
    session.flush()
