"""Offer a reward: what it asks in points, and the voucher that it brings."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from core.errors import Invalid
from loyalty.ledger.rules import POINTS
from loyalty.rewards import service as rewards
from loyalty.rewards.rules import Offer, RewardView
from loyalty.tiers import queries as tiers
from loyalty.vouchers import service as vouchers
from loyalty.vouchers import windows
from loyalty.vouchers.terms import Terms
from retail.brands import queries as brands

# Far enough for a reward without a last day, as far as windows of vouchers go.
_EVER = date(2200, 1, 1)
_SINCE = date(2000, 1, 1)


@dataclass(frozen=True)
class WantedReward:
    """A reward as it was asked for, to be had on whole days of the brand; None has no limit."""

    reference: str
    title: str
    price: int
    terms: Terms
    wallet: str = POINTS
    valid_days: int = 90
    first_day: date | None = None
    last_day: date | None = None
    stock: int | None = None
    per_owner: int | None = None
    tier: str | None = None
    undo_minutes: int = 60


def offer_reward(
    session: Session, wanted: WantedReward, *, brand_id: str, by: str | None, now: datetime
) -> RewardView:
    """Offer a reward from its first day on; the same reference again is the same reward.

    Raises Invalid for what makes no sense, Conflict where the reference is another reward.
    """
    _check(session, wanted, brand_id)
    terms_id = vouchers.agree(
        session,
        programme_id=brand_id,
        source=f"reward:{wanted.reference}",
        terms=wanted.terms,
        now=now,
    )
    return rewards.offer(
        session,
        programme_id=brand_id,
        reference=wanted.reference,
        terms_id=terms_id,
        wanted=_offer(session, wanted, brand_id),
        by=by,
        now=now,
    )


def _check(session: Session, wanted: WantedReward, brand_id: str) -> None:
    fields: dict[str, list[str]] = {}
    if wanted.terms.uses is None:
        fields["uses"] = ["What points were paid for is used so many times, at least once."]
    if wanted.tier is not None:
        found = tiers.find_ladder(session, brand_id)
        if found is None or wanted.tier not in {one.code for one in found.ladder.tiers}:
            fields["tier"] = ["This is none of your tiers."]
    problem = brands.find_trade_problem(session, brand_id, wanted.terms.currency)
    if problem:
        fields["terms.currency"] = [problem]
    if fields:
        raise Invalid("reward_unclear", "This reward makes no sense.", fields=fields)


def _offer(session: Session, wanted: WantedReward, brand_id: str) -> Offer:
    zone = brands.get_brand(session, brand_id).zone
    window = windows.days(zone, wanted.first_day or _SINCE, wanted.last_day or _EVER)
    plain: dict[str, Any] = {
        name: getattr(wanted, name)
        for name in ("title", "price", "wallet", "valid_days", "stock", "per_owner", "tier")
    }
    return Offer(
        **plain,
        undo_minutes=wanted.undo_minutes,
        starts_at=window.valid_from if wanted.first_day else None,
        ends_at=window.valid_until if wanted.last_day else None,
    )
