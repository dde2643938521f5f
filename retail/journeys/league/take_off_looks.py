"""Take returned goods off looks, and looks of which nothing is left off every score.

Seasons that run lose the likes at once. Closed ones stay as they were frozen: what they lose is
noted beside them, and prizes that it won are doubted. A like that waits for review may have been
counted by one of them, and one that passed it may not.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from core.sql import close_gate
from loyalty.leaderboards import corrections
from loyalty.leaderboards import queries as leaderboards
from loyalty.leaderboards.rules import SeasonView
from retail.journeys.league.doubt_prizes import doubt_prizes
from retail.outfits import queries as outfits
from retail.outfits.returned import drop_returned
from retail.receipts.views import ReceiptView
from retail.social import review
from retail.social.rules import LostLike, fold_gate, like_gate


def close_boards(session: Session, receipt: ReceiptView) -> None:
    """Keep likes, folds and closing seasons out until a return of a receipt with looks is done.

    Either a season closes before and is corrected, or it closes after and never counted what came
    back. Before anything else is locked: who closes a season or erases a member begins so too.
    """
    if outfits.is_laid_out(session, receipt.id):
        close_gate(session, fold_gate(receipt.brand_id))
        close_gate(session, like_gate(receipt.brand_id))


def take_off(session: Session, receipt: ReceiptView, return_id: str, *, now: datetime) -> None:
    """Have looks of a receipt lose what came back, and scores the looks of which nothing is left.

    The caller has closed the boards.
    """
    emptied = drop_returned(session, receipt, now=now)
    lost = review.take_off(session, receipt.brand_id, emptied) if emptied else []
    if not lost:
        return
    _correct(session, receipt.brand_id, lost, f"return:{return_id}", now)
    for member_id in sorted({like.stylist_id for like in lost}):
        doubt_prizes(session, receipt.brand_id, member_id, now=now)


def _correct(
    session: Session, brand_id: str, lost: Sequence[LostLike], source: str, now: datetime
) -> None:
    instants = [like.counted_at for like in lost]
    closed = leaderboards.closed_seasons(
        session, brand_id, since=min(instants), until=max(instants)
    )
    for season in closed:
        for owner_id, likes in sorted(_within(season, lost).items()):
            corrections.correct(
                session,
                season_id=season.id,
                owner_id=owner_id,
                delta=likes * season.like_weight,
                source=source,
                now=now,
            )


def _within(season: SeasonView, lost: Sequence[LostLike]) -> Counter[str]:
    """What each owner of a season loses in it."""
    likes: Counter[str] = Counter()
    for like in lost:
        is_here = season.scope_id in (season.programme_id, like.store_id)
        is_counted = season.id not in like.missed
        if is_here and is_counted and season.starts_at <= like.counted_at < season.ends_at:
            owner_id = like.outfit_id if season.kind == "outfits" else like.stylist_id
            likes[owner_id] -= 1
    return likes
