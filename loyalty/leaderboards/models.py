"""Tables of the boards. A programme is a tenant; owners and scopes are opaque ids."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id
from loyalty.immutable import execute_guard
from loyalty.leaderboards.gate import execute_function
from loyalty.leaderboards.rules import NEWCOMER_DAYS

OwnerId = String(64)


class Board(Base):
    """A ranking of one brand or store that runs season after season."""

    __tablename__ = "board"
    __table_args__ = (
        UniqueConstraint("programme_id", "scope_kind", "scope_id", "cadence", "kind"),
        CheckConstraint("scope_kind IN ('brand', 'store')", name="scope_kind"),
        CheckConstraint("cadence IN ('week', 'month')", name="cadence"),
        CheckConstraint("kind IN ('stylists', 'outfits', 'newcomers')", name="kind"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    programme_id: Mapped[str] = mapped_column(Id)
    scope_kind: Mapped[str] = mapped_column(String(10))
    scope_id: Mapped[str] = mapped_column(Id)
    cadence: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(10), default="stylists")
    zone: Mapped[str] = mapped_column(String(64))
    newcomer_days: Mapped[int] = mapped_column(default=NEWCOMER_DAYS)
    prizes: Mapped[list[Any]]
    created_at: Mapped[datetime]


class Season(Base):
    """One week or month of a board, its instants fixed when it was created."""

    __tablename__ = "season"
    __table_args__ = (
        UniqueConstraint("board_id", "starts_at"),
        CheckConstraint("starts_at < ends_at", name="has_length"),
        CheckConstraint("closed_at IS NULL OR closed_at >= ends_at", name="closed_after_end"),
        Index("ix_season_open", "programme_id", "closed_at", "ends_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    board_id: Mapped[str] = mapped_column(ForeignKey("board.id"))
    programme_id: Mapped[str] = mapped_column(Id)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    like_weight: Mapped[int] = mapped_column(default=1)
    purchase_weight: Mapped[int] = mapped_column(default=5)
    newcomer_days: Mapped[int] = mapped_column(default=NEWCOMER_DAYS)
    prizes: Mapped[list[Any]]


class Participant(Base):
    """Somebody who agreed to be ranked in a programme."""

    __tablename__ = "participant"

    programme_id: Mapped[str] = mapped_column(Id, primary_key=True)
    owner_id: Mapped[str] = mapped_column(OwnerId, primary_key=True)
    joined_at: Mapped[datetime]


class Standing(Base):
    """A score above zero in a season that is not closed yet."""

    __tablename__ = "standing"
    __table_args__ = (CheckConstraint("score > 0", name="score"),)

    season_id: Mapped[str] = mapped_column(ForeignKey("season.id"), primary_key=True)
    owner_id: Mapped[str] = mapped_column(OwnerId, primary_key=True)
    score: Mapped[int]
    reached_at: Mapped[datetime]


Index(
    "ix_standing_order",
    Standing.season_id,
    Standing.score.desc(),
    Standing.reached_at,
    Standing.owner_id,
)


class ScoreBand(Base):
    """How many owners of a season score from `lowest` on over `width`; wide bands hold narrow ones.

    They make a rank the sum of a few rows, however many owners and scores there are.
    """

    __tablename__ = "score_band"
    __table_args__ = (CheckConstraint("owners >= 0", name="owners"),)

    season_id: Mapped[str] = mapped_column(ForeignKey("season.id"), primary_key=True)
    width: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    lowest: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    owners: Mapped[int]


class FinalStanding(Base):
    """A place in a closed season; never changed."""

    __tablename__ = "final_standing"
    __table_args__ = (UniqueConstraint("season_id", "owner_id"),)

    season_id: Mapped[str] = mapped_column(ForeignKey("season.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rank: Mapped[int]
    owner_id: Mapped[str] = mapped_column(OwnerId)
    score: Mapped[int]
    reached_at: Mapped[datetime]


class ScoreCorrection(Base):
    """What a place in a closed season turned out not to deserve: one row for each cause.

    The place itself stays as it was frozen.
    """

    __tablename__ = "score_correction"
    __table_args__ = (CheckConstraint("delta < 0", name="delta"),)

    season_id: Mapped[str] = mapped_column(ForeignKey("season.id"), primary_key=True)
    owner_id: Mapped[str] = mapped_column(OwnerId, primary_key=True)
    source: Mapped[str] = mapped_column(String(120), primary_key=True)
    delta: Mapped[int]
    noted_at: Mapped[datetime]


class PrizeGrant(Base):
    """A prize that was given, once."""

    __tablename__ = "prize_grant"

    season_id: Mapped[str] = mapped_column(ForeignKey("season.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    owner_id: Mapped[str] = mapped_column(OwnerId, index=True)
    kind: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(120), unique=True)
    granted_at: Mapped[datetime]


event.listen(Season.__table__, "after_create", execute_function)
event.listen(FinalStanding.__table__, "after_create", execute_guard)
event.listen(ScoreCorrection.__table__, "after_create", execute_guard)
event.listen(PrizeGrant.__table__, "after_create", execute_guard)
