"""Opening boards, counting scores, closing seasons.

Scores of a season change only under a lock on its row, held until the transaction ends. Who
scores in several seasons in one transaction goes through them in the order of their ids.
"""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from core.errors import Conflict
from core.ids import new_id
from core.sql import insert_ignore, insert_many, upsert
from loyalty.leaderboards import queries, rules
from loyalty.leaderboards.calendar import Cadence, Interval, interval
from loyalty.leaderboards.models import (
    Board,
    FinalStanding,
    Participant,
    PrizeGrant,
    ScoreBand,
    Season,
    Standing,
)
from loyalty.leaderboards.rules import BoardView, Final, Grant, Prize, ScopeKind, SeasonView

# Longer than any clock is ever set forward or back, shorter than any season.
_WELL_INSIDE = timedelta(days=3)


def open_board(
    session: Session,
    *,
    programme_id: str,
    scope_kind: ScopeKind,
    scope_id: str,
    cadence: Cadence,
    kind: rules.BoardKind = "stylists",
    zone: str,
    prizes: Iterable[Prize] = (),
    now: datetime,
) -> BoardView:
    """The board of this scope, cadence and kind, opened if there is none; it has no season yet.

    A board that exists keeps its zone and prizes. Raises Invalid for unclear prizes.
    """
    prizes = tuple(prizes)
    rules.check_prizes(prizes)
    insert_ignore(
        session,
        Board,
        id=new_id(),
        programme_id=programme_id,
        scope_kind=scope_kind,
        scope_id=scope_id,
        cadence=cadence,
        kind=kind,
        zone=zone,
        newcomer_days=rules.NEWCOMER_DAYS,
        prizes=rules.prizes_to_json(prizes),
        created_at=now,
    )
    board = queries.find_board(
        session, programme_id, scope_kind=scope_kind, scope_id=scope_id, cadence=cadence, kind=kind
    )
    assert board is not None
    return board


def ensure_seasons(session: Session, board_id: str, *, now: datetime) -> list[SeasonView]:
    """The present season of a board and the next, created where they are missing.

    Seasons follow one another without a gap, also after a long pause or a change of the
    zone's rules: each starts at the instant at which the one before ends.
    """
    board = queries.get_board(session, board_id)
    last = queries.latest_season(session, board_id)
    if last is None:
        last = _new_season(session, board, interval(board.cadence, board.zone, now))
    while last.starts_at <= now:
        ends_at = interval(board.cadence, board.zone, last.ends_at + _WELL_INSIDE).ends_at
        last = _new_season(session, board, Interval(last.ends_at, ends_at))
    return queries.seasons_after(session, board_id, now)[:2]


def _new_season(session: Session, board: BoardView, when: Interval) -> SeasonView:
    insert_ignore(
        session,
        Season,
        id=new_id(),
        board_id=board.id,
        programme_id=board.programme_id,
        starts_at=when.starts_at,
        ends_at=when.ends_at,
        like_weight=1,
        purchase_weight=5,
        newcomer_days=board.newcomer_days,
        prizes=rules.prizes_to_json(board.prizes),
    )
    season = queries.latest_season(session, board.id)
    assert season is not None
    return season


def enlist(session: Session, programme_id: str, owner_id: str, *, now: datetime) -> bool:
    """Have somebody who agreed be ranked from now on; tells whether that is new."""
    return insert_ignore(
        session, Participant, programme_id=programme_id, owner_id=owner_id, joined_at=now
    )


def delist(session: Session, programme_id: str, owner_id: str) -> list[str]:
    """Rank somebody no longer and take them off every season that is not closed.

    Returns the ids of the boards on which they stood.
    """
    open_ids = select(Season.id).where(
        Season.programme_id == programme_id, Season.closed_at.is_(None)
    )
    # Seasons first, then the participant: the order in which scoring locks them.
    session.scalars(open_ids.order_by(Season.id).with_for_update(key_share=True)).all()
    session.execute(
        delete(Participant).where(
            Participant.programme_id == programme_id, Participant.owner_id == owner_id
        )
    )
    standings = session.execute(
        select(Standing.season_id, Standing.score, Season.board_id)
        .join(Season, Season.id == Standing.season_id)
        .where(Standing.owner_id == owner_id, Standing.season_id.in_(open_ids))
        .order_by(Standing.season_id)
    ).all()
    for season_id, score, _ in standings:
        _remove(session, season_id, owner_id, score)
    return sorted({board_id for _, _, board_id in standings})


def add_score(
    session: Session, *, season_id: str, owner_id: str, delta: int, reached_at: datetime
) -> bool:
    """Change a score by `delta`; tells whether it counted.

    It does not count in a closed season, nor for somebody who is not enlisted. A score stays at
    zero or above; only a rise moves `reached_at`, and never back.
    """
    if not _can_score(session, season_id, owner_id):
        return False
    score, since = _standing(session, season_id, owner_id) or (0, reached_at)
    if delta > 0:
        since = max(since, reached_at)
    _place(session, season_id, owner_id, before=score, after=max(score + delta, 0), since=since)
    return True


