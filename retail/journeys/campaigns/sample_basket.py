"""A sample basket, for whoever plans a campaign to see what it would be given."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from core.errors import NotFound
from loyalty.campaigns.rules import Facts
from retail.brands import queries as brands
from retail.brands.queries import StoreView
from retail.catalogue import labels as catalogue_labels
from retail.catalogue import queries as catalogue
from retail.catalogue.queries import VariantView
from retail.journeys.baskets.as_basket import Known, as_basket

STYLES = 3
SOMEBODY = "sample"


@dataclass(frozen=True)
class Sample:
    """One piece each of some goods, in the brand's first store, and what campaigns see of it."""

    store: StoreView
    variants: tuple[VariantView, ...]
    facts: Facts


def sample_basket(session: Session, brand_id: str, *, is_member: bool, at: datetime) -> Sample:
    """Goods at their prices; a member would buy for the first time. Raises NotFound for no store.

    A catalogue without goods makes a basket of one unknown thing for 50 in the brand's money.
    """
    stores = brands.list_stores(session, brand_id)
    if not stores:
        raise NotFound("store_not_found", "This brand has no store yet.")
    styles = catalogue.list_styles(session, brand_id, limit=STYLES)
    found = (catalogue.variants_of(session, brand_id, style.id)[:1] for style in styles)
    variants = tuple(variant for first in found for variant in first)
    goods = [Known(one.sku, one.id, one.sku, Decimal(1), one.price_minor) for one in variants]
    basket = as_basket(
        goods or [Known("", None, None, Decimal(1), 5000)],
        labels=catalogue_labels.labels_of(session, brand_id, [one.id for one in variants]),
        store=stores[0],
        currency=stores[0].currency,
        at=at,
        owner_id=SOMEBODY if is_member else None,
    )
    return Sample(stores[0], variants, Facts(basket, purchases=0 if is_member else None))
