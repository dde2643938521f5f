"""Tables of polls. The votes are the counts: nothing is kept beside the rows."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id


class Poll(Base):
    """A question about two looks of the member who asks it.

    It takes votes until `closes_at`, or until `is_closed`, which no vote passes whatever its
    clock says.
    """

    __tablename__ = "poll"
    __table_args__ = (
        Index("ix_poll_member", "member_id", "created_at"),
        CheckConstraint("audience IN ('friends', 'everyone')", name="audience"),
        CheckConstraint("first_outfit_id <> second_outfit_id", name="two_looks"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"))
    first_outfit_id: Mapped[str] = mapped_column(Id, ForeignKey("outfit.id"), index=True)
    second_outfit_id: Mapped[str] = mapped_column(Id, ForeignKey("outfit.id"), index=True)
    question: Mapped[str] = mapped_column(String(80))
    audience: Mapped[str] = mapped_column(String(12))
    created_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    is_closed: Mapped[bool] = mapped_column(server_default=false())


class SpentPoll(Base):
    """That a member asked a poll which they deleted since; kept for the day in which it counts."""

    __tablename__ = "spent_poll"
    __table_args__ = (Index("ix_spent_poll_member", "member_id", "asked_at"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"))
    asked_at: Mapped[datetime] = mapped_column(index=True)


class PollVote(Base):
    """One member's vote in one poll, as it stands."""

    __tablename__ = "poll_vote"
    __table_args__ = (CheckConstraint("choice IN ('first', 'second')", name="choice"),)

    poll_id: Mapped[str] = mapped_column(Id, ForeignKey("poll.id"), primary_key=True)
    member_id: Mapped[str] = mapped_column(
        Id, ForeignKey("member.id"), primary_key=True, index=True
    )
    choice: Mapped[str] = mapped_column(String(6))
    voted_at: Mapped[datetime]
