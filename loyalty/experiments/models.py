"""Experiments, who stands where in them, and who was really treated or spared."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id


class Experiment(Base):
    """A treatment that some are held out of, from an instant on; its holdout never changes."""

    __tablename__ = "experiment"
    __table_args__ = (
        UniqueConstraint("programme_id", "name"),
        CheckConstraint("holdout BETWEEN 0 AND 1000", name="holdout"),
        CheckConstraint("ends_at IS NULL OR starts_at < ends_at", name="runs"),
        Index("ix_experiment_treatment", "programme_id", "treatment"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    programme_id: Mapped[str] = mapped_column(Id)
    name: Mapped[str] = mapped_column(String(80))
    treatment: Mapped[str] = mapped_column(String(80))
    holdout: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]


class ExperimentUnit(Base):
    """Where somebody stands, drawn when first asked for and never again."""

    __tablename__ = "experiment_unit"
    __table_args__ = (
        CheckConstraint("arm IN ('treatment', 'holdout')", name="arm"),
        Index("ix_experiment_unit_cluster", "experiment_id", "cluster_id"),
        Index("ix_experiment_unit_owner", "owner_id"),
    )

    experiment_id: Mapped[str] = mapped_column(ForeignKey("experiment.id"), primary_key=True)
    owner_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    cluster_id: Mapped[str] = mapped_column(String(32))
    arm: Mapped[str] = mapped_column(String(10))
    assigned_at: Mapped[datetime]


class Exposure(Base):
    """The first time that the experiment decided something for somebody: what counts as exposed.

    `arm` is repeated, so that what was done stands beside what was drawn.
    """

    __tablename__ = "exposure"
    __table_args__ = (Index("ix_exposure_owner", "owner_id"),)

    experiment_id: Mapped[str] = mapped_column(ForeignKey("experiment.id"), primary_key=True)
    owner_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    arm: Mapped[str] = mapped_column(String(10))
    source: Mapped[str] = mapped_column(String(120))
    first_at: Mapped[datetime]
