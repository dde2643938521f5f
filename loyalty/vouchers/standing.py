"""What is left of vouchers: their own uses, those of their owner, and their campaign's budget.

Whoever takes uses or gives them back locks first the vouchers, then owners, then budgets, each
in one order, so that nobody waits in a circle.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any, cast

from sqlalchemy import Executable, Table, bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from core.errors import Conflict
from core.sql import close_gate, execute
from loyalty.baskets.rules import Basket
from loyalty.vouchers.lapsed import close_emptied, free_of
from loyalty.vouchers.models import (
    Minor,
    Voucher,
    VoucherBudget,
    VoucherTerms,
    VoucherUse,
)
from loyalty.vouchers.opened import Shown
from loyalty.vouchers.pricing import Offer, owner_of

# Prebuilt and on the tables: every redemption passes here, and the till waits.
_VOUCHERS, _BUDGETS = (cast("Table", one.__table__) for one in (Voucher, VoucherBudget))
_V, _B = _VOUCHERS.c, _BUDGETS.c
_TAKE = (
    update(_VOUCHERS)
    .where(_V.id == bindparam("voucher"), _V.uses_left > 0)
    .values(uses_left=_V.uses_left - 1)
)
_SPENT = _B.spent_minor + bindparam("minor", type_=Minor)
_SPEND = (
    update(_BUDGETS)
    .where(
        _B.programme_id == bindparam("programme"),
        _B.campaign_id == bindparam("campaign"),
        or_(_B.limit_minor.is_(None), _B.limit_minor >= _SPENT),
    )
    .values(spent_minor=_SPENT)
)


def standing(
    session: Session,
    programme_id: str,
    shown: Shown,
    basket: Basket,
    *,
    now: datetime,
    locks: bool = False,
) -> list[Offer]:
    """The offers with what is left of them now; locked, it stays so until the transaction ends.

    Reservations whose time is over hold nothing.
    """
    offers, lapsed = shown.offers, shown.lapsed
    if locks:
        _close_gates(session, offers, basket)
    budgets = _budgets(session, programme_id, offers, locks=locks)
    if locks:
        for one in lapsed:
            give_back(session, programme_id, one.use_id, now=now)
    for one in lapsed:
        if one.campaign_id in budgets:
            budgets[one.campaign_id] += one.discount_minor
    held_no_more = Counter(one.voucher_id for one in lapsed)
    gone = [one.use_id for one in lapsed]
    found = []
    for offer in offers:
        campaign, left = offer.terms.campaign_id, offer.uses_left
        found.append(
            replace(
                offer,
                uses_left=None if left is None else left + held_no_more[offer.voucher_id],
                owner_uses_left=_owner_uses_left(session, offer, basket, gone),
                budget_left_minor=budgets.get(campaign) if campaign else None,
            )
        )
    return found


def _close_gates(session: Session, offers: Iterable[Offer], basket: Basket) -> None:
    names = {
        f"{offer.terms_id}:{owner}"
        for offer in offers
        if offer.terms.uses_per_owner is not None and (owner := owner_of(basket, offer))
    }
    for gate in sorted(map(gate_of, names)):
        close_gate(session, gate)


def gate_of(name: str) -> int:
    """The number of the gate with a name."""
    return int.from_bytes(sha256(name.encode()).digest()[:8], signed=True)


def _owner_uses_left(session: Session, offer: Offer, basket: Basket, gone: list[str]) -> int | None:
    limit, owner_id = offer.terms.uses_per_owner, owner_of(basket, offer)
    if limit is None or owner_id is None:
        return None
    used = session.scalars(
        select(func.count())
        .select_from(VoucherUse)
        .where(
            VoucherUse.terms_id == offer.terms_id,
            VoucherUse.owner_id == owner_id,
            VoucherUse.returned_at.is_(None),
            VoucherUse.id.not_in(gone),
        )
    ).one()
    return max(0, limit - used)


def _budgets(
    session: Session, programme_id: str, offers: Iterable[Offer], *, locks: bool
) -> dict[str, int]:
    """What the campaigns of the offers may still give away; without a limit they are left out."""
    campaigns = {offer.terms.campaign_id for offer in offers} - {None}
    if not campaigns:
        return {}
    rows = (
        select(VoucherBudget)
        .where(VoucherBudget.programme_id == programme_id, VoucherBudget.campaign_id.in_(campaigns))
        .order_by(VoucherBudget.campaign_id)
        .execution_options(populate_existing=True)
    )
    found = session.scalars(rows.with_for_update() if locks else rows)
    return {
        one.campaign_id: one.limit_minor - one.spent_minor
        for one in found
        if one.limit_minor is not None
    }


def take(session: Session, programme_id: str, offer: Offer, discount_minor: int) -> None:
    """Take one use of a voucher, and its discount from the budget of its campaign.

    Raises Conflict where there is none: then nothing of the transaction may be kept.
    """
    if offer.uses_left is not None:
        _changed(session, _TAKE, {"voucher": offer.voucher_id})
    campaign_id = offer.terms.campaign_id
    if campaign_id is not None:
        budget = {"programme": programme_id, "campaign": campaign_id, "minor": discount_minor}
        _changed(session, _SPEND, budget)


def give_back(session: Session, programme_id: str, use_id: str, *, now: datetime) -> bool:
    """Give a voucher one use back, once, and its campaign the discount; tells whether it did."""
    row = return_use(session, use_id, now=now)
    if row is not None:
        unspend(session, programme_id, *row)
    return row is not None


def free(session: Session, programme_id: str, voucher_id: str, *, now: datetime) -> None:
    """Give a voucher, which is locked, the uses back that nobody has any more."""
    over = free_of(session, voucher_id, now=now)
    for use_id, _redemption_id in over:
        give_back(session, programme_id, use_id, now=now)
    emptied = {redemption_id for _use_id, redemption_id in over}
    close_emptied(session, programme_id, emptied, holder_id=None, now=now)


def return_use(session: Session, use_id: str, *, now: datetime) -> tuple[str, int] | None:
    """Give a voucher one use back, once: the use's terms and discount, or None where it was."""
    row = session.execute(
        update(VoucherUse)
        .where(VoucherUse.id == use_id, VoucherUse.returned_at.is_(None))
        .values(returned_at=now)
        .returning(VoucherUse.voucher_id, VoucherUse.terms_id, VoucherUse.discount_minor),
        execution_options={"synchronize_session": False},
    ).one_or_none()
    if row is None:
        return None
    session.execute(
        update(Voucher)
        .where(Voucher.id == row.voucher_id, Voucher.uses_left.is_not(None))
        .values(uses_left=Voucher.uses_left + 1),
        execution_options={"synchronize_session": False},
    )
    return row.terms_id, row.discount_minor


def unspend(session: Session, programme_id: str, terms_id: str, amount_minor: int) -> None:
    """Give the campaign of some terms back what it gave away, where they belong to one."""
    campaign = select(VoucherTerms.campaign_id).where(VoucherTerms.id == terms_id)
    session.execute(
        update(VoucherBudget)
        .where(
            VoucherBudget.programme_id == programme_id,
            VoucherBudget.campaign_id == campaign.scalar_subquery(),
        )
        .values(spent_minor=VoucherBudget.spent_minor - amount_minor),
        execution_options={"synchronize_session": False},
    )


def lock_vouchers(session: Session, redemption_id: str) -> None:
    """Lock the vouchers of a redemption, as everybody does before changing it."""
    used = select(VoucherUse.voucher_id).where(VoucherUse.redemption_id == redemption_id)
    session.execute(
        select(Voucher.id).where(Voucher.id.in_(used)).order_by(Voucher.id).with_for_update()
    )


def _changed(session: Session, statement: Executable, given: dict[str, Any]) -> None:
    if execute(session, statement, given).rowcount != 1:
        raise Conflict("voucher_used_up", "This voucher was used up just now.")
