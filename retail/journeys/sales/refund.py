"""Goods come back: the return is recorded; pieces go into stock and off looks, points back.

With the looks go the scores that their likes brought, and prizes that rest on these are doubted.
"""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from retail.catalogue import service as stock
from retail.journeys.campaigns.unbook_gifts import unbook_returned
from retail.journeys.league.take_off_looks import close_boards, take_off
from retail.journeys.points.earn_points import take_back_points
from retail.journeys.sales.purchase import whole_pieces
from retail.receipts import queries, service
from retail.receipts.returns import ReturnInput
from retail.receipts.views import ReturnView
from retail.staff.queries import KeyView


def record_refund(
    session: Session, *, key: KeyView, receipt_id: str, given: ReturnInput, now: datetime
) -> ReturnView:
    """Take goods of a receipt back, whole or per line; the same refund again has no effect.

    Any store of the brand takes back, and has the pieces then. Raises NotFound for another brand's
    receipt, Conflict where more would come back than was sold.
    """
    by: Any = {"brand_id": key.brand_id, "store_id": key.store_id}
    return take_back_goods(session, receipt_id, **by, given=given, now=now)


def take_back_goods(
    session: Session,
    receipt_id: str,
    *,
    brand_id: str,
    store_id: str | None,
    given: ReturnInput,
    now: datetime,
) -> ReturnView:
    """Take goods back at a store, or where they were sold. Raises as `record_refund`."""
    receipt = queries.get_receipt(session, receipt_id, brand_id=brand_id)
    close_boards(session, receipt)
    returned = service.record_return(session, receipt_id, given=given, now=now)
    pieces = whole_pieces([(refund.variant_id, refund.quantity) for refund in returned.refunds])
    if pieces:
        stock.return_stock(
            session,
            brand_id=receipt.brand_id,
            store_id=store_id or receipt.store_id,
            quantities=pieces,
            returned_at=given.returned_at,
        )
    if returned.is_new:
        receipt = queries.get_receipt(session, receipt_id, brand_id=brand_id)
        take_off(session, receipt, returned.return_id, now=now)
        # Before the points of the purchase: baskets, campaigns and books are locked in one order.
        unbook_returned(session, receipt, returned.return_id, now=now)
        take_back_points(session, receipt_id, returned.return_id, now=now)
    return queries.get_return(session, returned.return_id)
