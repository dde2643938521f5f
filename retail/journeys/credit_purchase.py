"""Credit a purchase to the share that brought the buyer to a look with one of its styles."""

from datetime import datetime

from sqlalchemy.orm import Session

from retail.catalogue import queries as catalogue
from retail.outfits import queries as outfits
from retail.receipts import queries as receipts
from retail.receipts.views import ReceiptView
from retail.sharing import queries as sharing
from retail.sharing import service
from retail.sharing.rules import Led, last_within_window

JOB = "credit_purchase"


def credit_purchase(session: Session, receipt_id: str, *, now: datetime) -> None:  # noqa: ARG001 (as every job)
    """Credit the purchase as things stand: to the last share within the window, or to none.

    A share counts where its buyer liked or saved the shared look, and kept something bought of
    one of its styles; what came back takes the credit back. Saying it again changes nothing.
    """
    receipt = receipts.get_receipt(session, receipt_id)
    if receipt.member_id is None:
        return
    led = last_within_window(_led(session, receipt, receipt.member_id), receipt.sold_at)
    service.credit_purchase(
        session, receipt.id, led, brand_id=receipt.brand_id, sold_at=receipt.sold_at
    )


def _led(session: Session, receipt: ReceiptView, member_id: str) -> list[Led]:
    came_to = sharing.outfits_that_led(session, member_id, before=receipt.sold_at)
    if not came_to:
        return []
    kept = _kept_styles(session, receipt)
    looks = [
        look.id
        for look in outfits.public_outfits(session, receipt.brand_id, came_to)
        if kept & {piece.style_id for piece in look.pieces}
    ]
    return sharing.led_to(session, member_id, looks, before=receipt.sold_at)


def _kept_styles(session: Session, receipt: ReceiptView) -> set[str]:
    wanted = {line.variant_id for line in receipt.lines if line.variant_id and not line.is_returned}
    variants = catalogue.get_variants(session, receipt.brand_id, wanted)
    return {variant.style_id for variant in variants.values()}
