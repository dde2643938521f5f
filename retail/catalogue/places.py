"""Where in a store things lie, for those who fetch them: "Rail 7, near the window"."""

from collections.abc import Collection, Mapping

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.sql import upsert_many
from retail.catalogue.models import StockPlace


def save_places(session: Session, brand_id: str, store_id: str, places: Mapping[str, str]) -> None:
    """Have these variants of a store lie there, by variant id; an empty place is known no more."""
    rows = [
        {"store_id": store_id, "variant_id": one, "brand_id": brand_id, "place": place}
        for one, place in sorted(places.items())
        if place
    ]
    upsert_many(session, StockPlace, ("store_id", "variant_id"), rows)
    for one in sorted(one for one, place in places.items() if not place):
        session.execute(
            delete(StockPlace).where(StockPlace.store_id == store_id, StockPlace.variant_id == one)
        )


def places_of(
    session: Session, store_ids: Collection[str], variant_ids: Collection[str]
) -> dict[tuple[str, str], str]:
    """Where some variants lie in some stores, by ids of both; what nobody said is left out."""
    found = session.execute(
        select(StockPlace.store_id, StockPlace.variant_id, StockPlace.place).where(
            StockPlace.store_id.in_(list(store_ids)), StockPlace.variant_id.in_(list(variant_ids))
        )
    )
    return {(store_id, variant_id): place for store_id, variant_id, place in found}
