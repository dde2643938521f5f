"""Tables of offers, and of what members do not want offered. Ids, counts and terms; no names."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id


class Offer(Base):
    """A piece offered to a member after a purchase of theirs, valid in [offered_at, ends_at).

    `friend_id` is whose taste it follows; who is named with it is decided whenever it is shown.
    `reason` holds what the choice was made of. `credited_at` says that the friend was thanked.
    """

    __tablename__ = "offer"
    __table_args__ = (
        UniqueConstraint("receipt_id", "style_id"),
        CheckConstraint("kind IN ('friend', 'a_friend', 'crowd')", name="kind"),
        CheckConstraint(
            "state IN ('offered', 'redeemed', 'declined', 'taken_back')",
            name="state",
        ),
        Index("ix_offer_member", "member_id", "offered_at"),
        Index("ix_offer_credit", "friend_id", "credited_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    store_id: Mapped[str] = mapped_column(Id, ForeignKey("store.id"))
    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"))
    receipt_id: Mapped[str] = mapped_column(Id, ForeignKey("receipt.id"))
    anchor_id: Mapped[str] = mapped_column(Id, ForeignKey("variant.id"))
    style_id: Mapped[str] = mapped_column(Id, ForeignKey("style.id"))
    variant_id: Mapped[str] = mapped_column(Id, ForeignKey("variant.id"))
    kind: Mapped[str] = mapped_column(String(10))
    friend_id: Mapped[str | None] = mapped_column(Id, ForeignKey("member.id"))
    crowd: Mapped[int]
    percent: Mapped[int]
    reason: Mapped[dict[str, Any]]
    voucher_id: Mapped[str | None] = mapped_column(Id, index=True)
    state: Mapped[str] = mapped_column(String(10), default="offered")
    offered_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    redeemed_at: Mapped[datetime | None]
    credited_at: Mapped[datetime | None]


class OfferTermsVersion(Base):
    """One version of a brand’s terms of offers, never changed; the newest holds.

    `most_off` are minor units by currency. `set_by` is a colleague’s id. One that
    `is_installations` says that the installation's settings hold again: its own numbers are what
    they said when it was set, to read in the history.
    """

    __tablename__ = "offer_terms"

    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    percent: Mapped[int]
    thanks_percent: Mapped[int]
    print_lines: Mapped[int]
    budget_milliseconds: Mapped[int]
    a_day: Mapped[int]
    a_week: Mapped[int]
    quiet: Mapped[list[str]]
    most_off: Mapped[dict[str, Any]]
    is_installations: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    set_at: Mapped[datetime]
    set_by: Mapped[str] = mapped_column(String(64))


class OfferRefusal(Base):
    """A member wants no offers of this style, or none with this friend; just one is set."""

    __tablename__ = "offer_refusal"
    __table_args__ = (
        UniqueConstraint("member_id", "style_id"),
        UniqueConstraint("member_id", "friend_id"),
        CheckConstraint("(style_id IS NULL) <> (friend_id IS NULL)", name="one"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"))
    style_id: Mapped[str | None] = mapped_column(Id, ForeignKey("style.id"))
    friend_id: Mapped[str | None] = mapped_column(Id, ForeignKey("member.id"), index=True)
    refused_at: Mapped[datetime]
