"""A year at the tills, day by day: what is due runs at midnight, then the day happens."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from core.days import day_start
from core.errors import Conflict
from demo.groceries import books, programme
from demo.groceries.figures import CouponOutcome, Figures, Snapshot
from demo.groceries.shop import Shop
from demo.groceries.table import ZONE, CouponUse, GoodsBack, Receipt, Year
from jobs import points, queue
from loyalty.earning import service as earning
from loyalty.ledger import queries as ledger
from loyalty.ledger import service as ledger_service
from retail.journeys.baskets.as_basket import Goods
from retail.journeys.points import review_tier
from retail.journeys.sales import purchase, refund
from retail.journeys.vouchers import redeem_vouchers
from retail.journeys.vouchers.redeem_vouchers import ShownBasket
from retail.receipts.returns import ReturnInput, ReturnLineInput
from retail.receipts.rules import LineInput, ReceiptInput

DUE = frozenset(points.ENDING)
SPENT_FROM, SPENT = 500, "spent"
Happening = Receipt | GoodsBack | CouponUse


def run(shop: Shop, year: Year, days: list[date], checkpoints: list[date]) -> Figures:
    """Let the year happen; the figures as the engine's own tables have them."""
    happening: dict[date, list[Happening]] = defaultdict(list)
    for one in _in_order(year):
        happening[one.day if not isinstance(one, CouponUse) else one.receipt.day].append(one)
    progress, snapshots, coupons = _Progress(), list[Snapshot](), list[CouponOutcome]()
    for day in days:
        is_border = day in (*checkpoints, programme.SWITCH) or _is_last_of_month(day)
        if not (is_border or day in happening or _is_anything_due(shop, day)):
            continue
        with shop.database.write() as session:
            _dawn(session, shop, day, progress)
            if day in checkpoints:
                snapshots.append(books.snapshot(session, shop.brand_id, shop.households, day))
            for one in happening.get(day, []):
                coupons += _happen(session, shop, year, one)
                progress.receipts += isinstance(one, Receipt)
            if _is_last_of_month(day):
                _spend(session, shop, day)
                progress.tell(day)
    with shop.database.read() as session:
        budgets = books.budgets(session, shop.brand_id)
    return Figures(tuple(snapshots), tuple(coupons), budgets)


def _is_last_of_month(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1


def _is_anything_due(shop: Shop, day: date) -> bool:
    # Tiers that ran out may wait: a review that comes late finds what one in time would have.
    with shop.database.read() as session:
        return queue.has_due(session, day_start(day, ZONE), kinds=DUE)


class _Progress:
    """What a month took, told when it is over."""

    def __init__(self) -> None:
        self.receipts = self.jobs = 0
        self._began = time.perf_counter()

    def tell(self, day: date) -> None:
        took = time.perf_counter() - self._began
        if self.receipts or self.jobs:
            print(
                f"{day:%Y-%m}  {self.receipts:7,} receipts  {self.jobs:8,} jobs  {took:6.1f} s",
                flush=True,
            )
        self.receipts = self.jobs = 0
        self._began = time.perf_counter()


def _in_order(year: Year) -> list[Happening]:
    def key(one: Happening) -> tuple[datetime, int, int]:
        if isinstance(one, CouponUse):
            return one.receipt.at, 0, one.receipt.number
        return one.at, 1, one.number if isinstance(one, Receipt) else one.receipt.number

    return sorted([*year.uses, *year.receipts, *year.back], key=key)


def _dawn(session: Session, shop: Shop, day: date, progress: _Progress) -> None:
    """The first instant of a day: new terms hold, due jobs run, tiers that ran out are reviewed."""
    shop.clock.instant = now = day_start(day, ZONE)
    if day == programme.SWITCH:
        earning.set_terms(session, shop.brand_id, programme.terms(programme.CALENDAR), now=now)
    while (job := queue.claim(session, now, kinds=DUE)) is not None:
        points.ENDING[job.kind](session, job.payload, now)
        queue.finish(session, job.id, now)
        progress.jobs += 1
    while review_tier.has_due(session, now):
        review_tier.review_due(session, now)


def _happen(session: Session, shop: Shop, year: Year, one: Happening) -> tuple[CouponOutcome, ...]:
    if isinstance(one, CouponUse):
        shop.clock.instant = one.receipt.at
        return tuple(_use(session, shop, year, one))
    shop.clock.instant = one.at
    do: Callable[..., None] = _sell if isinstance(one, Receipt) else _take_back
    do(session, shop, one)
    return ()


def _sell(session: Session, shop: Shop, receipt: Receipt) -> None:
    lines = tuple(
        LineInput(
            quantity=Decimal(line.quantity),
            total_minor=line.cents,
            sku=str(line.product),
            discount_minor=line.off_cents,
        )
        for line in receipt.lines
    )
    sent = ReceiptInput(
        "1", str(receipt.number), receipt.at, "USD", lines, shop.members[receipt.household]
    )
    sold = purchase.record_purchase(
        session,
        key=shop.keys[receipt.store],
        store_slug=None,
        receipt=sent,
        now=receipt.at,
        settings=shop.settings,
    )
    shop.receipts[receipt.number] = sold.reply.id


def _take_back(session: Session, shop: Shop, back: GoodsBack) -> None:
    lines = tuple(ReturnLineInput(place, Decimal(pieces)) for place, pieces in back.pieces)
    refund.record_refund(
        session,
        key=shop.keys[back.receipt.store],
        receipt_id=shop.receipts[back.receipt.number],
        given=ReturnInput("R1", back.at, lines),
        now=back.at,
    )


def _spend(session: Session, shop: Shop, day: date) -> None:
    """At the end of a month: half of what a household has, in hundreds, from 500 on."""
    shop.clock.instant = now = day_start(day + timedelta(days=1), ZONE) - timedelta(seconds=1)
    for member_id in shop.members.values():
        has = ledger.balance(session, shop.brand_id, member_id)
        if has >= SPENT_FROM:
            ledger_service.spend(
                session,
                programme_id=shop.brand_id,
                owner_id=member_id,
                points=has // 200 * 100,
                source=f"spent:{member_id}:{day}",
                reason=SPENT,
                now=now,
            )


def _use(session: Session, shop: Shop, year: Year, use: CouponUse) -> Iterator[CouponOutcome]:
    """Put the coupons of a receipt to it, as its till would, and read what it is told."""
    receipt = use.receipt
    shown = ShownBasket(
        currency="USD",
        lines=tuple(
            Goods(Decimal(line.quantity), line.cents, sku=str(line.product))
            for line in receipt.lines
        ),
        vouchers=tuple(shop.codes[place] for place in use.places),
        member_id=shop.members[receipt.household],
    )
    asked = {"store": shop.stores[receipt.store], "source": f"till:{receipt.number}"}
    told: dict[str, tuple[int, str]] = {}
    try:
        view = redeem_vouchers.redeem_now(
            session, **asked, shown=shown, now=receipt.at, settings=shop.settings
        )
    except Conflict as refusal:
        told = {one["voucher_id"]: (0, one["reason"]) for one in refusal.data["refused"]}
    else:
        told = {one.voucher_id: (one.discount_minor, "") for one in view.vouchers}
        told |= {one.voucher_id or "": (0, one.reason) for one in view.refused}
    for place in use.places:
        one, (cents, reason) = year.redemptions[place], told[shop.vouchers[place]]
        yield CouponOutcome(receipt.number, one.campaign, one.coupon, cents, reason)
