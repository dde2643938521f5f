"""Sessions of members: opened, kept going, and ended, one or all; an end is known everywhere."""

from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from core.errors import NotFound
from core.ids import keyed_hash, new_secret
from core.keys import key_id, keyed_hashes
from core.outbox import emit
from retail.accounts import rules
from retail.accounts.events import SessionsEnded, SignInsChanged
from retail.accounts.models import MemberSession
from retail.accounts.queries import SESSION_PURPOSE


def open_session(
    session: Session,
    member_id: str,
    *,
    brand_id: str,
    now: datetime,
    key: bytes,
    device: str | None = None,
) -> str:
    """Start a session for a member who has proven who they are, and return its token."""
    token = new_secret()
    session.add(
        MemberSession(
            token_hash=keyed_hash(key, SESSION_PURPOSE, token),
            hash_key=key_id(key),
            brand_id=brand_id,
            member_id=member_id,
            device=device,
            created_at=now,
            seen_at=now,
            ends_at=now + rules.SESSION_IDLE,
        )
    )
    session.flush()
    _tell_of_change(session, member_id)
    return token


def is_session_open(session: Session, session_id: str, *, now: datetime) -> bool:
    """Whether a session found before is still one."""
    found = select(MemberSession.id).where(
        MemberSession.id == session_id,
        MemberSession.ended_at.is_(None),
        MemberSession.ends_at > now,
    )
    return session.scalar(found) is not None


def extend_session(session: Session, token: str, *, now: datetime, key: bytes) -> None:
    """Let an open session run on for its idle time, counted from now; noted once a day."""
    session.execute(
        update(MemberSession)
        .where(
            MemberSession.token_hash.in_(keyed_hashes(key, SESSION_PURPOSE, token)),
            MemberSession.ended_at.is_(None),
            MemberSession.ends_at > now,
            MemberSession.seen_at <= now - rules.SESSION_NOTED_EVERY,
        )
        .values(
            token_hash=keyed_hash(key, SESSION_PURPOSE, token),
            hash_key=key_id(key),
            seen_at=now,
            ends_at=now + rules.SESSION_IDLE,
        )
    )


def end_session(session: Session, token: str, *, now: datetime, key: bytes) -> None:
    """Sign out; a session that is over already stays over."""
    hashes = keyed_hashes(key, SESSION_PURPOSE, token)
    _end(session, MemberSession.token_hash.in_(hashes), now=now)


def end_one(session: Session, session_id: str, *, member_id: str, now: datetime) -> None:
    """End one of a member's sessions. Raises NotFound for another's, absent and ended alike."""
    mine = MemberSession.member_id == member_id
    if not _end(session, mine, MemberSession.id == session_id, now=now):
        raise NotFound("session_not_found", "This sign-in isn’t here any more.")


def end_others(session: Session, session_id: str, *, member_id: str, now: datetime) -> int:
    """End all of a member's sessions but this one; tells how many."""
    mine = MemberSession.member_id == member_id
    return _end(session, mine, MemberSession.id != session_id, now=now)


def end_all(session: Session, member_id: str, *, now: datetime) -> int:
    """End every session of a member; tells how many."""
    return _end(session, MemberSession.member_id == member_id, now=now)


def _end(session: Session, *which: ColumnElement[bool], now: datetime) -> int:
    ended = session.execute(
        update(MemberSession)
        .where(MemberSession.ended_at.is_(None), *which)
        .values(ended_at=now)
        .returning(MemberSession.id, MemberSession.brand_id, MemberSession.member_id)
        .execution_options(synchronize_session=False)
    ).all()
    if ended:
        # Sessions only, no member: it must outlive what erasing a member forgets.
        emit(session, SessionsEnded(ended[0].brand_id), topics=[topic_of(row.id) for row in ended])
        _tell_of_change(session, ended[0].member_id)
    return len(ended)


def _tell_of_change(session: Session, member_id: str) -> None:
    emit(session, SignInsChanged(member_id), topics=[topic_of_all(member_id)])


def topic_of(session_id: str) -> str:
    """What is said when this session is over; no screen can ask to hear it of another's."""
    return f"session:{session_id}"


def topic_of_all(member_id: str) -> str:
    """What is said when a member signed in or out somewhere; only their own screens can hear it."""
    return f"member:{member_id}"
