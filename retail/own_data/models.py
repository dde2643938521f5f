"""The table of copies that were too big to be gathered while somebody waits."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id


class OwnCopy(Base):
    """A member's data on its way to them. `body` is there from `ready_at` until it expires."""

    __tablename__ = "own_copy"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), unique=True)
    asked_at: Mapped[datetime]
    parts_done: Mapped[int] = mapped_column(default=0)
    parts_total: Mapped[int]
    ready_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None] = mapped_column(index=True)
    body: Mapped[str | None] = mapped_column(Text)
