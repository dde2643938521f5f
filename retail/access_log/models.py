"""The table of disclosures: a row for each look at a member's data."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id


class Disclosure(Base):
    """One look. `viewer_id` is the id of the one who looked, whose name its reader never sees."""

    __tablename__ = "disclosure"
    __table_args__ = (Index("ix_disclosure_member", "member_id", "seen_at"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"))
    viewer_kind: Mapped[str] = mapped_column(String(20))
    viewer_id: Mapped[str | None] = mapped_column(String(64))
    purpose: Mapped[str] = mapped_column(String(60))
    what: Mapped[str] = mapped_column(String(60))
    seen_at: Mapped[datetime]
