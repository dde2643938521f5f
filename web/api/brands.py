"""The brand of a key and its stores, as an API."""

from typing import Any

from flask_smorest import Blueprint

from core import clock
from retail.brands import queries, service
from retail.brands.queries import BrandView, StoreView
from web.auth import current_key, guarded
from web.openapi import schema_of
from web.schemas.brands import NewStore, StoreChange
from web.write import read, write

stores = guarded(Blueprint("stores", __name__, description="Brand and stores"), "integrator")


@stores.get("/brand")
@read
@stores.response(200, schema_of(BrandView))
def show_brand(session: Any) -> BrandView:
    """The brand that this key belongs to."""
    return queries.get_brand(session, current_key().brand_id)


@stores.get("/stores")
@read
@stores.response(200, schema_of(StoreView)(many=True))
def list_stores(session: Any) -> list[StoreView]:
    """The brand's stores, by name."""
    return queries.list_stores(session, current_key().brand_id)


@stores.post("/stores")
@write
@stores.arguments(NewStore)
@stores.response(201, schema_of(StoreView))
def open_store(session: Any, store: dict[str, str]) -> StoreView:
    """Open a store."""
    brand_id = current_key().brand_id
    return service.create_store(session, brand_id=brand_id, **store, now=clock.now())


@stores.get("/stores/<store_id>")
@read
@stores.response(200, schema_of(StoreView))
def show_store(session: Any, store_id: str) -> StoreView:
    """One store."""
    return queries.get_store(session, store_id, brand_id=current_key().brand_id)


@stores.put("/stores/<store_id>")
@write
@stores.arguments(StoreChange)
@stores.response(200, schema_of(StoreView))
def change_store(session: Any, store: dict[str, str], store_id: str) -> StoreView:
    """Change what a store is called and where it trades."""
    return service.update_store(session, store_id, brand_id=current_key().brand_id, **store)
