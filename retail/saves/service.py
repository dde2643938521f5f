"""Writes of saved looks and pieces."""

from datetime import datetime

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from core.sql import insert_ignore
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.catalogue import shelf
from retail.catalogue.digital_link import gtin_in, piece_not_found
from retail.catalogue.queries import VariantView
from retail.outfits import queries as outfits
from retail.saves import reminders
from retail.saves.models import OutfitSave, PayDay, SavedPiece
from retail.saves.rules import PieceState, SaveState, check_not_own, not_kept


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
    """Keep a piece once, by the number on its label, until the member's next pay day if told.

    Raises NotFound for what the member's brand does not sell.
    """
    piece = _sold(session, gtin, member)
    on = reminders.next_reminder(session, member, now=now)
    is_new = insert_ignore(
        session,
        SavedPiece,
        variant_id=piece.id,
        member_id=member.id,
        brand_id=member.brand_id,
        saved_at=now,
        remind_on=on,
    )
    if on is not None and is_new:
        reminders.due(session, member, on, brands.get_brand(session, member.brand_id).zone)
    return PieceState(gtin_in(gtin), is_saved=True)


def unsave_piece(session: Session, gtin: str, *, member: MemberView) -> PieceState:
    """Let a piece go; without having kept it nothing changes. Raises NotFound as `save_piece`."""
    let_go(session, _sold(session, gtin, member).id, member=member)
    return PieceState(gtin_in(gtin), is_saved=False)


def kept_piece(session: Session, gtin: str, *, member: MemberView) -> VariantView:
    """The piece that the member keeps, by the number on its label. Raises NotFound."""
    piece = _sold(session, gtin, member)
    if session.get(SavedPiece, (piece.id, member.id)) is None:
        raise not_kept()
    return piece


def let_go(session: Session, variant_id: str, *, member: MemberView) -> None:
    """Let a piece go by its id, whatever its label says by now."""
    session.execute(
        delete(SavedPiece).where(
            SavedPiece.variant_id == variant_id, SavedPiece.member_id == member.id
        )
    )


def erase(session: Session, member_id: str) -> None:
    """Delete a member's saves, those of their outfits, and their pay day."""
    session.execute(delete(PayDay).where(PayDay.member_id == member_id))
    session.execute(delete(SavedPiece).where(SavedPiece.member_id == member_id))
    session.execute(
        delete(OutfitSave).where(
            or_(OutfitSave.member_id == member_id, OutfitSave.stylist_id == member_id)
        )
    )


def _sold(session: Session, gtin: str, member: MemberView) -> VariantView:
    piece = shelf.sold_as(session, gtin_in(gtin), [member.brand_id]).get(member.brand_id)
    if piece is None:
        raise piece_not_found()
    return piece
