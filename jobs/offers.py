"""What offers need time for: settling those that were used, and those whose goods came back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from jobs.worker import Transactional
from retail.journeys import thank_friend


def _used(session: Session, payload: dict[str, Any], now: datetime) -> None:
    settings = current_app.config["SETTINGS"]
    thank_friend.settle_used(
        session,
        payload["redemption_id"],
        thanks_percent=settings.offer_thanks_percent,
        minimum_age=settings.minimum_age_years,
        now=now,
        key=settings.key,
    )


def _returned(session: Session, payload: dict[str, Any], now: datetime) -> None:
    thank_friend.settle_returned(session, payload["receipt_id"], now=now)


SETTLING: Mapping[str, Transactional] = {
    thank_friend.USED_JOB: _used,
    thank_friend.RETURNED_JOB: _returned,
}
