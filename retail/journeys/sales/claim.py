"""A member makes a receipt theirs, by the token of its QR or by the typed code."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.config import Settings
from core.errors import Invalid
from retail.accounts.queries import MemberView
from retail.journeys.campaigns.claim_gifts import claim_gifts
from retail.journeys.holds.hold_piece import collect_bought
from retail.journeys.points.earn_points import earn_points
from retail.receipts import queries, rules, service
from retail.receipts.views import ReceiptView


def claim_receipt(
    session: Session,
    *,
    member: MemberView,
    token: str | None = None,
    code: str | None = None,
    store_id: str | None = None,
    now: datetime,
    settings: Settings,
) -> ReceiptView:
    """Claim once; claiming one's own again gives it again.

    Raises the same NotFound for wrong, used, unknown, expired, and another brand's.
    """
    if token is not None:
        receipt = queries.open_by_token(
            session, token, viewer_id=member.id, now=now, key=settings.key
        )
    elif code is not None and store_id is not None:
        receipt = queries.open_by_code(
            session, store_id, code, viewer_id=member.id, now=now, key=settings.key
        )
    else:
        sentence = "Type the code beside the QR."
        raise Invalid("code_missing", sentence, fields={"code": [sentence]})
    if receipt.brand_id != member.brand_id:
        raise rules.not_found()
    if receipt.claimed_at is None:
        is_mine = service.claim(session, receipt.id, member_id=member.id, now=now)
        receipt = queries.get_receipt(session, receipt.id)
        if is_mine:
            # Before the points of the purchase, as everywhere: campaigns are locked before books.
            claim_gifts(session, receipt, now=now, key=settings.key)
            earn_points(session, receipt, now=now)
            collect_bought(session, receipt, now=now)
    # Whoever lost a race to somebody else sees what any stranger sees.
    if receipt.member_id != member.id:
        raise rules.not_found()
    return receipt
