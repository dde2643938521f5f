"""What offers need time for: making them after a claim, settling them once used or returned."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from core import clock
from core.transaction import Database
from jobs.queue import Claimed
from jobs.worker import Transactional
from retail.journeys.offers import offer, thank_friend
from retail.journeys.offers.rank_goods import ranker_of
from retail.journeys.offers.set_offer_terms import terms_of


def _used(session: Session, payload: dict[str, Any], now: datetime) -> None:
    settings = current_app.config["SETTINGS"]
    thank_friend.settle_used(
        session,
        payload["redemption_id"],
        settings=settings,
        now=now,
    )


def _returned(session: Session, payload: dict[str, Any], now: datetime) -> None:
    thank_friend.settle_returned(session, payload["receipt_id"], now=now)


def offer_for_claim(database: Database, job: Claimed) -> None:
    """Offer something to who just claimed a receipt of today; no till waits for it."""
    settings, now = current_app.config["SETTINGS"], clock.now()
    age = settings.minimum_age_years
    with database.write() as session:
        buyer = offer.draw(session, job.payload["receipt_id"], now=now, minimum_age=age)
    ranker = ranker_of(buyer.receipt.brand_id, settings.data_dir) if buyer else None
    if buyer is None or ranker is None:
        return
    with database.read() as session:
        terms = terms_of(session, buyer.receipt.brand_id, settings)
        how = {"ranker": ranker, "terms": terms, "now": now, "minimum_age": age}
        choice = offer.think(session, buyer, **how)
    if choice is not None:
        with database.write() as session:
            offer.make(session, buyer, choice, terms=terms, now=now, key=settings.key)


SETTLING: Mapping[str, Transactional] = {
    thank_friend.USED_JOB: _used,
    thank_friend.RETURNED_JOB: _returned,
}
