"""Writes of what friends send each other."""

from datetime import datetime

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from core.outbox import emit
from core.sql import close_gate, insert_ignore
from retail.accounts.queries import MemberView
from retail.catalogue import shelf
from retail.catalogue.digital_link import gtin_in, piece_not_found
from retail.friends import queries as friends
from retail.sent_pieces import queries, rules
from retail.sent_pieces.events import PieceSent
from retail.sent_pieces.models import MutedSender, SentPiece
from retail.wall_rules import queries as wall_rules


def send(
    session: Session, gtin: str, friend_id: str, *, line: str, member: MemberView, now: datetime
) -> str:
    """Send a piece to one friend, with a line or without; gives the piece's id.

    Whether they mute the sender makes no difference that the sender could see. Raises NotFound for
    what the brand does not sell and whoever is no friend, Invalid for words that may not be said
    and goods that are never shared, Conflict where it was sent already, TooMany for enough today.
    """
    piece = shelf.sold_as(session, gtin_in(gtin), [member.brand_id]).get(member.brand_id)
    if piece is None:
        raise piece_not_found()
    rules.check_shareable(is_never_shareable=piece.is_never_shareable)
    banned = {word.folded for word in wall_rules.banned_words(session, member.brand_id)}
    words = rules.clean_line(line, banned)
    friend = friends.get_friend(session, member.id, friend_id)
    close_gate(session, rules.gate(member.id))
    rules.check_room(queries.count_since(session, member.id, now - rules.DAY))
    keys = {"sender_id": member.id, "receiver_id": friend.id, "variant_id": piece.id}
    values = {"brand_id": member.brand_id, "line": words, "sent_at": now}
    if not insert_ignore(session, SentPiece, **keys, **values):
        raise rules.already_sent()
    emit(session, PieceSent(**keys))
    return piece.id


def take_back(session: Session, friend_id: str, variant_id: str, *, member: MemberView) -> None:
    """Take back what was sent, wherever it is read; without it nothing changes."""
    _drop(session, member.id, friend_id, variant_id)


def put_away(session: Session, friend_id: str, variant_id: str, *, member: MemberView) -> None:
    """Have what a friend sent be gone; without it nothing changes."""
    _drop(session, friend_id, member.id, variant_id)


def mute(session: Session, friend_id: str, *, member: MemberView, now: datetime) -> None:
    """Hear nothing of what a friend sends, also of what is there. Raises NotFound for others."""
    friend = friends.get_friend(session, member.id, friend_id)
    keys = {"member_id": member.id, "sender_id": friend.id}
    insert_ignore(session, MutedSender, **keys, brand_id=member.brand_id, since=now)


def unmute(session: Session, friend_id: str, *, member: MemberView) -> None:
    """Hear of it again; without a mute nothing changes."""
    mine = (MutedSender.member_id == member.id, MutedSender.sender_id == friend_id)
    session.execute(delete(MutedSender).where(*mine))


def erase(session: Session, member_id: str) -> None:
    """Delete what a member sent and got, and every mute by and of them."""
    for model, other in ((SentPiece, SentPiece.receiver_id), (MutedSender, MutedSender.member_id)):
        session.execute(delete(model).where(or_(model.sender_id == member_id, other == member_id)))


def _drop(session: Session, sender_id: str, receiver_id: str, variant_id: str) -> None:
    session.execute(
        delete(SentPiece).where(
            SentPiece.sender_id == sender_id,
            SentPiece.receiver_id == receiver_id,
            SentPiece.variant_id == variant_id,
        )
    )
