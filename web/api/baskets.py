"""Baskets of tills: what campaigns give for them, beforehand, for good, and taken back."""

from typing import Any

from flask_smorest import Blueprint

from core import clock
from retail.journeys.campaigns.unbook_gifts import TakenBack
from retail.journeys.vouchers.price_basket import (
    PricedBasket,
    give_for_basket,
    price_basket,
    take_basket_back,
)
from web.auth import current_key, guarded, settings
from web.openapi import schema_of
from web.schemas import campaigns as schemas
from web.schemas.campaigns import SentBasket
from web.write import write

baskets = guarded(
    Blueprint("baskets", __name__, description="What campaigns give for a basket"), "till"
)


@baskets.post("/baskets/price")
@write
@baskets.arguments(schemas.BasketToPrice)
@baskets.response(200, schema_of(PricedBasket))
def price(session: Any, sent: SentBasket) -> PricedBasket:
    """Discounts by line to the penny, points, vouchers and every reason; once for each source."""
    who = {"key": current_key(), "store_slug": sent.store, "now": clock.now()}
    if sent.source is None:
        return price_basket(session, sent.basket, **who)
    about = {"source": sent.source, "settings": settings()}
    return give_for_basket(session, sent.basket, **about, **who)


@baskets.delete("/baskets/<source>")
@write
@baskets.arguments(schemas.BasketPlace, location="query")
@baskets.response(200, schema_of(TakenBack))
def take_back(session: Any, place: dict[str, str], source: str) -> TakenBack:
    """Take back what was given for a basket: no limit counts it, points go, vouchers end."""
    who = {"key": current_key(), "store_slug": place.get("store"), "now": clock.now()}
    return take_basket_back(session, source, **who)
