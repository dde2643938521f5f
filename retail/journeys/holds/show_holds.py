"""What is held, with the piece and the store in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from retail.brands import queries as brands
from retail.catalogue import queries as catalogue
from retail.catalogue.held import HoldView

State = Literal["live", "released", "collected", "lapsed", "voided", "gone"]


@dataclass(frozen=True)
class ShownHold:
    """A piece held in a store until `ends_at`; `code` is what the shop calls it by."""

    id: str
    code: str
    state: State
    store: str
    store_name: str
    zone: str
    variant_id: str
    sku: str
    style_name: str
    colour_name: str
    size: str
    began_at: datetime
    ends_at: datetime


def shown_holds(session: Session, found: Sequence[HoldView], *, now: datetime) -> list[ShownHold]:
    """These holds of one brand, in their order; one whose time is over has lapsed, swept or not."""
    if not found:
        return []
    brand_id = found[0].brand_id
    known = catalogue.get_variants(session, brand_id, {one.variant_id for one in found})
    stores = {store.id: store for store in brands.list_stores(session, brand_id)}
    shown = []
    for one in found:
        piece, store = known[one.variant_id], stores[one.store_id]
        state = "lapsed" if one.state == "live" and not one.is_live(now) else one.state
        shown.append(
            ShownHold(
                id=one.id,
                code=one.code,
                state=state,  # type: ignore[arg-type]
                store=store.slug,
                store_name=store.name,
                zone=store.zone,
                variant_id=piece.id,
                sku=piece.sku,
                style_name=piece.style_name,
                colour_name=piece.colour_name,
                size=piece.size,
                began_at=one.began_at,
                ends_at=one.ends_at,
            )
        )
    return shown
