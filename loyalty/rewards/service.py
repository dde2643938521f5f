"""Offering rewards, taking them one by one, and giving them back.

The points and the voucher are others' to move, in the same transaction and under the exchange's
id. The shelf's row is changed before anything is counted, so whoever counts an owner's exchanges
sees those of everybody who came before.
"""

from dataclasses import fields, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import CursorResult, func, or_, select, update
from sqlalchemy.orm import Session

from core.errors import Conflict
from core.ids import new_id
from core.sql import insert_ignore
from loyalty.rewards import queries
from loyalty.rewards.models import Reward, RewardExchange, RewardShelf
from loyalty.rewards.rules import (
    By,
    ExchangeView,
    Offer,
    RewardView,
    check_offer,
    find_refusal,
    refused,
    undo_until,
)


class Taken(NamedTuple):
    """The exchange of a source, and whether it was written just now."""

    exchange: ExchangeView
    is_new: bool


def offer(
    session: Session,
    *,
    programme_id: str,
    reference: str,
    terms_id: str,
    wanted: Offer,
    by: str | None,
    now: datetime,
) -> RewardView:
    """Put a reward on the shelf, once for each reference; it never changes again.

    Raises Invalid for what makes no sense, Conflict where the reference is another reward.
    """
    check_offer(wanted)
    values = {name: getattr(wanted, name) for name in queries.OFFERED}
    reward_id = new_id()
    is_new = insert_ignore(
        session,
        Reward,
        id=reward_id,
        programme_id=programme_id,
        source=reference,
        terms_id=terms_id,
        made_by=by,
        made_at=now,
        **values,
    )
    if is_new:
        insert_ignore(session, RewardShelf, reward_id=reward_id, stock=wanted.stock, taken=0)
    found = queries.find_by_reference(session, programme_id, reference)
    assert found is not None, "it was written"
    is_same = all(getattr(found, one.name) == getattr(wanted, one.name) for one in fields(Offer))
    if found.terms_id != terms_id or not is_same:
        raise Conflict("reward_differs", "Another reward was offered under this reference.")
    return found


def stop(session: Session, reward_id: str, *, programme_id: str, now: datetime) -> RewardView:
    """Let nobody take it any more, what was taken stays; repeated, nothing changes.

    Raises NotFound.
    """
    queries.get_reward(session, reward_id, programme_id=programme_id)
    session.execute(
        update(RewardShelf)
        .where(RewardShelf.reward_id == reward_id, RewardShelf.stopped_at.is_(None))
        .values(stopped_at=now)
    )
    return queries.get_reward(session, reward_id, programme_id=programme_id)


def take(
    session: Session,
    reward_id: str,
    *,
    programme_id: str,
    owner_id: str,
    source: str,
    tiers: frozenset[str],
    now: datetime,
) -> Taken:
    """Give an owner one, once for each source; its points are theirs to pay with its id as source.

    Raises NotFound, and Conflict whose code says why they cannot have it; nothing is then written.
    """
    view = queries.get_reward(session, reward_id, programme_id=programme_id)
    with session.begin_nested():
        exchange_id = new_id()
        is_new = insert_ignore(
            session,
            RewardExchange,
            id=exchange_id,
            programme_id=programme_id,
            reward_id=reward_id,
            owner_id=owner_id,
            source=source,
            points=view.price,
            taken_at=now,
            undo_until=undo_until(view, now),
        )
        if not is_new:
            return _replay(session, programme_id, source, reward_id, owner_id)
        _take_one(session, reward_id, programme_id, owner_id, tiers=tiers, now=now)
    found = queries.get_exchange(session, exchange_id, programme_id=programme_id)
    return Taken(found.exchange, is_new=True)


def take_back(
    session: Session,
    exchange_id: str,
    *,
    programme_id: str,
    by: By,
    now: datetime,
    owner_id: str | None = None,
    reason: str | None = None,
) -> Taken:
    """Put one back on the shelf, once; its points are others' to give back.

    Its owner may do so for a while, staff at any time. Raises NotFound, and Conflict where it is
    too late.
    """
    what: Any = {"programme_id": programme_id, "owner_id": owner_id}
    before = queries.get_exchange(session, exchange_id, **what).exchange
    if before.back_at is None and by == "owner" and before.undo_until <= now:
        raise Conflict("undo_too_late", "The time to give it back is over.")
    result = session.execute(
        update(RewardExchange)
        .where(RewardExchange.id == exchange_id, RewardExchange.back_at.is_(None))
        .values(back_at=now, back_by=by, back_reason=reason)
    )
    assert isinstance(result, CursorResult)
    is_new = result.rowcount == 1
    if is_new:
        session.execute(
            update(RewardShelf)
            .where(RewardShelf.reward_id == before.reward_id)
            .values(taken=RewardShelf.taken - 1)
        )
    return Taken(queries.get_exchange(session, exchange_id, **what).exchange, is_new)


def disown(session: Session, programme_id: str, owner_id: str) -> None:
    """Let go of who took what; it stays counted."""
    session.execute(
        update(RewardExchange)
        .where(RewardExchange.programme_id == programme_id, RewardExchange.owner_id == owner_id)
        .values(owner_id=None)
    )


def _take_one(
    session: Session,
    reward_id: str,
    programme_id: str,
    owner_id: str,
    *,
    tiers: frozenset[str],
    now: datetime,
) -> None:
    """Take one off the shelf; others wait until this transaction ends. Raises Conflict."""
    result = session.execute(
        update(RewardShelf)
        .where(
            RewardShelf.reward_id == reward_id,
            RewardShelf.stopped_at.is_(None),
            or_(RewardShelf.stock.is_(None), RewardShelf.taken < RewardShelf.stock),
        )
        .values(taken=RewardShelf.taken + 1)
    )
    assert isinstance(result, CursorResult)
    has_one = result.rowcount == 1
    view = queries.get_reward(session, reward_id, programme_id=programme_id)
    # Neither is this one among those that they had, nor does its absence leave too few.
    had = _had(session, reward_id, owner_id) - 1
    as_found = replace(view, stock=None) if has_one else view
    reason = find_refusal(as_found, had=had, tiers=tiers, now=now)
    if reason is not None or not has_one:
        raise refused(reason or "reward_gone")


def _had(session: Session, reward_id: str, owner_id: str) -> int:
    return session.scalars(
        select(func.count())
        .select_from(RewardExchange)
        .where(
            RewardExchange.reward_id == reward_id,
            RewardExchange.owner_id == owner_id,
            RewardExchange.back_at.is_(None),
        )
    ).one()


def _replay(
    session: Session, programme_id: str, source: str, reward_id: str, owner_id: str
) -> Taken:
    before = session.scalars(
        select(RewardExchange)
        .where(RewardExchange.programme_id == programme_id, RewardExchange.source == source)
        .execution_options(populate_existing=True)
    ).one()
    if (before.reward_id, before.owner_id) != (reward_id, owner_id):
        raise Conflict("source_differs", "This key already took another reward.")
    return Taken(queries.exchange_view(before), is_new=False)
