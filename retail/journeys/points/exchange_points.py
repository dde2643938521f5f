"""Points against rewards: paid, issued and counted in one transaction, and so taken back.

All of it is booked under the exchange's id, so that nothing of it can happen twice.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy.orm import Session

from core.days import day_after
from core.errors import Conflict, NotFound
from core.outbox import emit
from loyalty.ledger import reversals
from loyalty.ledger import service as ledger
from loyalty.ledger.rules import CREDITS
from loyalty.rewards import queries, service
from loyalty.rewards.queries import TakenReward
from loyalty.rewards.rules import By
from loyalty.vouchers import queries as vouchers
from loyalty.vouchers import service as voucher_service
from retail.access_log import service as access_log
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.journeys.points.review_tier import review_tier, tiers_reached

REWARD, REWARD_BACK = "reward", "reward_back"


@dataclass(frozen=True)
class RewardTaken:
    """Somebody exchanged points for a reward, or gave it back."""

    exchange_id: str


def exchange_points(
    session: Session, reward_id: str, *, member: MemberView, wish: str, now: datetime, key: bytes
) -> TakenReward:
    """Pay for a reward and give its voucher, once for ever for each wish of a member.

    A wish is named by whoever asks, such as by an Idempotency-Key. Raises NotFound, and Conflict
    whose code says why they cannot have it.
    """
    brand_id = member.brand_id
    who: Any = {"brand_id": brand_id, "joined_at": member.joined_at, "now": now}
    taken = service.take(
        session,
        reward_id,
        programme_id=brand_id,
        owner_id=member.id,
        source=sha256(f"{member.id} {wish}".encode()).hexdigest(),
        tiers=tiers_reached(session, member.id, **who),
        now=now,
    )
    found = queries.get_exchange(session, taken.exchange.id, programme_id=brand_id)
    if taken.is_new:
        _pay(session, found, member, now=now)
        _issue(session, found, member, now=now, key=key)
        _told(session, found, member.id, brand_id, now)
    return found


def give_back(
    session: Session, exchange_id: str, *, member: MemberView, now: datetime
) -> TakenReward:
    """Think again, while there is time and nothing of the voucher was used: the points return.

    Raises NotFound, and Conflict where it is too late.
    """
    return _take_back(session, exchange_id, member.brand_id, "owner", now, owner_id=member.id)


@dataclass(frozen=True)
class Voiding:
    """Who takes a reward back, as the access log knows them, and why; its owner reads both."""

    viewer_kind: str
    viewer_id: str
    reason: str | None = None


def void_exchange(
    session: Session, code: str, *, brand_id: str, by: Voiding, now: datetime, key: bytes
) -> TakenReward:
    """Take back the exchange behind a voucher's code; its owner has the points again.

    Raises NotFound where no exchange stands behind it, and Conflict where it was used.
    """
    source = vouchers.find_source(session, brand_id, code, key=key) or ""
    kind, _colon, exchange_id = source.partition(":")
    if kind != REWARD:
        raise NotFound("exchange_not_found", "We don’t know this exchange.")
    return _take_back(session, exchange_id, brand_id, "staff", now, voiding=by)


def source_of(exchange_id: str) -> str:
    """The source under which an exchange's points and voucher are booked."""
    return f"{REWARD}:{exchange_id}"


def _take_back(
    session: Session,
    exchange_id: str,
    brand_id: str,
    by: By,
    now: datetime,
    *,
    owner_id: str | None = None,
    voiding: Voiding | None = None,
) -> TakenReward:
    how: Any = {"programme_id": brand_id, "owner_id": owner_id}
    reason = voiding.reason if voiding else None
    taken = service.take_back(session, exchange_id, by=by, now=now, reason=reason, **how)
    found = queries.get_exchange(session, exchange_id, **how)
    if not taken.is_new:
        return found
    source = source_of(exchange_id)
    what: Any = {"programme_id": brand_id, "now": now}
    if not voucher_service.take_back_unused(session, source=source, **what):
        raise Conflict("reward_used", "The voucher was used, a till holds it, or it is over.")
    reversals.reverse(session, of=source, source=f"{source}:back", reason=REWARD_BACK, **what)
    if voiding is not None and found.exchange.owner_id is not None:
        _log_look(session, found.exchange.owner_id, brand_id, voiding, now)
    _told(session, found, found.exchange.owner_id, brand_id, now)
    return found


def _log_look(
    session: Session, owner_id: str, brand_id: str, voiding: Voiding, now: datetime
) -> None:
    access_log.record(
        session,
        member_id=owner_id,
        brand_id=brand_id,
        viewer_kind=voiding.viewer_kind,
        viewer_id=voiding.viewer_id,
        purpose="reward_back",
        what="rewards",
        now=now,
    )


def _pay(session: Session, found: TakenReward, member: MemberView, *, now: datetime) -> None:
    ledger.spend(
        session,
        programme_id=member.brand_id,
        owner_id=member.id,
        points=found.exchange.points,
        source=source_of(found.exchange.id),
        reason=REWARD,
        wallet=found.reward.wallet,
        now=now,
    )


def _issue(
    session: Session, found: TakenReward, member: MemberView, *, now: datetime, key: bytes
) -> None:
    zone = brands.get_brand(session, member.brand_id).zone
    voucher_service.issue(
        session,
        programme_id=member.brand_id,
        terms_id=found.reward.terms_id,
        owner_id=member.id,
        source=source_of(found.exchange.id),
        valid_from=now,
        valid_until=day_after(now, zone, found.reward.valid_days),
        now=now,
        key=key,
    )


def _told(
    session: Session, found: TakenReward, member_id: str | None, brand_id: str, now: datetime
) -> None:
    if member_id is not None and found.reward.wallet == CREDITS:
        review_tier(session, member_id, brand_id=brand_id, now=now)
    topics = [f"member:{member_id}"] if member_id else []
    emit(session, RewardTaken(found.exchange.id), topics=topics)
