"""What members bought and kept, lean, for whoever learns from many purchases at once."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from retail.receipts.models import LineItem, Receipt, ReturnLine

# Who bought where and claimed it when, whatever came back since; for other rooms to build on.
BUYERS = select(Receipt.store_id, Receipt.member_id, Receipt.sold_at, Receipt.claimed_at).where(
    Receipt.member_id.is_not(None)
)
_returned = (
    select(func.coalesce(func.sum(ReturnLine.quantity), 0))
    .where(ReturnLine.line_item_id == LineItem.id)
    .scalar_subquery()
)
# Lines of claimed receipts of which something was not brought back, with whose they are; a present
# says nothing of who bought it. For other rooms to build on.
KEPT: Select[*tuple[Any, ...]] = (
    select(
        Receipt.member_id,
        LineItem.variant_id,
        Receipt.sold_at,
        Receipt.id.label("receipt_id"),
        Receipt.brand_id,
    )
    .join(LineItem, LineItem.receipt_id == Receipt.id)
    .where(
        Receipt.member_id.is_not(None),
        LineItem.variant_id.is_not(None),
        LineItem.is_gift.is_(False),
        LineItem.quantity > _returned,
    )
)


class Kept(NamedTuple):
    """A variant that a member bought for themselves, and did not bring all of back."""

    member_id: str
    variant_id: str
    sold_at: datetime


def kept_by(session: Session, brand_id: str, member_ids: Iterable[str]) -> list[Kept]:
    """What each of the members bought of a brand and still has, by sale; presents left out."""
    rows = session.execute(
        KEPT.where(
            Receipt.brand_id == brand_id,
            Receipt.member_id.in_(list(member_ids)),
            LineItem.is_gift.is_(False),
        ).order_by(Receipt.sold_at, LineItem.id)
    )
    return [Kept(*row[:3]) for row in rows]
