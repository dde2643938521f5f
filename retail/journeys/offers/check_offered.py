"""Check at a till once more that what was offered is there, and not held for somebody else."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from loyalty.vouchers.pricing import Withheld
from retail.brands.queries import StoreView
from retail.catalogue import held
from retail.catalogue import queries as catalogue
from retail.journeys.holds.hold_piece import holder_of, source_of
from retail.offers import queries
from retail.offers.queries import OfferView


def gone_from(
    session: Session, store: StoreView, variant_ids: Collection[str], *, now: datetime
) -> Withheld:
    """Of vouchers, those of offers of which nothing in the basket is left for who was offered it.

    Nothing is said against what nobody counted here, nor against what a hold was collected for.
    """

    def withheld(voucher_ids: Sequence[str]) -> Collection[str]:
        offers = queries.offers_by_voucher(session, voucher_ids)
        if not offers:
            return ()
        known = catalogue.get_variants(session, store.brand_id, variant_ids)
        styles = {id_: one.style_id for id_, one in known.items()}
        return {
            one.voucher_id or "" for one in offers if _is_gone(session, store, one, styles, now)
        }

    return withheld


def _is_gone(
    session: Session, store: StoreView, offer: OfferView, styles: dict[str, str], now: datetime
) -> bool:
    holder = holder_of(offer.member_id)
    before = held.from_source(session, source_of(offer.id), holder=holder)
    if before is not None and before.state == "collected":
        return False
    mine = [id_ for id_, style_id in styles.items() if style_id == offer.style_id]
    left = held.left_for(session, store.id, mine, holder=holder, now=now)
    return bool(mine) and all(left.get(id_, 1) < 1 for id_ in mine)
