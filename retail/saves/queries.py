"""Reads of saved looks and pieces."""

from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session

from retail.catalogue import queries as catalogue
from retail.catalogue.queries import VariantView
from retail.outfits import queries as outfits
from retail.outfits.queries import OutfitView
from retail.saves.models import OutfitSave, SavedPiece
from retail.saves.rules import MOST_SAVED

# Looks and pieces that members saved; for other rooms to build on.
LOOKS = select(OutfitSave.member_id, OutfitSave.outfit_id, OutfitSave.saved_at, OutfitSave.brand_id)
PIECES = select(
    SavedPiece.member_id, SavedPiece.variant_id, SavedPiece.saved_at, SavedPiece.brand_id
)


def has_saved(session: Session, outfit_id: str, member_id: str) -> bool:
    """Whether the member saved the outfit."""
    return session.get(OutfitSave, (outfit_id, member_id)) is not None


def saved_by(session: Session, member_id: str, *, brand_id: str) -> list[OutfitView]:
    """The outfits that a member saved and everyone may still see, the last saved first."""
    ids = session.scalars(
        select(OutfitSave.outfit_id)
        .where(OutfitSave.member_id == member_id)
        .order_by(OutfitSave.saved_at.desc(), OutfitSave.outfit_id)
        .limit(MOST_SAVED)
    ).all()
    return outfits.public_outfits(session, brand_id, ids)


def count_saved(session: Session, member_id: str) -> int:
    """How many outfits the member saved, also those that nobody may see any more."""
    statement = select(func.count()).where(OutfitSave.member_id == member_id)
    return session.execute(statement).scalar_one()


def first_saved_after(outfit_id: Any, member_id: Any, instant: Any) -> ScalarSelect[datetime]:
    """When a member first saved an outfit at or after an instant, for other rooms' selects."""
    return (
        select(func.min(OutfitSave.saved_at))
        .where(
            OutfitSave.outfit_id == outfit_id,
            OutfitSave.member_id == member_id,
            OutfitSave.saved_at >= instant,
        )
        .scalar_subquery()
    )


def export(session: Session, member_id: str) -> list[dict[str, Any]]:
    """Every outfit that a member saved, for themselves."""
    rows = session.execute(
        select(OutfitSave.outfit_id, OutfitSave.saved_at)
        .where(OutfitSave.member_id == member_id)
        .order_by(OutfitSave.saved_at, OutfitSave.outfit_id)
    )
    return [dict(row._mapping) for row in rows]


def has_saved_piece(session: Session, variant_id: str, member_id: str) -> bool:
    """Whether the member keeps the piece."""
    return session.get(SavedPiece, (variant_id, member_id)) is not None


def pieces_saved_by(session: Session, member_id: str, *, brand_id: str) -> list[VariantView]:
    """The pieces that a member keeps, the last kept first."""
    ids = session.scalars(
        select(SavedPiece.variant_id)
        .where(SavedPiece.member_id == member_id)
        .order_by(SavedPiece.saved_at.desc(), SavedPiece.variant_id)
        .limit(MOST_SAVED)
    ).all()
    found = catalogue.get_variants(session, brand_id, ids)
    return [found[variant_id] for variant_id in ids if variant_id in found]


def count_saved_pieces(session: Session, member_id: str) -> int:
    """How many pieces the member keeps."""
    statement = select(func.count()).where(SavedPiece.member_id == member_id)
    return session.execute(statement).scalar_one()


def first_piece_saved_after(member_id: Any, instant: Any) -> ScalarSelect[datetime]:
    """When a member first kept a piece at or after an instant, for other rooms' selects."""
    first = select(func.min(SavedPiece.saved_at)).where(
        SavedPiece.member_id == member_id, SavedPiece.saved_at >= instant
    )
    return first.scalar_subquery()


def export_pieces(session: Session, member_id: str) -> list[dict[str, Any]]:
    """Every piece that a member keeps, for themselves."""
    rows = session.execute(
        select(SavedPiece.variant_id, SavedPiece.saved_at, SavedPiece.remind_on)
        .where(SavedPiece.member_id == member_id)
        .order_by(SavedPiece.saved_at, SavedPiece.variant_id)
    )
    return [dict(row._mapping) for row in rows]
