"""Score what sold thanks to somebody beside the likes of their looks."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from loyalty.leaderboards.rules import SeasonView
from retail.offers import queries as offers
from retail.offers.queries import Span

Score = tuple[str, int, datetime]


def span_of(season: SeasonView) -> Span:
    """Which credit a season counts."""
    store_id = season.scope_id if season.scope_kind == "store" else None
    return Span(season.programme_id, store_id, season.starts_at, season.ends_at)


def credit_of(session: Session, season: SeasonView, owner_id: str) -> tuple[int, datetime | None]:
    """What somebody scores in a season by credit, and when they had all of it."""
    if season.kind == "outfits":
        return 0, None
    found = offers.credits_in(session, span_of(season), owner_id)
    if not found:
        return 0, None
    return found[0].purchases * season.purchase_weight, found[0].reached_at


def summed(scores: Iterable[Score]) -> list[Score]:
    """Scores added up by owner, each reached when its last part was."""
    found: dict[str, Score] = {}
    for owner_id, score, reached_at in scores:
        _, before, since = found.get(owner_id, (owner_id, 0, reached_at))
        found[owner_id] = owner_id, before + score, max(since, reached_at)
    return list(found.values())
