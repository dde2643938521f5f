"""How likes, sales and prizes must not be kept: in two transactions, for a kill to come between.

Something slow stands between the two, say a call to a mail server, and the first to come there
waits for its end: without that, whether one of a few kills meets the gap is a matter of luck.

And how a like must not be answered: before it is committed.
"""

import contextlib
import threading
from collections.abc import Mapping
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from core.sql import insert_ignore
from core.transaction import database
from loyalty.leaderboards import service as boards
from loyalty.leaderboards.rules import Grant
from loyalty.vouchers import standing
from loyalty.vouchers.pricing import Offer
from retail.accounts.queries import MemberView
from retail.journeys.sales import purchase
from retail.outfits import queries as outfits
from retail.receipts.views import ReceiptView
from retail.social import service as social
from retail.social.models import LikeDelta, OutfitLike
from retail.social.rules import LikeCount
from tests.crash import entrances
from tests.processes import PATIENCE_SECONDS

SLOW_CALL_SECONDS = 0.1

_kept: list[Session] = []
_environment: dict[str, str] = {}
_careful_like = social.like
_grant_prizes = boards.grant_prizes
_take_use = standing.take
_earn_points = purchase.earn_points


def web(line: Connection, environment: Mapping[str, str], port: int) -> None:
    """A web server that commits a like, a redemption, a receipt before what hangs on it.

    That is: before it notes that the like is to be counted, takes the use, gives the points.
    """
    _environment.update(environment)
    social.like = _like
    standing.take = _take
    purchase.earn_points = _earn
    entrances.web(line, environment, port)


def hasty_web(line: Connection, environment: Mapping[str, str], port: int) -> None:
    """A web server that commits a like when the next comes; for one at a time, on PostgreSQL."""
    social.like = _like_for_now
    entrances.web(line, environment, port)


def worker(line: Connection, environment: Mapping[str, str], port: int) -> None:
    """A worker that commits which prizes it gives before it gives them."""
    _environment.update(environment)
    boards.grant_prizes = _grant
    entrances.worker(line, environment, port)


def _like(session: Session, outfit_id: str, *, member: MemberView, now: datetime) -> LikeCount:
    outfit = outfits.get_visible(session, outfit_id, viewer_id=member.id)
    counted = {
        "outfit_id": outfit_id,
        "brand_id": outfit.brand_id,
        "store_id": outfit.store_id,
        "stylist_id": outfit.member_id,
        "counted_at": now,
    }
    is_new = insert_ignore(session, OutfitLike, member_id=member.id, **counted)
    session.commit()
    _do_something_slow("like")
    if is_new:
        session.add(LikeDelta(delta=1, is_announced=False, **counted))
    return LikeCount(outfit_id, 0, is_liked=True)


def _like_for_now(
    session: Session, outfit_id: str, *, member: MemberView, now: datetime
) -> LikeCount:
    for kept in _kept:
        # Whoever was told already cannot be told that it went wrong.
        with contextlib.suppress(SQLAlchemyError), kept:
            kept.commit()
    _kept[:] = [Session(session.get_bind())]
    counted = _careful_like(_kept[0], outfit_id, member=member, now=now)
    _kept[0].flush()
    return counted


def _do_something_slow(gap: str) -> None:
    """Let those who wait to write go first meanwhile: nobody holds a lock that long."""
    lock = database()._lock
    lock.__exit__()
    threading.Event().wait(PATIENCE_SECONDS if _is_first_in(gap) else SLOW_CALL_SECONDS)
    lock.__enter__()


def _is_first_in(gap: str) -> bool:
    """Whether nobody of this installation, dead or alive, was in this gap before."""
    try:
        (Path(_environment["DATA_DIR"]) / f"gap-{gap}").touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def _take(session: Session, programme_id: str, offer: Offer, discount_minor: int) -> None:
    session.commit()
    _do_something_slow("take")
    _take_use(session, programme_id, offer, discount_minor)


def _earn(session: Session, receipt: ReceiptView, *, now: datetime) -> int:
    session.commit()
    _do_something_slow("earn")
    return _earn_points(session, receipt, now=now)


def _grant(session: Session, season_id: str, *, now: datetime) -> list[Grant]:
    grants = _grant_prizes(session, season_id, now=now)
    session.commit()
    _do_something_slow("grant")
    return grants
