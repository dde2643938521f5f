"""Rewards: what a member's points bring, taken and given back; offered and stopped by marketers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_smorest import Blueprint

from core import clock
from loyalty.rewards import queries, service
from loyalty.rewards.queries import TakenReward
from loyalty.rewards.rules import RewardView
from loyalty.vouchers import queries as vouchers
from retail.journeys.points.exchange_points import (
    Voiding,
    exchange_points,
    give_back,
    source_of,
    void_exchange,
)
from retail.journeys.points.offer_reward import WantedReward, offer_reward
from web.auth import current_key, current_member, guarded, settings
from web.openapi import schema_of
from web.pages.shopper.rewards import ShownReward, rewards_for
from web.schemas import rewards as schemas
from web.write import key_sent, read, write, write_rebuilt


@dataclass(frozen=True)
class MemberReward:
    """A reward as a member sees it; `refusal` is the code of why not, and `words` say it.

    `missing` are points to go. `left` is None where there is no end of them.
    """

    id: str
    title: str
    gives: str
    price: int
    wallet: str
    can_have: bool
    refusal: str | None
    missing: int
    words: str
    left: int | None
    ends_at: datetime | None


@dataclass(frozen=True)
class MemberRewards:
    """What a member can have, or could, the cheapest first."""

    rewards: tuple[MemberReward, ...]


@dataclass(frozen=True)
class RewardExchangeReply:
    """A reward that a member took; `code` opens its voucher at tills, empty once given back."""

    id: str
    reward_id: str
    title: str
    points: int
    taken_at: datetime
    undo_until: datetime
    back_at: datetime | None
    code: str
    valid_until: datetime | None


@dataclass(frozen=True)
class RewardList:
    """Every reward of the brand, the newest first."""

    rewards: tuple[RewardView, ...]


@dataclass(frozen=True)
class RewardVoided:
    """An exchange that was taken back, and the points that its member has again."""

    exchange_id: str
    points: int


member_rewards = guarded(
    Blueprint("member_rewards", __name__, description="What a member's points bring"), "member"
)
rewards = guarded(
    Blueprint("rewards", __name__, description="Rewards, offered for points"), "integrator"
)


@member_rewards.get("/me/rewards")
@read
@member_rewards.response(200, schema_of(MemberRewards))
def list_mine(session: Any) -> MemberRewards:
    """What one's points bring, with what is missing and why one cannot have it."""
    return MemberRewards(tuple(map(_member_reward, rewards_for(session, current_member()))))


@member_rewards.post("/me/rewards/<reward_id>/exchange")
@write_rebuilt
@member_rewards.response(201, schema_of(RewardExchangeReply))
def exchange(session: Any, reward_id: str) -> RewardExchangeReply:
    """Exchange points for it, once for ever for each Idempotency-Key, which has to be sent."""
    who = {"member": current_member(), "wish": key_sent()}
    when = {"now": clock.now(), "key": settings().key}
    return _reply(session, exchange_points(session, reward_id, **who, **when))


@member_rewards.get("/me/reward-exchanges/<exchange_id>")
@read
@member_rewards.response(200, schema_of(RewardExchangeReply))
def show_exchange(session: Any, exchange_id: str) -> RewardExchangeReply:
    """A reward that one took, with the code of its voucher."""
    member = current_member()
    mine = {"programme_id": member.brand_id, "owner_id": member.id}
    return _reply(session, queries.get_exchange(session, exchange_id, **mine))


@member_rewards.post("/me/reward-exchanges/<exchange_id>/undo")
@write
@member_rewards.response(200, schema_of(RewardExchangeReply))
def undo(session: Any, exchange_id: str) -> RewardExchangeReply:
    """Give it back unused, while there is time: the points are one's own again."""
    back = give_back(session, exchange_id, member=current_member(), now=clock.now())
    return _reply(session, back)


@rewards.get("/rewards")
@read
@rewards.response(200, schema_of(RewardList))
def list_all(session: Any) -> RewardList:
    """Every reward of the brand with how many went, the newest first."""
    return RewardList(tuple(queries.rewards_of(session, current_key().brand_id)))


@rewards.post("/rewards")
@write
@rewards.arguments(schemas.Reward)
@rewards.response(201, schema_of(RewardView))
def offer(session: Any, wanted: WantedReward) -> RewardView:
    """Offer a reward, which never changes; the same reference again is the same reward."""
    how = {"brand_id": current_key().brand_id, "by": None, "now": clock.now()}
    return offer_reward(session, wanted, **how)


@rewards.post("/rewards/<reward_id>/stop")
@write
@rewards.response(200, schema_of(RewardView))
def stop(session: Any, reward_id: str) -> RewardView:
    """Let nobody take it any more; vouchers that it brought stay good."""
    how = {"programme_id": current_key().brand_id, "now": clock.now()}
    return service.stop(session, reward_id, **how)


@rewards.post("/reward-exchanges/void")
@write
@rewards.arguments(schemas.ExchangeCode)
@rewards.response(200, schema_of(RewardVoided))
def void(session: Any, sent: dict[str, str]) -> RewardVoided:
    """Take back the exchange behind a voucher's code, unless it was used."""
    key = current_key()
    how = {"brand_id": key.brand_id, "now": clock.now(), "key": settings().key}
    by = Voiding(key.kind, key.id, sent["reason"])
    back = void_exchange(session, sent["code"], by=by, **how)
    return RewardVoided(back.exchange.id, back.exchange.points)


def _member_reward(shown: ShownReward) -> MemberReward:
    reward = shown.reward
    return MemberReward(
        id=reward.id,
        title=reward.title,
        gives=shown.promise.worth,
        price=reward.price,
        wallet=reward.wallet,
        can_have=shown.refusal is None,
        refusal=shown.refusal,
        missing=shown.missing,
        words=shown.words,
        left=reward.left,
        ends_at=reward.ends_at,
    )


def _reply(session: Any, taken: TakenReward) -> RewardExchangeReply:
    exchange = taken.exchange
    when = {"now": clock.now(), "key": settings().key}
    source = source_of(exchange.id)
    voucher = vouchers.find_by_source(session, current_member().brand_id, source, **when)
    is_good = voucher is not None and exchange.back_at is None
    return RewardExchangeReply(
        id=exchange.id,
        reward_id=exchange.reward_id,
        title=taken.reward.title,
        points=exchange.points,
        taken_at=exchange.taken_at,
        undo_until=exchange.undo_until,
        back_at=exchange.back_at,
        code=voucher.code if voucher and is_good else "",
        valid_until=voucher.valid_until if voucher else None,
    )
