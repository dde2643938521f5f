"""Awarding prizes and settling them: each change is one conditional statement on one row.

Who awards pays points and vouchers out in the same transaction, when an award becomes `given`.
"""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from core.errors import Conflict
from core.ids import new_id
from core.keys import every
from core.sql import insert_ignore
from loyalty.prizes import doubts, queries, rules
from loyalty.prizes.models import Award, Release
from loyalty.prizes.rules import AwardView, State, Worth


def award(
    session: Session,
    *,
    programme_id: str,
    contest_id: str,
    place: int,
    turn: int = 0,
    owner_id: str,
    source: str,
    worth: Worth,
    is_held: bool,
    zone: str,
    now: datetime,
    key: bytes,
) -> AwardView | None:
    """Award the prize of a place, once for each turn; None where that was done before.

    Held, it waits for two people; else it is open to the end of a day, or given at once.
    """
    award_id = new_id()
    state = "held" if is_held else _state_of(worth)
    code = rules.gift_code(award_id, key) if worth.kind == "gift" else None
    is_new = insert_ignore(
        session,
        Award,
        id=award_id,
        programme_id=programme_id,
        contest_id=contest_id,
        place=place,
        turn=turn,
        owner_id=owner_id,
        source=source,
        **asdict(worth),
        code_hash=rules.code_hash(code, key) if code else None,
        state=state,
        awarded_at=now,
        claim_until=rules.waits_until(worth, zone, now) if state == "open" else None,
        settled_at=now if state == "given" else None,
    )
    return queries.get_award(session, award_id, programme_id=programme_id) if is_new else None


def release(
    session: Session, award_id: str, *, programme_id: str, by_id: str, zone: str, now: datetime
) -> AwardView:
    """One person's word for a held prize; with the second it goes its way.

    Raises NotFound, and Conflict where it is not held or this person released it already.
    """
    locked = select(Award).where(Award.id == award_id, Award.programme_id == programme_id)
    held = session.scalar(locked.with_for_update().execution_options(populate_existing=True))
    if held is None:
        raise queries.award_not_found()
    if held.state != "held":
        raise Conflict("prize_not_held", "This prize doesn’t wait for a release any more.")
    if held.is_doubted:
        raise Conflict("prize_doubted", "Say first whether this prize still stands.")
    if not insert_ignore(session, Release, award_id=award_id, by_id=by_id, released_at=now):
        raise Conflict("needs_another", "You released this already. Somebody else has to as well.")
    if len(queries.released_by(session, award_id)) >= rules.RELEASES_NEEDED:
        worth = queries.view_of(held).worth
        state = _state_of(worth)
        until = rules.waits_until(worth, zone, now) if state == "open" else None
        settled_at = now if state == "given" else None
        _move(session, award_id, "held", state, claim_until=until, settled_at=settled_at)
    return queries.get_award(session, award_id, programme_id=programme_id)


def withhold(
    session: Session, award_id: str, *, programme_id: str, by_id: str, reason: str, now: datetime
) -> AwardView:
    """Keep a held prize back for good, one that nobody doubts. Raises NotFound, and Conflict."""
    queries.get_award(session, award_id, programme_id=programme_id)
    if not _move(
        session, award_id, "held", "withheld", settled_by=by_id, reason=reason, settled_at=now
    ):
        raise Conflict("prize_not_held", "This prize doesn’t wait for a release any more.")
    return queries.get_award(session, award_id, programme_id=programme_id)


def collect(
    session: Session, code: str, *, programme_id: str, by_id: str, now: datetime, key: bytes
) -> AwardView:
    """Hand a gift over, once. Raises NotFound for a foreign code, Conflict where it is too late."""
    plain = rules.read_code(code)
    found = session.scalar(
        select(Award.id).where(
            Award.programme_id == programme_id,
            Award.code_hash.in_([rules.code_hash(plain or "", one) for one in every(key)]),
        )
    )
    if plain is None or found is None:
        raise queries.award_not_found()
    _settle_in_time(session, found, "collected", now, by_id)
    return queries.get_award(session, found, programme_id=programme_id)


def accept(
    session: Session, award_id: str, *, programme_id: str, owner_id: str, now: datetime
) -> AwardView:
    """Say yes to one's own invitation. Raises NotFound, and Conflict where it is too late."""
    mine = queries.get_award(session, award_id, programme_id=programme_id)
    if mine.owner_id != owner_id or mine.worth.kind != "invitation":
        raise queries.award_not_found()
    if mine.state != "accepted":
        _settle_in_time(session, award_id, "accepted", now, owner_id)
    return queries.get_award(session, award_id, programme_id=programme_id)


def lapse(session: Session, award_id: str, *, passes_on: bool, now: datetime) -> bool:
    """End the waiting of an open prize whose time is over; tells whether this call ended it."""
    state: State = "passed_on" if passes_on else "expired"
    return _move(session, award_id, "open", state, settled_at=now)


def disown(session: Session, programme_id: str, owner_id: str, *, now: datetime) -> None:
    """Withhold what is held for an owner who leaves for good; what is open goes its way."""
    doubts.drop(session, programme_id, owner_id, now=now)
    session.execute(
        update(Award)
        .where(
            Award.programme_id == programme_id,
            Award.owner_id == owner_id,
            Award.state == "held",
        )
        .values(state="withheld", settled_at=now)
        .execution_options(synchronize_session=False)
    )


def _settle_in_time(
    session: Session, award_id: str, state: State, now: datetime, by_id: str
) -> None:
    result = session.execute(
        update(Award)
        .where(
            Award.id == award_id,
            Award.state == "open",
            Award.is_doubted.is_(False),
            Award.claim_until > now,
        )
        .values(state=state, settled_at=now, settled_by=by_id)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)
    if result.rowcount == 0:
        if session.scalar(select(Award.is_doubted).where(Award.id == award_id)):
            raise Conflict("prize_doubted", "We’re looking at this prize again. It waits for now.")
        raise Conflict("prize_settled", "This prize was collected already, or its time is over.")


def _move(session: Session, award_id: str, before: State, after: State, **values: Any) -> bool:
    result = session.execute(
        update(Award)
        .where(Award.id == award_id, Award.state == before, Award.is_doubted.is_(False))
        .values(state=after, **values)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)
    return result.rowcount == 1


def _state_of(worth: Worth) -> State:
    return "open" if worth.waits else "given"


def code_anew(session: Session, *, key: bytes, after: str, most: int) -> tuple[int, str | None]:
    """Give waiting gifts codes of the newest secret, the next so many after an id.

    Tells how many got one, and the id to go on after; None at the end.
    """
    newest, done = bytes(key), 0
    rows = select(Award).where(*queries.WAITING_GIFT, Award.id > after)
    found = session.scalars(rows.order_by(Award.id).limit(most).with_for_update()).all()
    for award in found:
        hashed = rules.code_hash(rules.gift_code(award.id, newest), newest)
        if award.code_hash != hashed:
            award.code_hash = hashed
            done += 1
    session.flush()
    return done, found[-1].id if found else None
