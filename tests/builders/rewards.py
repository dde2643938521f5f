"""Rewards for tests: offered, taken and given back with everything unimportant filled in."""

from dataclasses import fields
from typing import Any

from sqlalchemy.orm import Session

from core import clock
from core.ids import new_id
from loyalty.rewards import service
from loyalty.rewards.queries import TakenReward
from loyalty.rewards.rules import Offer, RewardView
from loyalty.rewards.service import Taken
from loyalty.vouchers.terms import Terms
from retail.accounts.queries import MemberView
from retail.journeys.points import exchange_points as journey
from retail.journeys.points.offer_reward import WantedReward, offer_reward
from tests.builders.points import PROGRAMME
from tests.conftest import KEY

_OFFER = {one.name for one in fields(Offer)}


def put_on_shelf(session: Session, **overrides: Any) -> RewardView:
    """A reward for 100 points that the library alone knows, without a voucher behind it."""
    wanted = {"title": "A tote", "price": 100}
    wanted |= {name: value for name, value in overrides.items() if name in _OFFER}
    about = {"programme_id": PROGRAMME, "reference": new_id(), "terms_id": "terms", "by": None}
    about |= {name: value for name, value in overrides.items() if name not in _OFFER}
    return service.offer(session, wanted=Offer(**wanted), now=clock.now(), **about)


def take(session: Session, reward_id: str, owner_id: str = "nina", **overrides: Any) -> Taken:
    """One of a reward for an owner, by a wish of its own."""
    values: dict[str, Any] = {"programme_id": PROGRAMME, "source": new_id(), "now": clock.now()}
    values |= {"tiers": frozenset()} | overrides
    return service.take(session, reward_id, owner_id=owner_id, **values)


def take_back(session: Session, exchange_id: str, **overrides: Any) -> Taken:
    """One given back by its owner."""
    values: dict[str, Any] = {"programme_id": PROGRAMME, "by": "owner", "now": clock.now()}
    return service.take_back(session, exchange_id, **values | overrides)


def new_reward(session: Session, brand_id: str, **overrides: Any) -> RewardView:
    """£5.00 off for 100 points, as often as one likes."""
    wanted: dict[str, Any] = {
        "reference": new_id(),
        "title": "£5 off",
        "price": 100,
        "terms": Terms("amount", 500, "GBP"),
    }
    now = clock.now()
    reward = WantedReward(**wanted | overrides)
    return offer_reward(session, reward, brand_id=brand_id, by=None, now=now)


def exchange(
    session: Session, reward_id: str, member: MemberView, *, wish: str | None = None
) -> TakenReward:
    """A member's points against a reward, by a wish of its own."""
    when = {"now": clock.now(), "key": KEY}
    return journey.exchange_points(session, reward_id, member=member, wish=wish or new_id(), **when)
