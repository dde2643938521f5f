"""Brands and stores for tests."""

from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from core import clock
from retail.brands import service
from retail.brands.queries import BrandView, StoreView

_numbers = count(1)


def new_brand(session: Session, **overrides: Any) -> BrandView:
    """A brand of its own, in London unless told otherwise."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "slug": f"brand-{number}",
        "name": f"Brand {number}",
        "zone": "Europe/London",
        "locale": "en-GB",
        "currency": "GBP",
        "now": clock.now(),
    }
    return service.create_brand(session, **(values | overrides))


def new_store(session: Session, *, brand: BrandView | None = None, **overrides: Any) -> StoreView:
    """A store of the brand given, or of a new one."""
    number = next(_numbers)
    brand_id = overrides.pop("brand_id", None) or (brand or new_brand(session)).id
    values: dict[str, Any] = {
        "slug": f"store-{number}",
        "name": f"Store {number}",
        "zone": "Europe/London",
        "currency": "GBP",
        "locale": "en-GB",
        "now": clock.now(),
    }
    return service.create_store(session, brand_id=brand_id, **(values | overrides))
