"""Tables of shares and of what they led to."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id
from retail.sharing.rules import CHANNELS, KINDS

_OF_MEMBER = text("sharer_id IS NOT NULL")
_OF_NOBODY = text("sharer_id IS NULL AND detached_at IS NULL")


def _one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


class Share(Base):
    """A link to an outfit or to a poll, one for each sharer and channel.

    `stylist_id` is whose outfit or poll it is.

    `sharer_id` is empty for strangers and for members who did not agree to be credited; who takes
    that back is cut off from their links, which go on leading where they lead.
    """

    __tablename__ = "share"
    __table_args__ = (
        Index(
            "uq_share_of_member",
            "outfit_id",
            "sharer_id",
            "channel",
            unique=True,
            sqlite_where=_OF_MEMBER,
            postgresql_where=_OF_MEMBER,
        ),
        Index(
            "uq_share_of_nobody",
            "outfit_id",
            "channel",
            unique=True,
            sqlite_where=_OF_NOBODY,
            postgresql_where=_OF_NOBODY,
        ),
        Index(
            "uq_poll_share_of_member",
            "poll_id",
            "sharer_id",
            "channel",
            unique=True,
            sqlite_where=_OF_MEMBER,
            postgresql_where=_OF_MEMBER,
        ),
        Index(
            "uq_poll_share_of_nobody",
            "poll_id",
            "channel",
            unique=True,
            sqlite_where=_OF_NOBODY,
            postgresql_where=_OF_NOBODY,
        ),
        CheckConstraint("(outfit_id IS NULL) <> (poll_id IS NULL)", name="target"),
        _one_of("channel", CHANNELS),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    outfit_id: Mapped[str | None] = mapped_column(Id, ForeignKey("outfit.id"))
    poll_id: Mapped[str | None] = mapped_column(Id, ForeignKey("poll.id"))
    stylist_id: Mapped[str] = mapped_column(Id, index=True)
    sharer_id: Mapped[str | None] = mapped_column(Id, ForeignKey("member.id"), index=True)
    channel: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime]
    detached_at: Mapped[datetime | None]


class SeenVisitor(Base):
    """That a visit was counted already today; the mark tells nobody who it was, and goes soon."""

    __tablename__ = "seen_visitor"

    share_id: Mapped[str] = mapped_column(Id, ForeignKey("share.id"), primary_key=True)
    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    seen_on: Mapped[date] = mapped_column(index=True)


class Touch(Base):
    """What a share led to: a visit, which has nobody, a like or save of a member, a purchase.

    A like, save or purchase is credited to one share at most. Of a share of a poll only visits
    are known, and they have no outfit.
    """

    __tablename__ = "touch"
    __table_args__ = (
        UniqueConstraint("member_id", "outfit_id", "kind"),
        UniqueConstraint("receipt_id"),
        Index("ix_touch_share", "share_id", "kind"),
        Index("ix_touch_outfit", "outfit_id", "kind"),
        _one_of("kind", KINDS),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    share_id: Mapped[str] = mapped_column(Id, ForeignKey("share.id"))
    outfit_id: Mapped[str | None] = mapped_column(Id, ForeignKey("outfit.id"))
    kind: Mapped[str] = mapped_column(String(10))
    member_id: Mapped[str | None] = mapped_column(Id, ForeignKey("member.id"))
    receipt_id: Mapped[str | None] = mapped_column(Id, ForeignKey("receipt.id"))
    touched_at: Mapped[datetime]
