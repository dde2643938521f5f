"""Tables of webhook endpoints, the messages to them, and every try to hand one over."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id

_BigKey = BigInteger().with_variant(Integer, "sqlite")


class WebhookEndpoint(Base):
    """An address of a brand's own system; its signing secrets are sealed, never readable here.

    `fence` names the try under way, which holds the endpoint until `busy_until`; `wakes_at` is
    when a worker was last asked to come back.
    """

    __tablename__ = "webhook_endpoint"
    __table_args__ = (UniqueConstraint("brand_id", "url"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    url: Mapped[str] = mapped_column(String(500))
    name: Mapped[str] = mapped_column(String(60))
    types: Mapped[list[str]]
    secret: Mapped[str] = mapped_column(Text)
    secret_version: Mapped[int] = mapped_column(default=1)
    older_secret: Mapped[str | None] = mapped_column(Text)
    older_until: Mapped[datetime | None]
    seal_key: Mapped[str] = mapped_column(String(8))
    last_message: Mapped[str] = mapped_column(Id)
    failing_since: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    disabled_why: Mapped[str | None] = mapped_column(String(20))
    busy_until: Mapped[datetime | None]
    fence: Mapped[str | None] = mapped_column(Id)
    wakes_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class WebhookNews(Base):
    """What happened and is not written out to endpoints yet; as old as its place in the row."""

    __tablename__ = "webhook_news"
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(_BigKey, primary_key=True)
    type: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]]
    happened_at: Mapped[datetime]


class WebhookMessage(Base):
    """One message to one endpoint. Its ids rise, and in their order it is handed over."""

    __tablename__ = "webhook_message"
    __table_args__ = (Index("ix_webhook_message_open", "endpoint_id", "state", "id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    endpoint_id: Mapped[str] = mapped_column(Id, ForeignKey("webhook_endpoint.id"))
    type: Mapped[str] = mapped_column(String(60))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12))
    happened_at: Mapped[datetime] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    give_up_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class WebhookAttempt(Base):
    """One try to hand a message over, and the beginning of the answer."""

    __tablename__ = "webhook_attempt"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    message_id: Mapped[str] = mapped_column(Id, ForeignKey("webhook_message.id"), index=True)
    at: Mapped[datetime]
    status: Mapped[int | None]
    milliseconds: Mapped[int]
    error: Mapped[str | None] = mapped_column(String(20))
    answer: Mapped[str] = mapped_column(String(200))
