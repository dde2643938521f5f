"""A brand's past in a database: receipts as a simulation of campaigns reads them."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from core.ids import new_id
from core.model import Base
from core.transaction import Database
from loyalty.baskets.rules import Basket
from loyalty.campaigns.rules import Facts
from retail.brands import queries as brands
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.catalogue import new_style

STORES, MEMBERS, CATEGORIES, GOODS = 10, 500, 20, 5_000
_tables = Base.metadata.tables


def fill(database: Database, purchases: Iterable[Facts]) -> str:
    """Write purchases down as receipts of a new brand; gives its id.

    Labels such as `store:3`, `sku:17` and owners such as `m5` tell which store, piece of goods
    and member by their numbers. A piece of goods is of one category, whatever a line says.
    """
    baskets = [facts.basket for facts in purchases]
    with database.write() as session:
        first = new_store(session, slug="0")
        brand = brands.get_brand(session, first.brand_id)
        others = range(1, STORES)
        stores = [first, *(new_store(session, brand=brand, slug=str(n)) for n in others)]
        members = [new_member(session, brand.id).id for _ in range(MEMBERS)]
        goods = _goods(session, brand.id)
        receipts = [_receipt(one, [store.id for store in stores], members) for one in baskets]
        for row in receipts:
            row["brand_id"] = brand.id
        session.execute(insert(_tables["receipt"]), receipts)
        lines = [
            {"brand_id": brand.id, "receipt_id": row["id"], **line}
            for row, basket in zip(receipts, baskets, strict=True)
            for line in _lines(basket, goods)
        ]
        session.execute(insert(_tables["line_item"]), lines)
    return brand.id


def _goods(session: Session, brand_id: str) -> list[str]:
    codes = [str(number) for number in range(CATEGORIES)]
    styles = [new_style(session, brand_id=brand_id, category_code=code).id for code in codes]
    rows = [
        {
            "id": new_id(),
            "brand_id": brand_id,
            "style_id": styles[number % CATEGORIES],
            "sku": str(number),
            "gtin": None,
            "colour_name": "Camel",
            "colours": {},
            "size": "12",
            "price_minor": 1_000,
            "currency": "GBP",
        }
        for number in range(GOODS)
    ]
    session.execute(insert(_tables["variant"]), rows)
    return [row["id"] for row in rows]


def _receipt(basket: Basket, stores: list[str], members: list[str]) -> dict[str, Any]:
    receipt_id, (place,) = new_id(), basket.labels
    return {
        "id": receipt_id,
        "store_id": stores[int(place.removeprefix("store:"))],
        "till": "1",
        "number": receipt_id,
        "sold_at": basket.at,
        "recorded_at": basket.at,
        "currency": basket.currency,
        "total_minor": basket.total_minor,
        "fingerprint": "",
        "source": "till",
        "member_id": members[int(basket.owner_id.removeprefix("m"))] if basket.owner_id else None,
    }


def _lines(basket: Basket, goods: list[str]) -> Iterator[dict[str, Any]]:
    for line in basket.lines:
        (sku,) = (label for label in line.labels if label.startswith("sku:"))
        yield {
            "id": new_id(),
            "position": int(line.id),
            "variant_id": goods[int(sku.removeprefix("sku:"))],
            "description": "Thing",
            "quantity": line.quantity,
            "total_minor": line.total_minor,
            "discount_minor": 0,
        }
