"""Tell a brand's own systems of what happened: ids, by which they ask the API for the rest.

Whose receipt or prize it is stays here, as no member has agreed to be told of elsewhere.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.errors import NotFound
from loyalty.leaderboards import queries as leaderboards
from loyalty.prizes import queries as prizes
from retail.journeys.league.give_prize import PrizeAwarded, PrizeSettled
from retail.journeys.league.season_close import SeasonClosed
from retail.receipts import queries as receipts
from retail.receipts.events import GoodsReturned, ReceiptClaimed, ReceiptRecorded
from retail.webhooks import outgoing
from retail.webhooks.outgoing import Told

# The name under which each event is told; that of an older shape stays beside a newer one's.
TYPES: Mapping[type, str] = {
    ReceiptRecorded: "receipt.recorded",
    ReceiptClaimed: "receipt.claimed",
    GoodsReturned: "receipt.returned",
    SeasonClosed: "season.closed",
    PrizeAwarded: "prize.awarded",
    PrizeSettled: "prize.settled",
}


def note(session: Session, happened: Any, now: datetime) -> None:
    """Keep an event for whoever is told of it, in its own transaction."""
    outgoing.note(session, TYPES[type(happened)], asdict(happened), now=now)


def sort(session: Session, *, now: datetime) -> None:
    """Write what was kept out to the endpoints, as things happened."""
    outgoing.sort(session, told_of, now=now)


def told_of(session: Session, kind: str, payload: dict[str, Any]) -> Told | None:
    """The brand whose news it is, and the data of the message; None where it is gone by now."""
    try:
        return _SUBJECTS[kind.partition(".")[0]](session, kind, payload)
    except NotFound:
        return None


def _receipt(session: Session, kind: str, payload: dict[str, Any]) -> Told:
    receipt = receipts.get_receipt(session, payload["receipt_id"])
    data = {"receipt_id": receipt.id, "store_id": receipt.store_id}
    if kind == "receipt.returned":
        data["return_id"] = payload["return_id"]
    return receipt.brand_id, data


def _season(session: Session, kind: str, payload: dict[str, Any]) -> Told:  # noqa: ARG001 (as every subject)
    season = leaderboards.get_season(session, payload["season_id"])
    return season.programme_id, {"season_id": season.id, "board_id": season.board_id}


def _prize(session: Session, kind: str, payload: dict[str, Any]) -> Told | None:
    award = prizes.find_award(session, payload["award_id"])
    if award is None:
        return None
    data = {"award_id": award.id, "season_id": award.contest_id}
    if kind == "prize.settled":
        data["state"] = award.state
    return award.programme_id, data


_SUBJECTS: Mapping[str, Callable[[Session, str, dict[str, Any]], Told | None]] = {
    "receipt": _receipt,
    "season": _season,
    "prize": _prize,
}
