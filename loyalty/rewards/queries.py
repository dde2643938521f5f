"""Looking rewards up: on the shelf, and those that an owner took."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, or_, select
from sqlalchemy.orm import Session

from core.errors import NotFound
from loyalty.rewards.models import Reward, RewardExchange, RewardShelf
from loyalty.rewards.rules import ExchangeView, Offer, RewardView

OFFERED = [one.name for one in fields(Offer) if one.name != "stock"]
_TAKEN = (
    select(RewardExchange, Reward, RewardShelf)
    .join(Reward, Reward.id == RewardExchange.reward_id)
    .join(RewardShelf, RewardShelf.reward_id == Reward.id)
)
_REWARDS = select(Reward, RewardShelf).join(RewardShelf, RewardShelf.reward_id == Reward.id)


@dataclass(frozen=True)
class TakenReward:
    """An exchange with what was taken."""

    exchange: ExchangeView
    reward: RewardView


@dataclass(frozen=True)
class Violation:
    """What is off with a reward: its shelf counts otherwise than its exchanges (R1)."""

    rule: str
    subject: str
    detail: str


def rewards_of(session: Session, programme_id: str) -> list[RewardView]:
    """Every reward of a programme, the newest first."""
    rows = _REWARDS.where(Reward.programme_id == programme_id)
    newest = rows.order_by(Reward.made_at.desc(), Reward.id.desc())
    return [_view(row) for row in session.execute(_fresh(newest))]


def on_offer(session: Session, programme_id: str, *, now: datetime) -> list[RewardView]:
    """What is neither stopped nor over, the cheapest first."""
    rows = _REWARDS.where(
        Reward.programme_id == programme_id,
        RewardShelf.stopped_at.is_(None),
        or_(Reward.ends_at.is_(None), Reward.ends_at > now),
    ).order_by(Reward.price, Reward.id)
    return [_view(row) for row in session.execute(_fresh(rows))]


def get_reward(session: Session, reward_id: str, *, programme_id: str) -> RewardView:
    """A reward of the programme. Raises NotFound."""
    rows = _REWARDS.where(Reward.programme_id == programme_id, Reward.id == reward_id)
    row = session.execute(_fresh(rows)).one_or_none()
    if row is None:
        raise NotFound("reward_not_found", "We don’t know this reward.")
    return _view(row)


def find_by_reference(session: Session, programme_id: str, reference: str) -> RewardView | None:
    """The reward that a programme calls so."""
    rows = _REWARDS.where(Reward.programme_id == programme_id, Reward.source == reference)
    row = session.execute(_fresh(rows)).one_or_none()
    return None if row is None else _view(row)


def get_exchange(
    session: Session, exchange_id: str, *, programme_id: str, owner_id: str | None = None
) -> TakenReward:
    """An exchange of the programme, of this owner where one is named. Raises NotFound."""
    rows = _taken(programme_id).where(RewardExchange.id == exchange_id)
    if owner_id is not None:
        rows = rows.where(RewardExchange.owner_id == owner_id)
    row = session.execute(_fresh(rows)).one_or_none()
    if row is None:
        raise NotFound("exchange_not_found", "We don’t know this exchange.")
    return _taken_view(row)


def taken_by(session: Session, programme_id: str, owner_id: str) -> list[TakenReward]:
    """What an owner took, the newest first, given back or not."""
    rows = _taken(programme_id).where(RewardExchange.owner_id == owner_id)
    newest = rows.order_by(RewardExchange.taken_at.desc(), RewardExchange.id.desc())
    return [_taken_view(row) for row in session.execute(_fresh(newest))]


def found_by_ids(session: Session, exchange_ids: Collection[str]) -> dict[str, TakenReward]:
    """Exchanges with what was taken, by their ids."""
    rows = _TAKEN.where(RewardExchange.id.in_(exchange_ids))
    return {row.RewardExchange.id: _taken_view(row) for row in session.execute(_fresh(rows))}


def had_by(session: Session, programme_id: str, owner_id: str) -> dict[str, int]:
    """How many of each reward an owner has, not counting what was given back."""
    rows = session.execute(
        select(RewardExchange.reward_id, func.count())
        .where(
            RewardExchange.programme_id == programme_id,
            RewardExchange.owner_id == owner_id,
            RewardExchange.back_at.is_(None),
        )
        .group_by(RewardExchange.reward_id)
    )
    return {reward_id: int(count) for reward_id, count in rows}


def wish_after(session: Session, reward_id: str, *, owner_id: str) -> str:
    """What the next one is called that an owner takes of a reward: the same until they took it.

    What was given back counts as taken, so that no name comes twice.
    """
    taken = session.scalars(
        select(func.count())
        .select_from(RewardExchange)
        .where(RewardExchange.reward_id == reward_id, RewardExchange.owner_id == owner_id)
    ).one()
    return f"{reward_id}:{taken + 1}"


def all_exchanges(session: Session, programme_id: str) -> list[ExchangeView]:
    """Every exchange of a programme, the first one first."""
    rows = select(RewardExchange).where(RewardExchange.programme_id == programme_id)
    return [exchange_view(row) for row in session.scalars(rows.order_by(RewardExchange.id))]


def verify(session: Session) -> list[Violation]:
    """Every shelf whose count is not that of its exchanges, or more than it held; none is well."""
    out = (
        select(func.count())
        .select_from(RewardExchange)
        .where(RewardExchange.reward_id == RewardShelf.reward_id, RewardExchange.back_at.is_(None))
        .scalar_subquery()
    )
    is_off = or_(RewardShelf.taken != out, RewardShelf.stock < out)
    rows = select(RewardShelf.reward_id, RewardShelf.taken, out).where(is_off)
    return [
        Violation("R1", reward_id, f"{taken} are counted, {exchanges} were taken")
        for reward_id, taken, exchanges in session.execute(rows)
    ]


def exchange_view(row: RewardExchange) -> ExchangeView:
    """A row as others see it."""
    return ExchangeView(**{one.name: getattr(row, one.name) for one in fields(ExchangeView)})


def _taken(programme_id: str) -> Any:
    return _TAKEN.where(RewardExchange.programme_id == programme_id)


def _taken_view(row: Row[Any]) -> TakenReward:
    return TakenReward(exchange_view(row.RewardExchange), _view(row))


def _view(row: Row[Any]) -> RewardView:
    reward, shelf = row.Reward, row.RewardShelf
    return RewardView(
        **{name: getattr(reward, name) for name in OFFERED},
        id=reward.id,
        reference=reward.source,
        terms_id=reward.terms_id,
        stock=shelf.stock,
        taken=shelf.taken,
        stopped_at=shelf.stopped_at,
        made_by=reward.made_by,
        made_at=reward.made_at,
    )


def _fresh(rows: Any) -> Any:
    """Counts are changed past the session, so what it has loaded is not believed."""
    return rows.execution_options(populate_existing=True)
