"""The table of crowds: how many people bought a style, counted again and again."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id


class StyleCrowd(Base):
    """How many different members bought and kept a style, told in tens; a style of few has no row.

    It names nobody, and whoever leaves is in no count after the next.
    """

    __tablename__ = "style_crowd"

    style_id: Mapped[str] = mapped_column(Id, ForeignKey("style.id"), primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"), index=True)
    people: Mapped[int]
    counted_at: Mapped[datetime]
