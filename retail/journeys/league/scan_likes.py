"""Scan likes: read them, look at them outside of any transaction, hold back what looks arranged."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from retail.accounts import queries as accounts
from retail.fairness import queries, scan, service
from retail.fairness.rules import FairPlay, Suspicion

# A month's season and a little before it.
SPAN = timedelta(days=35)


def look_at_likes(
    session: Session, brand_id: str, *, now: datetime
) -> tuple[FairPlay, list[Suspicion]]:
    """The rules of a brand and what in its likes of five weeks looks arranged; only reads."""
    play = queries.rules_of(session, brand_id)
    liked = scan.numbered(queries.likes_since(session, brand_id, now - SPAN))
    joined = accounts.joined_since(session, brand_id, now - SPAN - timedelta(days=play.young_days))
    return play, scan.suspicions(liked, joined, play)


def hold_back(
    session: Session, brand_id: str, play: FairPlay, found: list[Suspicion], *, now: datetime
) -> list[str]:
    """Hold back what was found; gives the ids of the cases that were opened."""
    cases = [service.hold_back(session, brand_id, each, play=play, now=now) for each in found]
    return [case_id for case_id in cases if case_id is not None]
