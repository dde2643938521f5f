"""Tables of friendships, invitations and blocks."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id

_IN_FORCE = text("ended_at IS NULL")


class Friendship(Base):
    """One side of a friendship; the other side is a row of its own, made and ended with it.

    Two rows, so that whose friend somebody is is a walk along one key, however many there are.
    """

    __tablename__ = "friendship"
    __table_args__ = (CheckConstraint("member_id <> friend_id", name="others"),)

    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), primary_key=True)
    friend_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    # Which invitation made it; that row is dropped long before the friendship ends.
    invitation_id: Mapped[str] = mapped_column(Id)
    made_at: Mapped[datetime]


class FriendInvitation(Base):
    """An invitation for a number of people. Its token is derived from the id; see `codes`."""

    __tablename__ = "friend_invitation"
    __table_args__ = (
        Index("ix_friend_invitation_member", "member_id", "created_at"),
        CheckConstraint("places_left BETWEEN 0 AND places", name="places_left"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    places: Mapped[int]
    places_left: Mapped[int]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    revoked_at: Mapped[datetime | None]


class MemberBlock(Base):
    """A member keeps another out of sight. It ends and is never edited.

    One that ended still closes the invitations that were open when it began.
    """

    __tablename__ = "member_block"
    __table_args__ = (
        Index(
            "uq_member_block_in_force",
            "member_id",
            "blocked_id",
            unique=True,
            sqlite_where=_IN_FORCE,
            postgresql_where=_IN_FORCE,
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), index=True)
    blocked_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), index=True)
    blocked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
