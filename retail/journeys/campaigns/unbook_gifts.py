"""Take back what campaigns gave for a basket: whole, or with the goods that come back.

A receipt and a priced basket are one sale where they are of one store and day and the basket's
number is the receipt's, or its till and number with a colon between.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.outbox import emit
from loyalty.campaigns import once, queries, service
from loyalty.campaigns.once import Bound
from loyalty.campaigns.queries import UseView
from loyalty.earning.rules import taken_back
from loyalty.ledger import queries as ledger
from loyalty.ledger.reversals import reverse
from loyalty.ledger.rules import CREDITS, POINTS, WALLETS
from loyalty.vouchers import service as vouchers
from retail.brands import queries as brands
from retail.journeys.campaigns.book_gifts import source_of, voucher_sources
from retail.journeys.points.earn_points import GOODS_BACK, points_gone
from retail.journeys.points.end_points import PointsMoved
from retail.journeys.points.review_tier import review_tier
from retail.receipts import returned
from retail.receipts.given import basket_sources, claimed_source
from retail.receipts.returned import Back
from retail.receipts.views import ReceiptView

CAMPAIGN_BACK = "campaign_back"


@dataclass(frozen=True)
class TakenBack:
    """How many campaigns undid what they gave; 0 where they had already.

    `points` were taken, as a debt where they were spent. Vouchers that were used up stay.
    """

    undone: int
    points: int = 0
    vouchers_voided: int = 0
    vouchers_used: int = 0


def unbook_gifts(
    session: Session, brand_id: str, source: str, *, now: datetime, reason: str = CAMPAIGN_BACK
) -> TakenBack:
    """Take back all that is left of what campaigns gave for a source, once."""
    if not once.end(session, brand_id, source, now=now):
        return TakenBack(0)
    uses = _uses(session, brand_id, source)
    undone = sum(
        service.take_back(session, brand_id, one, now=now)
        for one in (source, claimed_source(source))
    )
    taken = {
        wallet: sum(
            _take(session, brand_id, use, wallet, "back", None, reason, now) for use in uses
        )
        for wallet in WALLETS
    }
    ended = [
        vouchers.take_back(session, programme_id=brand_id, source=given, now=now)
        for use in uses
        for given, _ in voucher_sources(use)
    ]
    return TakenBack(undone, taken[POINTS], ended.count(True), ended.count(False))


def unbook_returned(
    session: Session, receipt: ReceiptView, return_id: str, *, now: datetime
) -> None:
    """Take back the campaign points of goods that came back, line by line; once for each return.

    Uses and budgets stay spent until all of the receipt has come back: then the basket is taken
    back whole, and its unused vouchers end.
    """
    sources, sold_at = basket_sources(receipt), receipt.sold_at
    zone = brands.get_store(session, receipt.store_id).zone
    bound = once.bind(session, receipt.brand_id, sources, to=receipt.id, sold_at=sold_at, zone=zone)
    if bound is None:
        return
    before, after = returned.back_around(session, receipt.id, return_id)
    if _is_all_back(receipt, after):
        unbook_gifts(session, receipt.brand_id, bound.source, now=now, reason=GOODS_BACK)
        return
    for use in _uses(session, receipt.brand_id, bound.source):
        for wallet in WALLETS:
            gone = [_gone(receipt, bound, use, wallet, back) for back in (before, after)]
            if points := gone[1] - gone[0]:
                suffix = f"return:{return_id}"
                _take(session, receipt.brand_id, use, wallet, suffix, points, GOODS_BACK, now)


def _uses(session: Session, brand_id: str, source: str) -> list[UseView]:
    """What a basket was given at its till, and once it was claimed."""
    sources = (source, claimed_source(source))
    return [use for one in sources for use in queries.uses_of(session, brand_id, one)]


def _is_all_back(receipt: ReceiptView, back: Back) -> bool:
    return all(
        line.id in back and back[line.id].quantity >= line.quantity for line in receipt.lines
    )


def _gone(receipt: ReceiptView, bound: Bound, use: UseView, wallet: str, back: Back) -> int:
    """What a use gave to a wallet that has gone once so much came back.

    Where the receipt has other lines than the basket had, they go with the money of the whole.
    """
    if bound.lines == len(receipt.lines):
        by_place = use.points_by_line(wallet)
        earned = {line.id: by_place.get(str(line.position), 0) for line in receipt.lines}
        return points_gone(receipt, earned, back)
    money = sum(one.amount_minor for one in back.values())
    points, total = use.points_in(wallet), receipt.total_minor
    return taken_back(points, total_minor=total, returned_minor=money, is_returned=False)


def _take(
    session: Session,
    brand_id: str,
    use: UseView,
    wallet: str,
    suffix: str,
    points: int | None,
    reason: str,
    now: datetime,
) -> int:
    """Take so many of what a use gave to a wallet, or all that is left; tells how many."""
    of = source_of(use.id, wallet)
    given = ledger.find_effect(session, brand_id, of)
    left = given.points - given.reversed_points if given else 0
    if left == 0:
        return 0
    source = f"{of}:{suffix}"
    taken = left if points is None else points
    how = {"programme_id": brand_id, "of": of, "source": source, "reason": reason}
    reverse(session, **how, points=taken, now=now)
    topics = [f"member:{use.owner_id}"] if use.owner_id else []
    emit(session, PointsMoved(brand_id, source), topics=topics)
    if wallet == CREDITS and use.owner_id:
        review_tier(session, use.owner_id, brand_id=brand_id, now=now)
    return taken
