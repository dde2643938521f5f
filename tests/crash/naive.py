"""How likes and prizes must not be kept: in two transactions, for a kill to come between."""

from collections.abc import Mapping
from datetime import datetime
from multiprocessing.connection import Connection

from sqlalchemy.orm import Session

from core.sql import insert_ignore
from core.transaction import database
from loyalty.leaderboards import service as boards
from loyalty.leaderboards.rules import Grant
from retail.accounts.queries import MemberView
from retail.outfits import queries as outfits
from retail.social import service as social
from retail.social.models import LikeDelta, OutfitLike
from retail.social.rules import LikeCount
from tests.crash import entrances

_grant_prizes = boards.grant_prizes


def web(line: Connection, environment: Mapping[str, str], port: int) -> None:
    """A web server that commits a like before it notes that it is to be counted."""
    social.like = _like
    entrances.web(line, environment, port)


def worker(line: Connection, environment: Mapping[str, str], port: int) -> None:
    """A worker that commits which prizes it gives before it gives them."""
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
    _queue_again()
    if is_new:
        session.add(LikeDelta(delta=1, is_announced=False, **counted))
    return LikeCount(outfit_id, 0, is_liked=True)


def _queue_again() -> None:
    """Let those go first who wait to write: a second transaction is not ahead of them."""
    lock = database()._lock
    lock.__exit__()
    lock.__enter__()


def _grant(session: Session, season_id: str, *, now: datetime) -> list[Grant]:
    grants = _grant_prizes(session, season_id, now=now)
    session.commit()
    return grants
