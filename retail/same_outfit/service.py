"""Writes of questions, and of pieces that stay out of answers."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from core.sql import close_gate, insert_ignore
from retail.accounts.queries import MemberView
from retail.catalogue.queries import VariantView
from retail.same_outfit import queries, rules
from retail.same_outfit.models import QuietPiece, SameOutfitQuestion
from retail.same_outfit.rules import Piece, piece_of


def ask(
    session: Session,
    variant: VariantView,
    *,
    member: MemberView,
    store_id: str,
    place: str,
    now: datetime,
) -> None:
    """Find out whether a friend has this piece, once for each day; again, nothing changes.

    The answer is read from `queries.asked_today`. Raises TooMany for a member who asked as often
    as anybody may that day; nothing that is raised depends on anybody else.
    """
    close_gate(session, rules.gate(member.id))
    piece = piece_of(variant)
    if queries.find_question(session, member.id, piece, now=now) is not None:
        return
    rules.check_room(queries.count_asked(session, member.id, now=now))
    who = queries.wearers(session, member, {piece})
    insert_ignore(
        session,
        SameOutfitQuestion,
        member_id=member.id,
        asked_on=rules.day_of(now),
        **piece._asdict(),
        brand_id=member.brand_id,
        store_id=store_id,
        variant_id=variant.id,
        place=place,
        friend_id=who[piece].id if piece in who else None,
        asked_at=now,
    )


def keep_quiet(session: Session, piece: Piece, *, member: MemberView, now: datetime) -> None:
    """Keep a piece of one's own out of every answer from now on; once is enough."""
    insert_ignore(
        session,
        QuietPiece,
        member_id=member.id,
        **piece._asdict(),
        brand_id=member.brand_id,
        since=now,
    )


def let_speak(session: Session, piece: Piece, *, member: MemberView) -> None:
    """Let a piece stand in answers again; where it does already, nothing changes."""
    session.execute(
        delete(QuietPiece).where(
            QuietPiece.member_id == member.id,
            QuietPiece.style_id == piece.style_id,
            QuietPiece.colour_name == piece.colour_name,
        )
    )


def forget_old(session: Session, *, now: datetime) -> None:
    """Drop questions that were kept as long as visits are."""
    oldest = rules.day_of(now - rules.KEPT_FOR)
    session.execute(delete(SameOutfitQuestion).where(SameOutfitQuestion.asked_on < oldest))


def erase(session: Session, member_id: str) -> None:
    """Delete what a member asked and keeps quiet, and their name from what friends asked."""
    session.execute(delete(SameOutfitQuestion).where(SameOutfitQuestion.member_id == member_id))
    session.execute(
        update(SameOutfitQuestion)
        .where(SameOutfitQuestion.friend_id == member_id)
        .values(friend_id=None)
    )
    session.execute(delete(QuietPiece).where(QuietPiece.member_id == member_id))
