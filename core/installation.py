"""What an installation notes about itself: a few rows that say what was last seen when.

Workers note that they are alive, backups that they were made, keys since when they are used.
"""

from datetime import datetime

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.ids import keyed_hash
from core.keys import key_id
from core.model import Base
from core.sql import insert_ignore, upsert

WORKER = "worker"
BACKUP = "backup"
KEY_PREFIX = "key:"
BEAT_SECONDS = 15


class InstallationNote(Base):
    """One fact, by name."""

    __tablename__ = "installation_note"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    noted_at: Mapped[datetime]


def note(session: Session, name: str, now: datetime) -> None:
    """Write down that this was so just now."""
    upsert(session, InstallationNote, {"name": name}, noted_at=now)


def note_key(session: Session, key: bytes, now: datetime) -> None:
    """Write down since when this key signs; the first time counts."""
    insert_ignore(session, InstallationNote, name=f"{KEY_PREFIX}{key_id(key)}", noted_at=now)


def noted_at(session: Session, name: str) -> datetime | None:
    """When this was last so; None for never."""
    return session.scalar(select(InstallationNote.noted_at).where(InstallationNote.name == name))


def key_notes(session: Session) -> dict[str, datetime]:
    """Since when each key that ever signed here did, by the id of the key."""
    rows = session.execute(
        select(InstallationNote.name, InstallationNote.noted_at).where(
            InstallationNote.name.startswith(KEY_PREFIX)
        )
    )
    return {name.removeprefix(KEY_PREFIX): since for name, since in rows}


def public_id(key: bytes) -> str:
    """By what an installation's own doctor knows it from outside: sixteen characters."""
    return keyed_hash(key, "installation", "")[:16]
