"""Vouchers at a till: what a basket holds, what is taken off, and what comes back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from core.config import Settings
from core.errors import Invalid
from core.outbox import emit, enqueue
from loyalty.baskets.rules import Basket
from loyalty.vouchers import queries, redemptions, rollbacks
from loyalty.vouchers.rules import Quote, RedemptionView, RollbackView
from retail.brands.queries import StoreView
from retail.journeys.baskets.as_basket import Goods, basket_shown
from retail.journeys.holds.hold_piece import collect_offered
from retail.journeys.offers.check_offered import gone_from
from retail.receipts.rules import find_gtin_problem

LAPSE_JOB = "lapse_reservation"


@dataclass(frozen=True)
class ShownBasket:
    """A basket before anything is taken off, and the codes that were scanned or typed.

    With what is `held`, the vouchers that its member holds on their phone are put to it as well.
    `sold_at` is set where a till that was offline sends it later.
    """

    currency: str
    lines: tuple[Goods, ...]
    vouchers: tuple[str, ...]
    member_id: str | None = None
    sold_at: datetime | None = None
    held: bool = False


@dataclass(frozen=True)
class VouchersUsed:
    """Vouchers of somebody were held, used, let go of, or came back."""

    redemption_id: str


def quote(
    session: Session, *, store: StoreView, shown: ShownBasket, now: datetime, settings: Settings
) -> Quote:
    """What vouchers would take off; nothing is kept. Raises Invalid for what makes no sense."""
    basket, variant_ids = _basket(session, store, shown, now)
    return redemptions.quote(
        session,
        programme_id=store.brand_id,
        basket=basket,
        codes=shown.vouchers,
        with_held=shown.held,
        now=now,
        key=settings.key,
        withheld=gone_from(session, store, variant_ids, now=now),
    )


def reserve(
    session: Session,
    *,
    store: StoreView,
    source: str,
    shown: ShownBasket,
    now: datetime,
    settings: Settings,
) -> RedemptionView:
    """Hold vouchers for a while; what is not redeemed by then is free again.

    Raises Invalid for what makes no sense, Conflict where nothing counts or the sale differs.
    """
    until = now + timedelta(minutes=settings.voucher_hold_minutes)
    basket, variant_ids = _basket(session, store, shown, now)
    view = redemptions.reserve(
        session,
        programme_id=store.brand_id,
        source=source,
        basket=basket,
        codes=shown.vouchers,
        until=until,
        with_held=shown.held,
        now=now,
        key=settings.key,
        withheld=gone_from(session, store, variant_ids, now=now),
    )
    if view.reserved_until is not None:
        payload = {"redemption_id": view.id}
        job_key = f"{LAPSE_JOB}:{view.id}"
        enqueue(session, LAPSE_JOB, payload, due_at=view.reserved_until, key=job_key)
    return _told(session, view, now)


def redeem_now(
    session: Session,
    *,
    store: StoreView,
    source: str,
    shown: ShownBasket,
    now: datetime,
    settings: Settings,
) -> RedemptionView:
    """Redeem in one step, also a sale of a till that was offline, as of when it was sold.

    Raises Invalid for what makes no sense or is too long ago, and otherwise as `reserve`.
    """
    late = timedelta(hours=settings.voucher_offline_hours)
    basket, variant_ids = _basket(session, store, shown, shown.sold_at or now)
    # What a till sold while it was offline is gone from its shelf, and was there.
    checked = variant_ids if shown.sold_at is None else ()
    view = redemptions.redeem_now(
        session,
        programme_id=store.brand_id,
        source=source,
        basket=basket,
        codes=shown.vouchers,
        not_before=now - late if shown.sold_at is not None else None,
        with_held=shown.held,
        now=now,
        key=settings.key,
        withheld=gone_from(session, store, checked, now=now),
    )
    return _told(session, view, now)


def redeem(session: Session, redemption_id: str, *, brand_id: str, now: datetime) -> RedemptionView:
    """Redeem what is reserved. Raises NotFound, and Conflict where the reservation is over."""
    view = redemptions.redeem(session, redemption_id, programme_id=brand_id, now=now)
    return _told(session, view, now)


def release(
    session: Session, redemption_id: str, *, brand_id: str, now: datetime
) -> RedemptionView:
    """Let go of what is reserved. Raises NotFound, and Conflict where it was redeemed."""
    view = redemptions.release(session, redemption_id, programme_id=brand_id, now=now)
    return _told(session, view, now)


def roll_back(
    session: Session,
    redemption_id: str,
    *,
    brand_id: str,
    source: str,
    lines: tuple[tuple[str, Decimal], ...] | None,
    now: datetime,
) -> RollbackView:
    """Take goods of a redemption back, all that is left where no line is named.

    Raises NotFound, Invalid for unknown lines, Conflict where more comes back than was sold.
    """
    view = rollbacks.roll_back(
        session, redemption_id, programme_id=brand_id, source=source, lines=lines, now=now
    )
    emit(session, VouchersUsed(redemption_id), topics=_topics(session, redemption_id, None))
    return view


def _basket(
    session: Session, store: StoreView, shown: ShownBasket, at: datetime
) -> tuple[Basket, list[str]]:
    """The basket as loyalty sees it: lines numbered from 1, with labels; and the variants in it.

    Raises Invalid for another currency than the store's and for a GTIN that is none.
    """
    fields: dict[str, list[str]] = {}
    if shown.currency != store.currency:
        fields["currency"] = [f"This store trades in {store.currency}."]
    for index, line in enumerate(shown.lines):
        problem = find_gtin_problem(line.gtin) if line.gtin else None
        if problem:
            fields[f"lines.{index}.gtin"] = [problem]
    if fields:
        raise Invalid("basket_unclear", "This basket makes no sense.", fields=fields)
    basket, lines = basket_shown(
        session, shown.lines, store=store, at=at, member_id=shown.member_id
    )
    return basket, [line.variant_id for line in lines if line.variant_id]


def _told(session: Session, view: RedemptionView, now: datetime) -> RedemptionView:
    # What was settled at another instant is a repetition, and no news.
    if view.settled_at in (None, now):
        if view.state == "redeemed":
            collect_offered(session, [use.voucher_id for use in view.vouchers], now=now)
        emit(session, VouchersUsed(view.id), topics=_topics(session, view.id, view.owner_id))
    return view


def _topics(session: Session, redemption_id: str, owner_id: str | None) -> list[str]:
    """Whose phones show it: the vouchers' owners', the basket's, and who held one until now."""
    concerned = queries.owners_in(session, redemption_id) | ({owner_id} if owner_id else set())
    concerned |= queries.holders_before(session, redemption_id)
    return [f"member:{one}" for one in sorted(concerned)]
