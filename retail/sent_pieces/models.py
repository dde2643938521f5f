"""Tables of what friends sent each other, and of whom they mute."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id


class SentPiece(Base):
    """A piece that a member sent to a friend, once, with a line of their own."""

    __tablename__ = "sent_piece"
    __table_args__ = (
        Index("ix_sent_piece_receiver", "receiver_id", "sent_at"),
        Index("ix_sent_piece_sender", "sender_id", "sent_at"),
        CheckConstraint("sender_id <> receiver_id", name="two_people"),
    )

    sender_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), primary_key=True)
    receiver_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), primary_key=True)
    variant_id: Mapped[str] = mapped_column(Id, ForeignKey("variant.id"), primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    line: Mapped[str] = mapped_column(String(80))
    sent_at: Mapped[datetime]


class MutedSender(Base):
    """That a member does not see what a friend sends, which the friend is not told."""

    __tablename__ = "muted_sender"

    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), primary_key=True)
    sender_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    since: Mapped[datetime]
