"""Reads of what friends sent each other, as long as they are friends."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from retail.accounts import queries as accounts
from retail.catalogue import queries as catalogue
from retail.catalogue.queries import VariantView
from retail.friends import queries as friends
from retail.sent_pieces.models import MutedSender, SentPiece
from retail.sent_pieces.rules import MOST_LISTED


def mutes(member_id: Any, sender_id: Any) -> ColumnElement[bool]:
    """Whether a member mutes another, as a condition on other rooms' columns of member ids."""
    return exists().where(MutedSender.member_id == member_id, MutedSender.sender_id == sender_id)


IS_MUTED = mutes(SentPiece.receiver_id, SentPiece.sender_id)
_ARE_FRIENDS = friends.are_friends(SentPiece.receiver_id, SentPiece.sender_id)


@dataclass(frozen=True)
class SentView:
    """A piece between two friends: `friend_id` and `name` are the other's, `line` the sender's."""

    friend_id: str
    name: str
    initials: str
    avatar: int
    piece: VariantView
    line: str
    sent_at: datetime


@dataclass(frozen=True)
class MutedView:
    """A friend of whose things the member hears nothing; `id` is the friend's."""

    id: str
    name: str


def received_by(session: Session, member_id: str, *, brand_id: str) -> list[SentView]:
    """What friends sent to a member who does not mute them, the newest first."""
    mine = SentPiece.receiver_id == member_id
    return _views(session, SentPiece.sender_id, brand_id, mine, ~IS_MUTED)


def sent_by(session: Session, member_id: str, *, brand_id: str) -> list[SentView]:
    """What a member sent to those who are still friends, the newest first; muted or not."""
    return _views(session, SentPiece.receiver_id, brand_id, SentPiece.sender_id == member_id)


def get_received(
    session: Session, sender_id: str, variant_id: str, *, member_id: str, brand_id: str
) -> SentView | None:
    """One piece as its receiver sees it; None where it is not to be seen."""
    mine = (
        SentPiece.receiver_id == member_id,
        SentPiece.sender_id == sender_id,
        SentPiece.variant_id == variant_id,
    )
    found = _views(session, SentPiece.sender_id, brand_id, *mine, ~IS_MUTED)
    return found[0] if found else None


def sent_to(session: Session, member_id: str, variant_id: str) -> set[str]:
    """To whom a member sent a piece."""
    mine = (SentPiece.sender_id == member_id, SentPiece.variant_id == variant_id)
    return set(session.scalars(select(SentPiece.receiver_id).where(*mine)))


def count_since(session: Session, member_id: str, since: datetime) -> int:
    """How much a member sent since then."""
    mine = (SentPiece.sender_id == member_id, SentPiece.sent_at > since)
    return session.scalar(select(func.count()).where(*mine)) or 0


def muted_by(session: Session, member_id: str) -> list[MutedView]:
    """Whom a member mutes, by name."""
    ids = session.scalars(
        select(MutedSender.sender_id).where(MutedSender.member_id == member_id)
    ).all()
    known = accounts.members_by_id(session, ids).values()
    return sorted((MutedView(one.id, one.public_name) for one in known), key=lambda one: one.name)


def export(session: Session, member_id: str) -> dict[str, Any]:
    """All that a member sent, got and muted, for themselves; others by no more than their names."""
    rows = session.execute(
        select(
            SentPiece.sender_id,
            SentPiece.receiver_id,
            SentPiece.variant_id,
            SentPiece.line,
            SentPiece.sent_at,
        )
        .where(or_(SentPiece.sender_id == member_id, SentPiece.receiver_id == member_id))
        .order_by(SentPiece.sent_at, SentPiece.variant_id)
    ).all()
    others = {row.receiver_id if row.sender_id == member_id else row.sender_id for row in rows}
    known = accounts.members_by_id(session, others)
    sides: dict[str, Any] = {"sent": [], "received": []}
    for row in rows:
        is_mine = row.sender_id == member_id
        other = known.get(row.receiver_id if is_mine else row.sender_id)
        entry = {"variant_id": row.variant_id, "line": row.line, "sent_at": row.sent_at}
        name = other.public_name if other else ""
        sides["sent" if is_mine else "received"].append(entry | {"friend": name})
    return sides | {"muted": [one.name for one in muted_by(session, member_id)]}


def _views(
    session: Session, other: Any, brand_id: str, *which: ColumnElement[bool]
) -> list[SentView]:
    rows = session.execute(
        select(other.label("friend_id"), SentPiece.variant_id, SentPiece.line, SentPiece.sent_at)
        .where(*which, _ARE_FRIENDS)
        .order_by(SentPiece.sent_at.desc(), SentPiece.variant_id)
        .limit(MOST_LISTED)
    ).all()
    known = accounts.members_by_id(session, {row.friend_id for row in rows})
    pieces = catalogue.get_variants(session, brand_id, {row.variant_id for row in rows})
    return [
        SentView(who.id, who.public_name, who.initials, who.avatar, piece, row.line, row.sent_at)
        for row in rows
        if (who := known.get(row.friend_id))
        and (piece := pieces.get(row.variant_id))
        and not piece.is_never_shareable
    ]
