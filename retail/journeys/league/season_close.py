"""Close a season: freeze it, give its prizes once, and let the next one run.

Everything happens in one transaction, so a crash anywhere leaves nothing and a second run finds
everything done.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.outbox import emit
from core.sql import close_gate
from loyalty.leaderboards import queries as leaderboards
from loyalty.leaderboards import service as boards
from loyalty.leaderboards.rules import Final, SeasonView, is_newcomer
from retail.accounts import queries as accounts
from retail.journeys.league.fold_likes import fold_brand, tally_of
from retail.journeys.league.give_prize import give_prize, person_of
from retail.journeys.league.open_league import run_seasons
from retail.journeys.league.score_purchases import span_of, summed
from retail.journeys.points.earn_points import SEASON_WON, earn_for_deed
from retail.offers import queries as offers
from retail.social import review, scores
from retail.social.rules import fold_gate, like_gate


@dataclass(frozen=True)
class SeasonClosed:
    """A season of a board was frozen and its prizes given."""

    season_id: str


def close_season(session: Session, season_id: str, *, now: datetime, key: bytes) -> list[Final]:
    """Freeze a season that is over from the rows of its likes; gives its final standings.

    Repeated or late, it gives what was frozen the first time. Raises NotFound, and Conflict where
    the season still runs.
    """
    season = leaderboards.get_season(session, season_id)
    brand_id = season.programme_id
    # No like is half recorded and no fold half counted while the rows are read. A like that comes
    # later finds this season closed and counts in the next, whatever its own clock says.
    close_gate(session, fold_gate(brand_id))
    close_gate(session, like_gate(brand_id))
    fold_brand(session, brand_id, now=now)
    if season.closed_at is None:
        review.note_missed(session, tally_of(season), season_id)
    finals = boards.close(session, season_id, scores=_scores(session, season), now=now)
    for grant in boards.grant_prizes(session, season_id, now=now):
        give_prize(session, season, grant, now=now, key=key)
    run_seasons(session, season.board_id, brand_id=brand_id, now=now)
    if season.closed_at is None:
        topics = [f"board:{season.board_id}", f"{season.scope_kind}:{season.scope_id}"]
        emit(session, SeasonClosed(season_id), topics=topics)
        _reward_winner(session, season, finals, now)
    return finals


def _reward_winner(
    session: Session, season: SeasonView, finals: list[Final], now: datetime
) -> None:
    """What the brand's terms give whoever came first, beside any prize; once for each season."""
    first = next((one.owner_id for one in finals if one.place == 1), None)
    winner = person_of(session, season, first) if first else None
    if winner is not None:
        earn_for_deed(
            session,
            SEASON_WON,
            brand_id=season.programme_id,
            member_id=winner,
            source=f"{SEASON_WON}:{season.id}",
            now=now,
        )


def close_due_seasons(session: Session, *, now: datetime, key: bytes) -> list[SeasonView]:
    """Close every season that is over; gives those that were not closed before."""
    due = leaderboards.due_seasons(session, now)
    for season in due:
        close_season(session, season.id, now=now, key=key)
    return due


def _scores(session: Session, season: SeasonView) -> list[tuple[str, int, datetime]]:
    if season.closed_at is not None:
        return []
    found = scores.scores(session, tally_of(season))
    if season.kind == "outfits":
        return [(row.owner_id, row.likes * season.like_weight, row.reached_at) for row in found]
    credited = offers.credits_in(session, span_of(season))
    owners = {row.owner_id for row in found} | {row.owner_id for row in credited}
    if season.kind == "newcomers":
        members = accounts.members_by_id(session, owners)
        joined = {member.id: member.joined_at for member in members.values()}
        owners = {owner for owner, joined_at in joined.items() if is_newcomer(season, joined_at)}
    parts = [(row.owner_id, row.likes * season.like_weight, row.reached_at) for row in found]
    parts += [
        (row.owner_id, row.purchases * season.purchase_weight, row.reached_at) for row in credited
    ]
    return summed(part for part in parts if part[0] in owners)
