"""Idempotency rows: what was answered to which key, so that a repeated request has one effect.

https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, Text, delete, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.errors import SwingtagError
from core.model import Base, Id
from core.sql import insert_ignore


class KeyReused(SwingtagError):
    """The same idempotency key came with another request body."""

    kind = "invalid"


class Replay(Base):
    """One answered request. `body` is empty where the answer is rebuilt from rows.

    `owner_id` is whose answer it is, where a member asked, so that it can leave with them.
    """

    __tablename__ = "replay"

    scope: Mapped[str] = mapped_column(String(120), primary_key=True)
    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None]
    body: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime] = mapped_column(index=True)
    owner_id: Mapped[str | None] = mapped_column(Id, index=True)


@dataclass(frozen=True)
class Answer:
    """A stored answer; `body` is None where it is to be rebuilt."""

    status: int
    body: str | None


def begin(
    session: Session,
    *,
    scope: str,
    key: str,
    fingerprint: str,
    now: datetime,
    owner_id: str | None = None,
) -> Answer | None:
    """Claim the key, or give the answer stored under it.

    A twin in flight is waited for. Raises KeyReused where the fingerprint differs.
    """
    if insert_ignore(
        session,
        Replay,
        scope=scope,
        key=key,
        fingerprint=fingerprint,
        answered_at=now,
        owner_id=owner_id,
    ):
        return None
    row = session.execute(
        select(Replay.fingerprint, Replay.status, Replay.body).where(
            Replay.scope == scope, Replay.key == key
        )
    ).one()
    if row.fingerprint != fingerprint:
        raise KeyReused("idempotency_key_reused", "This key was used with another request body.")
    return Answer(row.status or 200, row.body)


def finish(session: Session, *, scope: str, key: str, status: int, body: str | None) -> None:
    """Store the answer under a key claimed in this transaction."""
    session.execute(
        update(Replay)
        .where(Replay.scope == scope, Replay.key == key)
        .values(status=status, body=body)
    )


def forget(session: Session, owner_id: str) -> None:
    """Delete the answers that somebody got, and those to others that name them."""
    named = Replay.body.contains(owner_id, autoescape=True)
    session.execute(delete(Replay).where(or_(Replay.owner_id == owner_id, named)))
