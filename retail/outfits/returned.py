"""Goods that went back to the shop leave the outfits on which they were laid out."""

from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from core.outbox import emit
from retail.outfits.events import OutfitChanged, OutfitPutAway
from retail.outfits.models import Outfit, OutfitPiece
from retail.receipts.views import ReceiptView


def drop_returned(session: Session, receipt: ReceiptView, *, now: datetime) -> list[str]:
    """Take what was brought back in full off the outfits of a receipt.

    An outfit left without any piece on its board is put away; gives the ids of these.
    """
    gone = [line.id for line in receipt.lines if line.is_returned]
    outfit_ids = session.scalars(select(Outfit.id).where(Outfit.receipt_id == receipt.id)).all()
    touched = [outfit_id for outfit_id in outfit_ids if _drop(session, outfit_id, gone)]
    emptied = [outfit_id for outfit_id in touched if not _shows_any(session, outfit_id)]
    for outfit_id in touched:
        changes = {"state": "away"} if outfit_id in emptied else {}
        session.execute(
            update(Outfit)
            .where(Outfit.id == outfit_id)
            .values(updated_at=now, version=Outfit.version + 1, **changes)
        )
        topics = [f"outfit:{outfit_id}"]
        if outfit_id in emptied:
            topics += [f"brand:{receipt.brand_id}", f"store:{receipt.store_id}"]
            emit(session, OutfitPutAway(outfit_id), topics=topics)
        else:
            emit(session, OutfitChanged(outfit_id), topics=topics)
    return emptied


def _drop(session: Session, outfit_id: str, line_ids: list[str]) -> bool:
    dropped = session.execute(
        delete(OutfitPiece).where(
            OutfitPiece.outfit_id == outfit_id, OutfitPiece.line_item_id.in_(line_ids)
        )
    )
    assert isinstance(dropped, CursorResult)
    return dropped.rowcount > 0


def _shows_any(session: Session, outfit_id: str) -> bool:
    shown = select(func.count()).where(
        OutfitPiece.outfit_id == outfit_id, OutfitPiece.is_shown.is_(True)
    )
    return bool(session.scalar(shown))
