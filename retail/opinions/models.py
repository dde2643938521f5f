"""Tables of questions to friends. All that hangs on one goes with it, a day after it was asked.

The picture is sealed, and no backup has it.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id


class OpinionRequest(Base):
    """A question to chosen friends; `id` is random, and an address that nobody guesses.

    With a `link_id` it was asked from a room, and is over once that phone is not linked any more.
    """

    __tablename__ = "opinion_request"
    __table_args__ = (
        Index("ix_opinion_request_member", "member_id", "asked_at"),
        CheckConstraint("kind IN ('pieces', 'look', 'picture')", name="kind"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"))
    link_id: Mapped[str | None] = mapped_column(Id, index=True)
    kind: Mapped[str] = mapped_column(String(7))
    words: Mapped[str] = mapped_column(String(80))
    shows_picture: Mapped[bool]
    asked_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class OpinionPiece(Base):
    """A piece that is asked about, in its place."""

    __tablename__ = "opinion_piece"

    request_id: Mapped[str] = mapped_column(Id, ForeignKey("opinion_request.id"), primary_key=True)
    variant_id: Mapped[str] = mapped_column(Id, ForeignKey("variant.id"), primary_key=True)
    position: Mapped[int]


class OpinionAdviser(Base):
    """A friend who is asked, and what they last said; before that, `choice` is empty."""

    __tablename__ = "opinion_adviser"

    request_id: Mapped[str] = mapped_column(Id, ForeignKey("opinion_request.id"), primary_key=True)
    friend_id: Mapped[str] = mapped_column(
        Id, ForeignKey("member.id"), primary_key=True, index=True
    )
    choice: Mapped[str] = mapped_column(String(26))
    reply: Mapped[str] = mapped_column(String(80))
    answered_at: Mapped[datetime | None]


class OpinionReport(Base):
    """A friend's wish that somebody looks at what they were asked; gone with the question.

    With a `store_id` it was asked from a room of that store.
    """

    __tablename__ = "opinion_report"
    __table_args__ = (Index("ix_opinion_report_brand", "brand_id", "reported_at"),)

    request_id: Mapped[str] = mapped_column(Id, ForeignKey("opinion_request.id"), primary_key=True)
    member_id: Mapped[str] = mapped_column(
        Id, ForeignKey("member.id"), primary_key=True, index=True
    )
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    store_id: Mapped[str | None] = mapped_column(Id, ForeignKey("store.id"))
    reason: Mapped[str] = mapped_column(String(12))
    reported_at: Mapped[datetime]


class OpinionPicture(Base):
    """The picture that is asked about: a JPEG, sealed."""

    __tablename__ = "opinion_picture"

    request_id: Mapped[str] = mapped_column(Id, ForeignKey("opinion_request.id"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
