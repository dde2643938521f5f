"""The table of kiosks in use. It has no history: what is over is deleted."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id


class KioskSession(Base):
    """A kiosk shows a code, or has a member's phone linked; the row goes when it is wiped.

    `id` is random, and the topic of whoever's phone is linked. `code_hash` is the keyed hash of the
    one code that links a phone until `code_until`; it stays, so that a second phone hears why not.
    """

    __tablename__ = "kiosk_session"

    device_id: Mapped[str] = mapped_column(Id, ForeignKey("device.id"), primary_key=True)
    id: Mapped[str] = mapped_column(Id, unique=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    store_id: Mapped[str] = mapped_column(Id, ForeignKey("store.id"))
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    code_until: Mapped[datetime]
    member_id: Mapped[str | None] = mapped_column(Id, ForeignKey("member.id"), index=True)
    linked_at: Mapped[datetime | None]
    touched_at: Mapped[datetime] = mapped_column(index=True)
