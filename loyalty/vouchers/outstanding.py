"""Vouchers that can still be used, summed by terms and by when they end; about nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Case, ColumnElement, case, distinct, func, or_, select
from sqlalchemy.orm import Session

from loyalty.vouchers import queries
from loyalty.vouchers.models import Redemption, Voucher, VoucherBudget, VoucherTerms, VoucherUse
from loyalty.vouchers.terms import Terms


@dataclass(frozen=True)
class Outstanding:
    """Vouchers of one kind that end in the span of this number; uses are None without a limit."""

    span: int
    terms: Terms
    vouchers: int
    uses: int | None


@dataclass(frozen=True)
class BudgetView:
    """What vouchers of a campaign may give away, gave, and what of that tills only hold.

    `limit_minor` is None without a limit. `recent_minor` was given since the instant asked for.
    """

    campaign_id: str
    currency: str
    limit_minor: int | None
    spent_minor: int
    held_minor: int
    recent_minor: int


def outstanding(
    session: Session, programme_id: str, ends: Sequence[datetime], *, now: datetime
) -> list[Outstanding]:
    """All that can be used now or later, the soonest to end first.

    `ends` are the ends of spans, ascending: a voucher belongs to the first that it does not
    outlive, and to the span of number `len(ends)` if it outlives all.
    """
    # Their terms come to the sums: sorting every voucher with them takes twice as long.
    sums = (
        select(
            _span(ends).label("span"),
            Voucher.terms_id,
            func.count().label("vouchers"),
            func.sum(Voucher.uses_left).label("uses"),
        )
        .where(*_usable(programme_id, now))
        .group_by("span", Voucher.terms_id)
        .subquery()
    )
    rows = session.execute(
        select(sums.c.span, VoucherTerms, sums.c.vouchers, sums.c.uses)
        .join(VoucherTerms, VoucherTerms.id == sums.c.terms_id)
        .order_by(sums.c.span, VoucherTerms.id)
    )
    return [
        Outstanding(number, terms := queries.terms_of(row), count, terms.uses and int(uses or 0))
        for number, row, count, uses in rows
    ]


def owners(
    session: Session, programme_id: str, ends: Sequence[datetime], *, now: datetime
) -> dict[int, int]:
    """How many people own vouchers of each span; those of nobody in particular have no owner."""
    rows = session.execute(
        select(_span(ends).label("span"), func.count(distinct(Voucher.owner_id)))
        .where(*_usable(programme_id, now), Voucher.owner_id.is_not(None))
        .group_by("span")
    )
    return {row[0]: int(row[1]) for row in rows}


def budgets(session: Session, programme_id: str, *, since: datetime) -> list[BudgetView]:
    """Every campaign whose vouchers count what they give away, by its id."""
    kept = VoucherUse.returned_at.is_(None)
    held = func.sum(VoucherUse.discount_minor).filter(kept, Redemption.state == "reserved")
    recent = func.sum(VoucherUse.discount_minor).filter(kept, Redemption.recorded_at >= since)
    given = {
        campaign_id: (int(held_minor or 0), int(recent_minor or 0))
        for campaign_id, held_minor, recent_minor in session.execute(
            select(VoucherTerms.campaign_id, held, recent)
            .join(VoucherUse, VoucherUse.terms_id == VoucherTerms.id)
            .join(Redemption, Redemption.id == VoucherUse.redemption_id)
            .where(VoucherTerms.programme_id == programme_id, VoucherTerms.campaign_id.is_not(None))
            .group_by(VoucherTerms.campaign_id)
        )
    }
    rows = session.scalars(
        select(VoucherBudget)
        .where(VoucherBudget.programme_id == programme_id)
        .order_by(VoucherBudget.campaign_id)
    )
    return [
        BudgetView(
            *(row.campaign_id, row.currency, row.limit_minor, row.spent_minor),
            *given.get(row.campaign_id, (0, 0)),
        )
        for row in rows
    ]


def budget_left(session: Session, programme_id: str, campaign_id: str) -> int | None:
    """What vouchers of a campaign may still give away; None without a limit."""
    row = session.execute(
        select(VoucherBudget.limit_minor, VoucherBudget.spent_minor).where(
            VoucherBudget.programme_id == programme_id, VoucherBudget.campaign_id == campaign_id
        )
    ).one_or_none()
    return None if row is None or row[0] is None else row[0] - row[1]


def budget_currency(session: Session, programme_id: str, campaign_id: str) -> str | None:
    """The currency that vouchers of a campaign give away; None where it has no budget yet."""
    key = {"programme_id": programme_id, "campaign_id": campaign_id}
    return session.scalars(select(VoucherBudget.currency).filter_by(**key)).one_or_none()


def taken_off(
    session: Session,
    programme_id: str,
    prefixes: Sequence[str],
    *,
    currency: str,
    since: datetime,
    until: datetime,
) -> dict[str, int]:
    """What owners' vouchers from sources that begin so took off sales of [since, until), by owner.

    Uses that went back are left out.
    """
    rows = session.execute(
        select(Voucher.owner_id, func.sum(VoucherUse.discount_minor))
        .join(Voucher, Voucher.id == VoucherUse.voucher_id)
        .join(Redemption, Redemption.id == VoucherUse.redemption_id)
        .where(
            Voucher.programme_id == programme_id,
            Voucher.owner_id.is_not(None),
            or_(*(Voucher.source.startswith(one, autoescape=True) for one in prefixes)),
            Redemption.state == "redeemed",
            Redemption.currency == currency,
            Redemption.sold_at >= since,
            Redemption.sold_at < until,
            VoucherUse.returned_at.is_(None),
        )
        .group_by(Voucher.owner_id)
    )
    return {owner_id: int(minor) for owner_id, minor in rows if owner_id}


def _usable(programme_id: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    left = or_(Voucher.uses_left.is_(None), Voucher.uses_left > 0)
    return (Voucher.programme_id == programme_id, *queries.usable(now), left)


def _span(ends: Sequence[datetime]) -> Case[int]:
    return case(
        *((Voucher.valid_until <= end, number) for number, end in enumerate(ends)), else_=len(ends)
    )
