"""Writes of strangers' likes: kept, taken out once, forgotten after a day."""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core.sql import insert_ignore
from retail.guests import rules
from retail.guests.models import GuestLike
from retail.guests.rules import WaitingLike
from retail.outfits import queries as outfits


def keep_like(
    session: Session,
    outfit_id: str,
    *,
    guest: str,
    share_id: str | None,
    now: datetime,
    key: bytes,
) -> None:
    """Keep a stranger's like, uncounted, for `LIFETIME`; a repeated tap changes nothing.

    Of one guest at most `MOST_WAITING` wait; more are dropped. Raises NotFound for every outfit
    that not everyone may see.
    """
    outfit = outfits.get_visible(session, outfit_id)
    hashes = rules.guest_hashes(key, guest)
    waiting = select(func.count()).where(GuestLike.guest_hash.in_(hashes))
    if session.execute(waiting).scalar_one() >= rules.MOST_WAITING:
        return
    insert_ignore(
        session,
        GuestLike,
        guest_hash=hashes[0],
        outfit_id=outfit_id,
        stylist_id=outfit.member_id,
        share_id=share_id,
        expires_at=now + rules.LIFETIME,
    )


def take_likes(session: Session, guest: str, *, now: datetime, key: bytes) -> list[WaitingLike]:
    """What waits of a guest, handed out once: whoever asks again or at the same time gets none."""
    taken = session.execute(
        delete(GuestLike)
        .where(GuestLike.guest_hash.in_(rules.guest_hashes(key, guest)))
        .returning(GuestLike.outfit_id, GuestLike.share_id, GuestLike.expires_at)
    ).all()
    # After a change of keys the same tap may wait under two of them.
    once = {row.outfit_id: row.share_id for row in taken if row.expires_at > now}
    return [WaitingLike(*like) for like in once.items()]


def forget_old_likes(session: Session, *, now: datetime) -> None:
    """Drop what waited for too long."""
    session.execute(delete(GuestLike).where(GuestLike.expires_at <= now))


def erase(session: Session, member_id: str) -> None:
    """Drop what waits for a member's outfits; what a guest did names nobody."""
    session.execute(delete(GuestLike).where(GuestLike.stylist_id == member_id))
