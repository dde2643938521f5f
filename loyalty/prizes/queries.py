"""Reading awards: an owner's own, those of a contest, and what waits for release."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from core.errors import NotFound
from loyalty.prizes.models import Award, Doubt, Release
from loyalty.prizes.rules import AwardView, Basis, Worth, code_hash, gift_code

WAITING_GIFT = (Award.code_hash.is_not(None), Award.state.in_(("held", "open")))


def get_award(session: Session, award_id: str, *, programme_id: str) -> AwardView:
    """An award of the programme. Raises NotFound."""
    award = session.get(Award, award_id, populate_existing=True)
    if award is None or award.programme_id != programme_id:
        raise award_not_found()
    return view_of(award)


def find_award(session: Session, award_id: str) -> AwardView | None:
    """An award of whichever programme, if there is one."""
    award = session.get(Award, award_id, populate_existing=True)
    return None if award is None else view_of(award)


def awards_of(session: Session, programme_id: str, owner_id: str) -> list[AwardView]:
    """All awards of an owner, newest first."""
    rows = select(Award).where(Award.programme_id == programme_id, Award.owner_id == owner_id)
    found = session.scalars(rows.order_by(Award.awarded_at.desc(), Award.id))
    return [view_of(award) for award in found]


def export(session: Session, programme_id: str, owner_id: str) -> list[dict[str, Any]]:
    """What an owner won and what became of it, for themselves."""
    return [
        {
            "kind": view.worth.kind,
            "value": view.worth.value,
            "currency": view.worth.currency,
            "title": view.worth.title,
            "place": view.place,
            "state": view.state,
            "awarded_at": view.awarded_at,
            "claim_until": view.claim_until,
            "settled_at": view.settled_at,
            "reason": view.reason,
        }
        for view in awards_of(session, programme_id, owner_id)
    ]


def awards_in(session: Session, programme_id: str, state: str) -> list[AwardView]:
    """The awards of a programme in a state, oldest first."""
    rows = select(Award).where(Award.programme_id == programme_id, Award.state == state)
    return [view_of(award) for award in session.scalars(rows.order_by(Award.awarded_at, Award.id))]


def all_awards(session: Session, programme_id: str) -> list[AwardView]:
    """Every award of a programme, oldest first."""
    rows = select(Award).where(Award.programme_id == programme_id)
    return [view_of(award) for award in session.scalars(rows.order_by(Award.awarded_at, Award.id))]


@dataclass(frozen=True)
class Handed:
    """The gifts and invitations that an owner came for: what they cost, and those nobody valued."""

    minor: int
    gifts_without_value: int


def handed_over(
    session: Session, programme_id: str, *, currency: str, since: datetime, until: datetime
) -> dict[str, Handed]:
    """What owners collected or accepted in [since, until), by owner."""
    is_valued = (Award.currency == currency) & (Award.value > 0)
    rows = session.execute(
        select(
            Award.owner_id,
            func.coalesce(func.sum(Award.value).filter(is_valued), 0),
            func.count().filter(Award.kind == "gift", Award.value == 0),
        )
        .where(
            Award.programme_id == programme_id,
            Award.state.in_(("collected", "accepted")),
            Award.settled_at >= since,
            Award.settled_at < until,
        )
        .group_by(Award.owner_id)
    )
    return {owner_id: Handed(int(minor), count) for owner_id, minor, count in rows}


def misdoubted(session: Session) -> list[str]:
    """The awards that are doubted without a doubt that waits, or the other way round, by id."""
    waits = exists().where(Doubt.award_id == Award.id, Doubt.settled_at.is_(None))
    return list(session.scalars(select(Award.id).where(Award.is_doubted != waits)))


def doubted(session: Session, programme_id: str) -> list[tuple[AwardView, Basis]]:
    """The awards of a programme that are doubted, with what each rests on, oldest first."""
    rows = session.execute(
        select(Award, Doubt.place_then, Doubt.place_now, Doubt.score_then, Doubt.score_now)
        .join(Doubt, (Doubt.award_id == Award.id) & Doubt.settled_at.is_(None))
        .where(Award.programme_id == programme_id, Award.is_doubted.is_(True))
        .order_by(Doubt.raised_at, Doubt.id)
    )
    return [(view_of(row.Award), Basis(*row[1:])) for row in rows]


def awarded_owners(session: Session, contest_id: str) -> set[str]:
    """Everybody who was given a prize of the contest, whatever became of it."""
    return set(session.scalars(select(Award.owner_id).where(Award.contest_id == contest_id)))


def released_by(session: Session, award_id: str) -> list[str]:
    """Who released an award so far, first one first."""
    rows = select(Release.by_id).where(Release.award_id == award_id)
    return list(session.scalars(rows.order_by(Release.released_at, Release.by_id)))


def find_due(session: Session, award_id: str, *, now: datetime) -> AwardView | None:
    """The award, locked until the transaction ends, if it is open and its time is over."""
    due = select(Award).where(
        Award.id == award_id,
        Award.state == "open",
        Award.is_doubted.is_(False),
        Award.claim_until <= now,
    )
    award = session.scalar(due.with_for_update().execution_options(populate_existing=True))
    return None if award is None else view_of(award)


def under_other_keys(session: Session, *, key: bytes) -> int:
    """How many gifts that wait have the code of a secret that does not sign any more."""
    newest = bytes(key)
    rows = session.execute(select(Award.id, Award.code_hash).where(*WAITING_GIFT))
    return sum(code_hash(gift_code(one, newest), newest) != was for one, was in rows)


def award_not_found() -> NotFound:
    """One answer for every award and code that is not somebody's to see."""
    return NotFound("prize_not_found", "We don’t know this prize.")


def view_of(award: Award) -> AwardView:
    """An award as others see it."""
    worth = Worth(
        award.kind,  # type: ignore[arg-type]
        award.value,
        award.currency,
        award.title,
        award.claim_days,
        award.unclaimed,  # type: ignore[arg-type]
    )
    return AwardView(
        id=award.id,
        programme_id=award.programme_id,
        contest_id=award.contest_id,
        place=award.place,
        turn=award.turn,
        owner_id=award.owner_id,
        source=award.source,
        worth=worth,
        state=award.state,  # type: ignore[arg-type]
        awarded_at=award.awarded_at,
        claim_until=award.claim_until,
        settled_at=award.settled_at,
        reason=award.reason,
        is_doubted=award.is_doubted,
        code_hash=award.code_hash,
    )
