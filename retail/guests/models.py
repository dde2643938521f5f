"""The table of strangers' likes that wait."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id


class GuestLike(Base):
    """A like that waits for its giver to join; whose it is, only the guest's cookie knows.

    `share_id` is the share that led to it. The stylist is copied, so that her erasure finds it.
    """

    __tablename__ = "guest_like"

    guest_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    outfit_id: Mapped[str] = mapped_column(Id, ForeignKey("outfit.id"), primary_key=True)
    stylist_id: Mapped[str] = mapped_column(Id, index=True)
    share_id: Mapped[str | None] = mapped_column(Id)
    expires_at: Mapped[datetime] = mapped_column(index=True)
