"""Each source once: which baskets were given for, so that a replay is told from another basket."""

from datetime import datetime

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from core.errors import Conflict, NotFound
from core.sql import insert_ignore
from loyalty.campaigns.models import CampaignBasket


def begin(
    session: Session, programme_id: str, source: str, *, fingerprint: str, now: datetime
) -> bool:
    """Whether a source is new; its basket, told by a fingerprint, has it for ever from now on.

    Raises Conflict for another basket under the source, and for one that was taken back.
    """
    place = {"programme_id": programme_id, "source": source}
    if insert_ignore(session, CampaignBasket, **place, fingerprint=fingerprint, begun_at=now):
        return True
    known = session.execute(
        select(CampaignBasket.fingerprint, CampaignBasket.taken_back_at).filter_by(**place)
    ).one()
    if known.fingerprint != fingerprint:
        raise Conflict("basket_differs", "Another basket has this number already.")
    if known.taken_back_at is not None:
        raise Conflict("basket_taken_back", "What this basket was given was taken back.")
    return False


def end(session: Session, programme_id: str, source: str, *, now: datetime) -> bool:
    """Mark a source as taken back; whether this call did. Raises NotFound for an unknown one."""
    place = (CampaignBasket.programme_id == programme_id, CampaignBasket.source == source)
    ended = session.execute(
        update(CampaignBasket)
        .where(*place, CampaignBasket.taken_back_at.is_(None))
        .values(taken_back_at=now)
    )
    assert isinstance(ended, CursorResult)
    if ended.rowcount:
        return True
    if session.scalar(select(CampaignBasket.source).where(*place)) is None:
        raise NotFound("basket_not_found", "No basket was given anything under this number.")
    return False
