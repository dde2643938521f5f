"""The table of training runs."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id

_IS_OPEN = text("ended_at IS NULL")


class TrainingRun(Base):
    """One time that a brand's recommender learns anew; a brand has at most one that is open.

    It names nobody: `origin` says only whether the night, staff or a command asked for it, and
    `figures` are means over shoppers. `beat_at` is when its process was last heard of; `share` is
    how much of it is done, in percent. `bundle` is what it put on the shelf.
    """

    __tablename__ = "training_run"
    __table_args__ = (
        Index("ix_training_run_brand_id_asked_at", "brand_id", "asked_at"),
        Index(
            "uq_training_run_open",
            "brand_id",
            unique=True,
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    origin: Mapped[str] = mapped_column(String(8))
    asked_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    step: Mapped[str] = mapped_column(String(12), default="")
    share: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime | None]
    beat_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(String(20))
    shoppers: Mapped[int] = mapped_column(default=0)
    items: Mapped[int] = mapped_column(default=0)
    events: Mapped[int] = mapped_column(default=0)
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    bundle: Mapped[str | None] = mapped_column(String(80))
