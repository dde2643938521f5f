"""Tables of likes. The rows are the truth; totals and differences only make counting cheap."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id

_BigKey = BigInteger().with_variant(Integer, "sqlite")
# Likes among friends stay new for good: nobody looks for them.
_IS_NEW = text("verdict = 'new' AND is_public IS true")
_IS_NEW_SQLITE = text("verdict = 'new' AND is_public IS 1")
Verdict = String(12)


class OutfitLike(Base):
    """A like that stands. `counted_at` decides the season of every board in which it counts.

    Brand, store and stylist are copied from the outfit, which never changes them, so that
    counting by them needs no join and liking locks no row of theirs. `is_public` says that
    everyone could see the outfit when it was liked: no other like is judged or scores.

    `verdict` says whether it scores (`rules.Verdict`); a like that is held back belongs to a case
    of review, and `was_counted` then says whether a season that had closed before counted it.
    `missed` holds the ids, one after another, of seasons that closed without it while it was held.
    """

    __tablename__ = "outfit_like"
    __table_args__ = (
        Index("ix_outfit_like_season", "brand_id", "counted_at"),
        Index("ix_outfit_like_stylist", "stylist_id", "counted_at"),
        Index("ix_outfit_like_member", "member_id", "counted_at"),
        Index("ix_outfit_like_case", "case_id"),
        Index(
            "ix_outfit_like_new",
            "brand_id",
            sqlite_where=_IS_NEW_SQLITE,
            postgresql_where=_IS_NEW,
        ),
    )

    outfit_id: Mapped[str] = mapped_column(Id, ForeignKey("outfit.id"), primary_key=True)
    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id)
    store_id: Mapped[str] = mapped_column(Id)
    stylist_id: Mapped[str] = mapped_column(Id)
    counted_at: Mapped[datetime]
    is_public: Mapped[bool] = mapped_column(server_default=true())
    verdict: Mapped[str] = mapped_column(Verdict, server_default="new")
    case_id: Mapped[str | None] = mapped_column(Id)
    was_counted: Mapped[bool] = mapped_column(server_default=text("false"))
    missed: Mapped[str] = mapped_column(Text, server_default="")


class SpentLike(Base):
    """A like taken back after a season that counted it had closed, or while it was held back.

    Given again, it keeps its first time, so that no like counts in two seasons of one board, and
    what review said of it, so that taking it back and giving it again gains nothing. `missed` is
    as in `OutfitLike`, with seasons that closed while it was taken back.
    """

    __tablename__ = "spent_like"

    outfit_id: Mapped[str] = mapped_column(Id, ForeignKey("outfit.id"), primary_key=True)
    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    counted_at: Mapped[datetime]
    verdict: Mapped[str] = mapped_column(Verdict, server_default="new")
    case_id: Mapped[str | None] = mapped_column(Id)
    was_counted: Mapped[bool] = mapped_column(server_default=text("false"))
    missed: Mapped[str] = mapped_column(Text, server_default="")


class LikeDelta(Base):
    """A like given or taken that is not yet folded into totals and standings.

    `score` is what standings gain or lose by it: nothing for a new like, which is judged when it
    is folded, and -1 or 1 without a change of the count where one is held back or released.
    `is_announced` says that an event woke the screens for it; otherwise the fold does.
    """

    __tablename__ = "like_delta"
    __table_args__ = (
        Index("ix_like_delta_outfit", "outfit_id", "delta"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(_BigKey, primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id)
    store_id: Mapped[str] = mapped_column(Id)
    outfit_id: Mapped[str] = mapped_column(Id)
    stylist_id: Mapped[str] = mapped_column(Id)
    delta: Mapped[int]
    score: Mapped[int] = mapped_column(server_default=text("0"))
    counted_at: Mapped[datetime]
    is_announced: Mapped[bool]


class LikeTotal(Base):
    """The folded likes of an outfit."""

    __tablename__ = "like_total"
    __table_args__ = (CheckConstraint("likes >= 0", name="likes"),)

    outfit_id: Mapped[str] = mapped_column(Id, ForeignKey("outfit.id"), primary_key=True)
    likes: Mapped[int]
