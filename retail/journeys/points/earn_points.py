"""What a purchase earns whoever made it, and what a return takes back of it.

Points of a receipt are awarded once, whoever comes to know first whose it is: its till, or the
member who claims it. They wait until the return window closes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.days import day_after
from core.outbox import emit
from loyalty.earning import queries as earning
from loyalty.earning import service as awards
from loyalty.earning.rules import Terms, points_by_line, points_in, taken_back
from loyalty.ledger import queries as ledger
from loyalty.ledger import service
from loyalty.ledger.reversals import reverse
from loyalty.ledger.rules import CREDITS, POINTS, WALLETS
from retail.brands import queries as brands
from retail.journeys.baskets.as_basket import basket_bought
from retail.journeys.points.end_points import PointsMoved, see_to_release
from retail.journeys.points.review_tier import review_tier
from retail.receipts import queries as receipts
from retail.receipts import returned
from retail.receipts.returned import LineBack
from retail.receipts.views import ReceiptView

PURCHASE, GOODS_BACK = "purchase", "goods_back"
OUTFIT_LAID_OUT, SEASON_WON, FRIEND_PURCHASE = "outfit_laid_out", "season_won", "friend_purchase"
DEED_BACK = "deed_back"


@dataclass(frozen=True)
class EarnedOn:
    """Points of one receipt; `available_at` only while they wait."""

    points: int
    available_at: datetime | None


def earn_points(session: Session, receipt: ReceiptView, *, now: datetime) -> int:
    """Award what a receipt earns its member, less what came back already; gives the points.

    Once for each receipt, and nothing where nobody is known or the brand has no terms.
    """
    terms = earning.current_terms(session, receipt.brand_id)
    if terms is None or receipt.member_id is None:
        return 0
    award, is_new = awards.award_purchase(
        session,
        terms,
        programme_id=receipt.brand_id,
        source=source_of(receipt.id),
        owner_id=receipt.member_id,
        basket=basket_bought(session, receipt),
    )
    if is_new:
        for wallet in WALLETS:
            points = points_in(award.parts, wallet)
            if points:
                _give(session, receipt, terms, wallet, points, now)
        for return_id in returned.returns_of(session, receipt.id):
            take_back_points(session, receipt.id, return_id, now=now)
    return points_in(award.parts, POINTS)


def earn_for_deed(
    session: Session, action: str, *, brand_id: str, member_id: str, source: str, now: datetime
) -> int:
    """Award what a deed earns its member, once for each source; gives the points.

    They wait as those of a purchase do. Nothing where no rule of the brand is for the deed.
    """
    terms = earning.current_terms(session, brand_id)
    if terms is None or all(rule.action != action for rule in terms.rules):
        return 0
    zone = brands.get_brand(session, brand_id).zone
    award, is_new = awards.award_deed(
        session,
        terms,
        programme_id=brand_id,
        source=source,
        owner_id=member_id,
        action=action,
        zone=zone,
        at=now,
    )
    available_at = day_after(now, zone, terms.pending_days)
    for wallet in WALLETS:
        points = points_in(award.parts, wallet)
        if is_new and points:
            given = source if wallet == POINTS else f"{source}:{wallet}"
            post_points(
                session, brand_id, member_id, given, wallet, points, action, available_at, now
            )
    return points_in(award.parts, POINTS)


def take_back_deed(
    session: Session, *, brand_id: str, member_id: str, source: str, now: datetime
) -> None:
    """Take back all that is left of what a deed earned its member; once, also where spent."""
    for wallet in WALLETS:
        given = source if wallet == POINTS else f"{source}:{wallet}"
        effect = ledger.find_effect(session, brand_id, given)
        if effect is None or effect.points <= effect.reversed_points:
            continue
        back = f"{given}:back"
        how = {"programme_id": brand_id, "of": given, "source": back, "reason": DEED_BACK}
        reverse(session, **how, points=None, now=now)
        emit(session, PointsMoved(brand_id, back), topics=[f"member:{member_id}"])
        if wallet == CREDITS:
            review_tier(session, member_id, brand_id=brand_id, now=now)


def earned_on(session: Session, receipt: ReceiptView) -> EarnedOn:
    """What a receipt earned, less what was taken back, and when what waits comes free."""
    source = source_of(receipt.id)
    effect = ledger.find_effect(session, receipt.brand_id, source)
    waits = ledger.find_pending(session, receipt.brand_id, source)
    points = effect.points - effect.reversed_points if effect else 0
    return EarnedOn(points, waits.ends_at if waits else None)


def take_back_points(session: Session, receipt_id: str, return_id: str, *, now: datetime) -> None:
    """Take back what the goods of a return had earned, line by line; once for each return.

    However many returns a line comes back in, they sum to what it earned.
    """
    receipt = receipts.get_receipt(session, receipt_id)
    award = earning.find_award(session, receipt.brand_id, source_of(receipt_id))
    if award is None:
        return
    before, after = returned.back_around(session, receipt_id, return_id)
    for wallet in WALLETS:
        earned = points_by_line(award.parts, wallet)
        points = points_gone(receipt, earned, after) - points_gone(receipt, earned, before)
        if points:
            _take(session, receipt, return_id, wallet, points, now)


def source_of(receipt_id: str, wallet: str = POINTS) -> str:
    """The source under which a receipt earns in a wallet."""
    return f"receipt:{receipt_id}" if wallet == POINTS else f"receipt:{receipt_id}:{wallet}"


def _give(
    session: Session, receipt: ReceiptView, terms: Terms, wallet: str, points: int, now: datetime
) -> None:
    assert receipt.member_id is not None
    zone = brands.get_store(session, receipt.store_id).zone
    available_at = day_after(receipt.sold_at, zone, terms.pending_days)
    source, whose = source_of(receipt.id, wallet), receipt.member_id
    post_points(
        session, receipt.brand_id, whose, source, wallet, points, PURCHASE, available_at, now
    )


def post_points(
    session: Session,
    brand_id: str,
    member_id: str,
    source: str,
    wallet: str,
    points: int,
    reason: str,
    available_at: datetime,
    now: datetime,
) -> None:
    """Post points that wait until an instant, see to their release, and tell their member."""
    service.earn(
        session,
        programme_id=brand_id,
        owner_id=member_id,
        points=points,
        source=source,
        reason=reason,
        now=now,
        wallet=wallet,
        available_at=available_at,
    )
    see_to_release(session, brand_id, source, available_at)
    emit(session, PointsMoved(brand_id, source), topics=[f"member:{member_id}"])
    if wallet == CREDITS:
        review_tier(session, member_id, brand_id=brand_id, now=now)


def points_gone(
    receipt: ReceiptView, earned: Mapping[str, int], back: Mapping[str, LineBack]
) -> int:
    """Of the points that lines earned, those that have gone once so much came back."""
    return sum(
        taken_back(
            earned[line.id],
            total_minor=line.total_minor,
            returned_minor=back[line.id].amount_minor,
            is_returned=back[line.id].quantity >= line.quantity,
        )
        for line in receipt.lines
        if line.id in earned and line.id in back
    )


def _take(
    session: Session, receipt: ReceiptView, return_id: str, wallet: str, points: int, now: datetime
) -> None:
    source = f"return:{return_id}" if wallet == POINTS else f"return:{return_id}:{wallet}"
    reverse(
        session,
        programme_id=receipt.brand_id,
        of=source_of(receipt.id, wallet),
        source=source,
        reason=GOODS_BACK,
        points=points,
        now=now,
    )
    moved = PointsMoved(receipt.brand_id, source)
    emit(session, moved, topics=[f"member:{receipt.member_id}"] if receipt.member_id else [])
    if wallet == CREDITS and receipt.member_id:
        review_tier(session, receipt.member_id, brand_id=receipt.brand_id, now=now)
