"""Lay a receipt out: the receipt, its goods and the outfit made of them."""

from datetime import datetime

from sqlalchemy.orm import Session

from retail.accounts.queries import MemberView
from retail.catalogue import queries as catalogue
from retail.outfits import service as outfits
from retail.receipts import queries as receipts


def lay_out(session: Session, receipt_id: str, *, member: MemberView, now: datetime) -> str:
    """The id of the outfit of the member's receipt, laid out if there is none yet.

    Raises NotFound for somebody else's receipt, Invalid where nothing on it can be shown.
    """
    receipt = receipts.get_receipt(session, receipt_id, brand_id=member.brand_id)
    wanted = {line.variant_id for line in receipt.lines if line.variant_id}
    variants = catalogue.get_variants(session, member.brand_id, wanted)
    return outfits.lay_out(
        session, receipt=receipt, member_id=member.id, variants=variants, now=now
    )
