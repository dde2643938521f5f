"""Tables of notes and of how their readers want to hear of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id


class Note(Base):
    """One thing to tell one member, once in a window of time; ids only, words come at delivery.

    `news_at` is when it last grew: a note read before that is unread again.
    """

    __tablename__ = "note"
    __table_args__ = (
        UniqueConstraint("member_id", "purpose", "subject", "window_at"),
        Index("ix_note_inbox", "member_id", "news_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"))
    purpose: Mapped[str] = mapped_column(String(30))
    subject: Mapped[str] = mapped_column(String(60))
    window_at: Mapped[datetime]
    data: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    news_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class NoteChoice(Base):
    """Whether a member wants a purpose on a channel, where that is not the default."""

    __tablename__ = "note_choice"
    __table_args__ = (CheckConstraint("channel IN ('in_app', 'email', 'push')", name="channel"),)

    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(30), primary_key=True)
    channel: Mapped[str] = mapped_column(String(10), primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    is_on: Mapped[bool]
    chosen_at: Mapped[datetime]


class NoteSetting(Base):
    """When a member is left alone, by the clock of a store or of the brand, and their language.

    Minutes since midnight; the same twice means never.
    """

    __tablename__ = "note_setting"

    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    store_id: Mapped[str | None] = mapped_column(Id, ForeignKey("store.id"))
    quiet_from: Mapped[int]
    quiet_until: Mapped[int]
    locale: Mapped[str] = mapped_column(String(20))


class RangeSignUp(Base):
    """A member's wish to hear of new styles of a category."""

    __tablename__ = "range_sign_up"
    __table_args__ = (Index("ix_range_sign_up_category", "brand_id", "category_code"),)

    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), primary_key=True)
    category_code: Mapped[str] = mapped_column(String(60), primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    since: Mapped[datetime]


class PushSubscription(Base):
    """A browser that agreed to receive pushes, under the address its push service gave it."""

    __tablename__ = "push_subscription"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), index=True)
    endpoint: Mapped[str] = mapped_column(Text)
    endpoint_hash: Mapped[str] = mapped_column(String(64), unique=True)
    p256dh: Mapped[str] = mapped_column(String(120))
    auth: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime]


class RefusedMail(Base):
    """How often in a row a member's mailbox refused our mail; enough, and we stop."""

    __tablename__ = "refused_mail"

    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    refusals: Mapped[int]
    refused_at: Mapped[datetime]
