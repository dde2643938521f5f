"""The table of consents: a row for each time somebody agreed."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id

_IN_FORCE = text("withdrawn_at IS NULL")


class Consent(Base):
    """Agreement of one person to one purpose, before one audience, through one channel.

    It ends and is never edited.
    """

    __tablename__ = "consent"
    __table_args__ = (
        Index(
            "uq_consent_in_force",
            "member_id",
            "purpose",
            "audience",
            "channel",
            unique=True,
            sqlite_where=_IN_FORCE,
            postgresql_where=_IN_FORCE,
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(30))
    audience: Mapped[str] = mapped_column(String(60))
    channel: Mapped[str] = mapped_column(String(20))
    notice_version: Mapped[str] = mapped_column(String(20))
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
