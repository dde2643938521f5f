"""Publishing ladders, and noting where members stand on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from core.errors import Conflict, NotFound
from core.ids import new_id
from core.sql import insert_ignore
from loyalty.tiers import queries
from loyalty.tiers.models import TierChange, TierLadder, TierStanding
from loyalty.tiers.rules import Credit, Ladder, Standing, Tier, check_ladder, standing
from loyalty.tiers.stored import stored


@dataclass(frozen=True)
class Reviewed:
    """Where somebody stands, and what tier they left by this review, if they did.

    `change_id` is that of the change that was noted, be it the first; None where nothing changed.
    """

    standing: Standing
    left: str | None
    is_up: bool
    change_id: str | None = None


@dataclass(frozen=True)
class Preview:
    """What another ladder would do to somebody."""

    owner_id: str
    now_in: str
    would_be_in: Tier


def publish(
    session: Session,
    *,
    programme_id: str,
    ladder: Ladder,
    now: datetime,
    published_by: str | None = None,
) -> int:
    """Put a ladder in force; its version. Raises Invalid for what makes no sense.

    The ladder in force published again is no new version. Members move when they are reviewed.
    """
    check_ladder(ladder)
    before = queries.find_ladder(session, programme_id)
    if before is not None and before.ladder == ladder:
        return before.version
    version = 1 + (before.version if before else 0)
    is_new = insert_ignore(
        session,
        TierLadder,
        id=new_id(),
        programme_id=programme_id,
        version=version,
        definition=stored(ladder),
        published_at=now,
        published_by=published_by,
    )
    if not is_new:
        raise Conflict("ladder_published", "Somebody else published other tiers just now.")
    return version


def review(
    session: Session,
    *,
    programme_id: str,
    owner_id: str,
    earned: Sequence[Credit],
    joined_at: datetime,
    now: datetime,
) -> Reviewed:
    """Work out where somebody stands, and note it; the same again changes nothing.

    `earned` are all credits, net of what was taken back. A clock that was set back moves nobody:
    who stands somewhere since later is looked at as of then. Raises NotFound without tiers.
    """
    found = queries.find_ladder(session, programme_id)
    if found is None:
        raise NotFound("tiers_not_found", "This programme has no tiers.")
    # Two reviews of one member at once would note one rise twice.
    locked = select(TierStanding).where(*_of(programme_id, owner_id)).with_for_update()
    held = session.scalar(locked)
    before, at = (held.tier, max(now, held.since)) if held is not None else (None, now)
    stands = standing(found.ladder, earned, joined_at=joined_at, now=at)
    values = {
        "tier": stands.tier.code,
        "since": stands.since,
        "review_at": stands.until,
        "version": found.version,
    }
    key = {"programme_id": programme_id, "owner_id": owner_id}
    if held is None:
        if not insert_ignore(session, TierStanding, **key, **values):
            return review(session, **key, earned=earned, joined_at=joined_at, now=now)
    else:
        session.execute(
            update(TierStanding).where(*_of(programme_id, owner_id)).values(**values),
            execution_options={"synchronize_session": False},
        )
        session.expire(held)
    return _note(session, found.ladder, stands, before, key, now)


def preview(
    ladder: Ladder,
    members: Sequence[tuple[str, str, Sequence[Credit]]],
    *,
    now: datetime,
) -> list[Preview]:
    """Who would stand elsewhere on another ladder. Raises Invalid for what is no ladder.

    A member is an owner, the code of the tier now, and all credits.
    """
    check_ladder(ladder)
    moved = []
    for owner_id, now_in, earned in members:
        # Since when somebody stands somewhere is not asked.
        would_be = standing(ladder, earned, joined_at=now, now=now).tier
        if would_be.code != now_in:
            moved.append(Preview(owner_id, now_in, would_be))
    return moved


def forget(session: Session, programme_id: str, owner_id: str) -> None:
    """Leave no trace of where somebody stood."""
    for model in (TierStanding, TierChange):
        session.execute(
            delete(model).where(model.programme_id == programme_id, model.owner_id == owner_id)
        )


def miscounted(session: Session, programme_id: str) -> list[str]:
    """Owners whose last change is not where they stand: none, as should be."""
    latest = (
        select(TierChange.owner_id, func.max(TierChange.id).label("id"))
        .where(TierChange.programme_id == programme_id)
        .group_by(TierChange.owner_id)
        .subquery()
    )
    rows = session.scalars(
        select(TierStanding.owner_id)
        .outerjoin(latest, latest.c.owner_id == TierStanding.owner_id)
        .outerjoin(TierChange, TierChange.id == latest.c.id)
        .where(
            TierStanding.programme_id == programme_id,
            TierChange.tier.is_distinct_from(TierStanding.tier),
        )
        .order_by(TierStanding.owner_id)
    )
    return list(rows)


def _note(
    session: Session,
    ladder: Ladder,
    stands: Standing,
    before: str | None,
    key: dict[str, str],
    now: datetime,
) -> Reviewed:
    places = {tier.code: place for place, tier in enumerate(ladder.tiers)}
    # A tier that an older ladder had counts as below all.
    is_up = before is None or places[stands.tier.code] > places.get(before, -1)
    if before == stands.tier.code:
        return Reviewed(stands, None, is_up=False)
    change_id = new_id()
    session.add(
        TierChange(
            id=change_id,
            **key,
            before=before,
            tier=stands.tier.code,
            is_up=is_up,
            noticed_at=now,
        )
    )
    session.flush()
    return Reviewed(stands, before, is_up, change_id)


def _of(programme_id: str, owner_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return TierStanding.programme_id == programme_id, TierStanding.owner_id == owner_id
