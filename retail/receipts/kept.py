"""What members bought and kept, lean, for whoever learns from many purchases at once."""

from typing import Any

from sqlalchemy import Select, func, select

from retail.receipts.models import LineItem, Receipt, ReturnLine

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
