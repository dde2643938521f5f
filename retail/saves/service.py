"""Writes of saved looks and pieces."""

from datetime import datetime

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from core.sql import insert_ignore
from retail.accounts.queries import MemberView
from retail.catalogue import shelf
from retail.catalogue.digital_link import gtin_in, piece_not_found
from retail.outfits import queries as outfits
from retail.saves.models import OutfitSave, SavedPiece
from retail.saves.rules import PieceState, SaveState, check_not_own


def save(session: Session, outfit_id: str, *, member: MemberView, now: datetime) -> SaveState:
    """Keep an outfit once; a repeated tap changes nothing, and the first time is kept.

    Raises NotFound for every outfit that not everyone may see, Invalid for one's own.
    """
    outfit = outfits.get_visible(session, outfit_id, viewer_id=member.id)
    if outfit.brand_id != member.brand_id:
        raise outfits.outfit_not_found()
    check_not_own(outfit.member_id, member.id)
    insert_ignore(
        session,
        OutfitSave,
        outfit_id=outfit_id,
        member_id=member.id,
        brand_id=outfit.brand_id,
        stylist_id=outfit.member_id,
        saved_at=now,
    )
    return SaveState(outfit_id, is_saved=True)


def unsave(session: Session, outfit_id: str, *, member: MemberView) -> SaveState:
    """Let an outfit go, whoever may see it by now; without a save nothing changes."""
    session.execute(
        delete(OutfitSave).where(
            OutfitSave.outfit_id == outfit_id, OutfitSave.member_id == member.id
        )
    )
    return SaveState(outfit_id, is_saved=False)


def save_piece(session: Session, gtin: str, *, member: MemberView, now: datetime) -> PieceState:
    """Keep a piece once, by the number on its label; the first time is kept.

    Raises NotFound for what the member's brand does not sell.
    """
    code = gtin_in(gtin)
    piece = shelf.sold_as(session, code, [member.brand_id]).get(member.brand_id)
    if piece is None:
        raise piece_not_found()
    insert_ignore(
        session,
        SavedPiece,
        variant_id=piece.id,
        member_id=member.id,
        brand_id=member.brand_id,
        saved_at=now,
    )
    return PieceState(code, is_saved=True)


def unsave_piece(session: Session, gtin: str, *, member: MemberView) -> PieceState:
    """Let a piece go; without having kept it nothing changes. Raises NotFound as `save_piece`."""
    code = gtin_in(gtin)
    piece = shelf.sold_as(session, code, [member.brand_id]).get(member.brand_id)
    if piece is None:
        raise piece_not_found()
    let_go(session, piece.id, member=member)
    return PieceState(code, is_saved=False)


def let_go(session: Session, variant_id: str, *, member: MemberView) -> None:
    """Let a piece go by its id, whatever its label says by now."""
    session.execute(
        delete(SavedPiece).where(
            SavedPiece.variant_id == variant_id, SavedPiece.member_id == member.id
        )
    )


def erase(session: Session, member_id: str) -> None:
    """Delete a member's saves and those of their outfits."""
    session.execute(delete(SavedPiece).where(SavedPiece.member_id == member_id))
    session.execute(
        delete(OutfitSave).where(
            or_(OutfitSave.member_id == member_id, OutfitSave.stylist_id == member_id)
        )
    )
