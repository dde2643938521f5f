"""Points whose time has come: those that waited come free, others run out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from jobs.worker import Transactional
from retail.journeys.points import end_points


def _release(session: Session, payload: dict[str, Any], now: datetime) -> None:
    end_points.release_points(session, **payload, now=now)


def _expire(session: Session, payload: dict[str, Any], now: datetime) -> None:
    end_points.expire_points(session, payload["lot_id"], now=now)


def _expire_idle(session: Session, payload: dict[str, Any], now: datetime) -> None:
    end_points.expire_idle_points(session, **payload, now=now)


def _look(session: Session, payload: dict[str, Any], now: datetime) -> None:  # noqa: ARG001 (as every job)
    end_points.look_after_idle_points(session, **payload)


ENDING: Mapping[str, Transactional] = {
    end_points.RELEASE_JOB: _release,
    end_points.EXPIRE_JOB: _expire,
    end_points.IDLE_JOB: _expire_idle,
    end_points.IDLE_LOOK_JOB: _look,
}
