"""Pieces held for tests."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from core.ids import new_id
from retail.brands.queries import StoreView
from retail.catalogue import holds
from retail.catalogue.held import HoldView
from retail.catalogue.holds import Wanted
from retail.catalogue.queries import VariantView
from retail.journeys.holds.hold_piece import holder_of

QUARTER = timedelta(minutes=15)


def new_hold(
    session: Session,
    store: StoreView,
    piece: VariantView,
    member_id: str,
    *,
    now: datetime,
    most: int = 3,
    **about: Any,
) -> HoldView:
    """A piece of a store held for somebody for a quarter of an hour."""
    wanted = {
        "brand_id": store.brand_id,
        "store_id": store.id,
        "variant_id": piece.id,
        "source": f"test:{new_id()}",
        "until": now + QUARTER,
    } | about
    return holds.hold(session, Wanted(**wanted), holder=holder_of(member_id), most=most, now=now)
