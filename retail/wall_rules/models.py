"""Tables of a wall's rules: banned words, and when looks are checked."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id


class WallWord(Base):
    """A word that no caption may hang with before somebody looked at it."""

    __tablename__ = "wall_word"

    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"), primary_key=True)
    folded: Mapped[str] = mapped_column(String(80), primary_key=True)
    word: Mapped[str] = mapped_column(String(40))
    staff_id: Mapped[str] = mapped_column(Id, ForeignKey("staff_account.id"))
    added_at: Mapped[datetime]


class WallRules(Base):
    """A brand's own rules; without a row, the usual ones."""

    __tablename__ = "wall_rules"

    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"), primary_key=True)
    checks_first: Mapped[bool]
    reports_for_review: Mapped[int]
