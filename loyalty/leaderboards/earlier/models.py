"""Tables of the ranks at the beginning of a day."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base


class RankedDay(Base):
    """The day of the board's zone whose beginning a season's earlier ranks belong to."""

    __tablename__ = "ranked_day"

    season_id: Mapped[str] = mapped_column(ForeignKey("season.id"), primary_key=True)
    began_at: Mapped[datetime]


class EarlierRank(Base):
    """The rank of one of the best when the day began."""

    __tablename__ = "earlier_rank"

    season_id: Mapped[str] = mapped_column(ForeignKey("season.id"), primary_key=True)
    owner_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    rank: Mapped[int]