def set_score(
    session: Session, *, season_id: str, owner_id: str, score: int, reached_at: datetime
) -> bool:
    """Make a score what its rows say; tells whether it counted, as for `add_score`."""
    if not _can_score(session, season_id, owner_id):
        return False
    before, _ = _standing(session, season_id, owner_id) or (0, reached_at)
    _place(session, season_id, owner_id, before=before, after=max(score, 0), since=reached_at)
    return True


def _can_score(session: Session, season_id: str, owner_id: str) -> bool:
    programme_id = session.scalar(
        select(Season.programme_id)
        .where(Season.id == season_id, Season.closed_at.is_(None))
        .with_for_update(key_share=True)
    )
    if programme_id is None:
        return False
    enlisted = session.scalar(
        select(Participant.owner_id)
        .where(Participant.programme_id == programme_id, Participant.owner_id == owner_id)
        .with_for_update(read=True, key_share=True)
    )
    return enlisted is not None


def _standing(session: Session, season_id: str, owner_id: str) -> tuple[int, datetime] | None:
    row = session.execute(
        select(Standing.score, Standing.reached_at).where(
            Standing.season_id == season_id, Standing.owner_id == owner_id
        )
    ).one_or_none()
    return None if row is None else (row.score, row.reached_at)


def _place(
    session: Session, season_id: str, owner_id: str, *, before: int, after: int, since: datetime
) -> None:
    if after == 0:
        _remove(session, season_id, owner_id, before)
        return
    keys = {"season_id": season_id, "owner_id": owner_id}
    upsert(session, Standing, keys, score=after, reached_at=since)
    _move_bands(session, season_id, before, after)


def _remove(session: Session, season_id: str, owner_id: str, score: int) -> None:
    session.execute(
        delete(Standing).where(Standing.season_id == season_id, Standing.owner_id == owner_id)
    )
    _move_bands(session, season_id, score, 0)


def _move_bands(session: Session, season_id: str, before: int, after: int) -> None:
    left, joined = rules.bands_of(before), rules.bands_of(after)
    for width, lowest in left - joined:
        band = {"season_id": season_id, "width": width, "lowest": lowest}
        one_less = update(ScoreBand).filter_by(**band).values(owners=ScoreBand.owners - 1)
        session.execute(one_less)
        session.execute(delete(ScoreBand).filter_by(**band, owners=0))
    for width, lowest in joined - left:
        band = {"season_id": season_id, "width": width, "lowest": lowest}
        upsert(session, ScoreBand, band, owners=(1, ScoreBand.owners + 1))


def close(
    session: Session,
    season_id: str,
    *,
    scores: Iterable[tuple[str, int, datetime]],
    now: datetime,
) -> list[Final]:
    """Freeze a season that is over with these scores, or give what it was frozen with.

    Only who is still enlisted is placed; the live standings go. Raises NotFound, and Conflict
    where the season still runs.
    """
    season = queries.get_season(session, season_id)
    if now < season.ends_at:
        raise Conflict("season_still_running", "This season is not over yet.")
    closing = session.execute(
        update(Season)
        .where(Season.id == season_id, Season.closed_at.is_(None))
        .values(closed_at=now)
    )
    assert isinstance(closing, CursorResult)
    if closing.rowcount == 1:
        enlisted = set(
            session.scalars(
                select(Participant.owner_id).where(Participant.programme_id == season.programme_id)
            )
        )
        places = rules.ranked(score for score in scores if score[0] in enlisted)
        rows = [{"season_id": season_id, **asdict(place)} for place in places]
        insert_many(session, FinalStanding, rows)
        session.execute(delete(Standing).where(Standing.season_id == season_id))
        session.execute(delete(ScoreBand).where(ScoreBand.season_id == season_id))
    return queries.final(session, season_id)


def grant_prizes(session: Session, season_id: str, *, now: datetime) -> list[Grant]:
    """Record the prizes of a closed season as given; returns those not given before.

    The caller pays out what is returned in the same transaction. Raises NotFound, and Conflict
    where the season is not closed.
    """
    season = queries.get_season(session, season_id)
    if season.closed_at is None:
        raise Conflict("season_not_closed", "This season is not closed yet.")
    prizes = {prize.place: prize for prize in season.prizes}
    winners = queries.final(session, season_id, places=sorted(prizes))
    grants = [
        Grant(
            season_id,
            winner.place,
            winner.owner_id,
            prizes[winner.place],
            rules.grant_source(season_id, winner.place),
        )
        for winner in winners
    ]
    return [grant for grant in grants if _record(session, grant, now)]


def _record(session: Session, grant: Grant, now: datetime) -> bool:
    return insert_ignore(
        session,
        PrizeGrant,
        season_id=grant.season_id,
        place=grant.place,
        owner_id=grant.owner_id,
        kind=grant.prize.kind,
        source=grant.source,
        granted_at=now,
    )
