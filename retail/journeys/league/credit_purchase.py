"""Credit a purchase to the share that brought the buyer to a look with one of its styles."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy.orm import Session

from core.sql import close_gate
from retail.catalogue import queries as catalogue
from retail.consent import queries as consent
from retail.consent.rules import THANKS_TO_FRIENDS
from retail.journeys.points.earn_points import FRIEND_PURCHASE, earn_for_deed, take_back_deed
from retail.outfits import queries as outfits
from retail.receipts import queries as receipts
from retail.receipts.views import ReceiptView
from retail.sharing import queries as sharing
from retail.sharing import service
from retail.sharing.rules import Led, last_within_window

JOB = "credit_purchase"


def credit_purchase(session: Session, receipt_id: str, *, now: datetime) -> None:
    """Credit the purchase as things stand: to the last share within the window, or to none.

    A share counts where its buyer liked or saved the shared look, and kept something bought of
    one of its styles; what came back takes the credit back. Whose share it is earns what the terms
    give for a friend's purchase if its buyer agreed, since points tell that somebody bought; they
    go with the credit. Saying it again changes nothing.
    """
    # One at a time: what a return says must not be overtaken by what was seen before it.
    close_gate(session, _gate(receipt_id))
    receipt = receipts.get_receipt(session, receipt_id)
    if receipt.member_id is None:
        return
    before = sharing.purchase_credit(session, receipt_id)
    led = last_within_window(_led(session, receipt, receipt.member_id), receipt.sold_at)
    service.credit_purchase(
        session, receipt.id, led, brand_id=receipt.brand_id, sold_at=receipt.sold_at
    )
    after = led.share_id if led else None
    if after != before:
        _move_points(session, receipt, before, after, now)


def _move_points(
    session: Session, receipt: ReceiptView, before: str | None, after: str | None, now: datetime
) -> None:
    for share_id in (before, after):
        share = sharing.find_share(session, share_id) if share_id else None
        if share is None or share.sharer_id is None:
            continue
        deed = {
            "brand_id": receipt.brand_id,
            "member_id": share.sharer_id,
            "source": f"{FRIEND_PURCHASE}:{receipt.id}:{share.id}",
        }
        if share_id == before:
            take_back_deed(session, **deed, now=now)
        elif consent.has_consent(session, receipt.member_id or "", THANKS_TO_FRIENDS):
            earn_for_deed(session, FRIEND_PURCHASE, **deed, now=now)


def _gate(receipt_id: str) -> int:
    return int.from_bytes(sha256(f"credit:{receipt_id}".encode()).digest()[:8], signed=True)


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
