"""Ranks by bands of scores: few rows, however many have a score.

Read with every board that is shown, so the statements are built once: building takes longer than
reading.
"""

from collections.abc import Collection
from itertools import pairwise
from typing import Any

from sqlalchemy import bindparam, func, select, union_all
from sqlalchemy.orm import Session

from loyalty.leaderboards.models import ScoreBand
from loyalty.leaderboards.rules import BAND_WIDTHS, StandingView, spans_above

_OF_SEASON = ScoreBand.season_id == bindparam("season_id")
_LEVEL = select(ScoreBand.lowest, ScoreBand.owners).where(
    _OF_SEASON,
    ScoreBand.width == 1,
    ScoreBand.lowest.in_(bindparam("scores", expanding=True)),
)
_SPANS = [
    select(ScoreBand.owners).where(
        _OF_SEASON,
        ScoreBand.width == width,
        ScoreBand.lowest.between(bindparam(f"first_{width}"), bindparam(f"last_{width}")),
    )
    for width in BAND_WIDTHS
]
_AHEAD = select(func.sum(union_all(*_SPANS).subquery().c.owners))


def rank(session: Session, season_id: str, score: int) -> int:
    """The rank of a score in a season that is not closed: one more than have a higher one."""
    given: dict[str, Any] = {"season_id": season_id}
    for width, first, last in spans_above(score):
        given |= {f"first_{width}": first, f"last_{width}": last}
    return 1 + int(session.scalar(_AHEAD, given) or 0)


def with_ranks(session: Session, season_id: str, rows: Collection[Any]) -> list[StandingView]:
    """Rows in order of standing, without a gap between them, with their ranks."""
    if not rows:
        return []
    scores = sorted({row.score for row in rows}, reverse=True)
    level = session.execute(_LEVEL, {"season_id": season_id, "scores": scores})
    owners = {band.lowest: band.owners for band in level}
    ranks = {scores[0]: rank(session, season_id, scores[0])}
    for better, score in pairwise(scores):
        ranks[score] = ranks[better] + owners.get(better, 1)
    return [StandingView(row.owner_id, ranks[row.score], row.score, row.reached_at) for row in rows]
