"""What is written of redemptions, as others see it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from core.errors import NotFound
from core.ids import new_id
from loyalty.baskets.rules import Basket
from loyalty.vouchers.models import (
    Redemption,
    Rollback,
    Voucher,
    VoucherTerms,
    VoucherUse,
)
from loyalty.vouchers.pricing import Priced, Refused, owner_of
from loyalty.vouchers.rules import (
    LineDiscount,
    Quote,
    RedemptionView,
    RollbackView,
    RolledBackLine,
    UseView,
    redemption_state,
)


def redemption_not_found() -> NotFound:
    """The one answer for every redemption that somebody may not see."""
    return NotFound("redemption_not_found", "We don’t know this redemption.")


def quote_of(basket: Basket, priced: Priced) -> Quote:
    """A priced basket as it is shown."""
    discounts = priced.discounts()
    uses = tuple(
        UseView(
            one.offer.voucher_id,
            one.offer.ends_in,
            one.offer.terms.kind,
            one.offer.terms.title,
            one.discount_minor,
        )
        for one in priced.applied
    )
    total, discount = basket.total_minor, priced.discount_minor
    lines = [(line.id, line.total_minor) for line in basket.lines]
    return Quote(
        currency=basket.currency,
        total_minor=total,
        discount_minor=discount,
        pays_minor=total - discount,
        lines=_lines(lines, discounts),
        vouchers=uses,
        refused=priced.refused,
    )


def used_in(session: Session, redemption_id: str) -> list[tuple[str, datetime, bool]]:
    """The vouchers that a redemption used, when it was sold, and whether the use went back."""
    rows = session.execute(
        select(VoucherUse.voucher_id, Redemption.sold_at, VoucherUse.returned_at)
        .join(Redemption, Redemption.id == VoucherUse.redemption_id)
        .where(Redemption.id == redemption_id, Redemption.state == "redeemed")
        .order_by(VoucherUse.voucher_id)
    )
    return [(row[0], row[1], row[2] is not None) for row in rows]


def _lines(lines: Iterable[tuple[str, int]], discounts: dict[str, int]) -> tuple[LineDiscount, ...]:
    return tuple(
        LineDiscount(line_id, total, taken := discounts.get(line_id, 0), total - taken)
        for line_id, total in lines
    )


def new_redemption(
    redemption_id: str,
    basket: Basket,
    priced: Priced,
    *,
    reserved_until: datetime | None,
    now: datetime,
) -> RedemptionView:
    """A redemption that is about to be written, as `get_redemption` will read it."""
    is_held = reserved_until is not None
    return RedemptionView(
        **vars(quote_of(basket, priced)),
        id=redemption_id,
        state=redemption_state("reserved" if is_held else "redeemed", reserved_until, now),
        owner_id=basket.owner_id,
        sold_at=basket.at.astimezone(UTC),
        reserved_until=reserved_until.astimezone(UTC) if reserved_until else None,
        settled_at=None if is_held else now.astimezone(UTC),
        rollbacks=(),
    )


def new_uses(redemption_id: str, basket: Basket, priced: Priced) -> list[dict[str, Any]]:
    """The rows of its uses, in the order in which `get_redemption` will read them."""
    # Ids of the same instant are in no order of their own.
    ids = sorted(new_id() for _ in priced.applied)
    return [
        {
            "id": use_id,
            "redemption_id": redemption_id,
            "voucher_id": one.offer.voucher_id,
            "terms_id": one.offer.terms_id,
            "owner_id": owner_of(basket, one.offer),
            "discount_minor": one.discount_minor,
            "lines": one.lines,
        }
        for use_id, one in zip(ids, priced.applied, strict=True)
    ]


def get_redemption(
    session: Session,
    redemption_id: str,
    *,
    programme_id: str,
    holder_id: str | None = None,
    now: datetime,
) -> RedemptionView:
    """A redemption of the programme, as it stands now; with a `holder_id`, their own hold.

    Tills know no holds, and holders nothing else. Raises NotFound.
    """
    row = session.get(Redemption, redemption_id, populate_existing=True)
    if row is None or row.programme_id != programme_id or not _is_seen_by(row, holder_id):
        raise redemption_not_found()
    uses = _uses(session, row)
    taken = sum(use.discount_minor for use, *_ in uses)
    discounts: dict[str, int] = {}
    for use, *_ in uses:
        for line_id, discount in use.lines.items():
            discounts[line_id] = discounts.get(line_id, 0) + discount
    return RedemptionView(
        currency=row.currency,
        total_minor=row.total_minor,
        discount_minor=taken,
        pays_minor=row.total_minor - taken,
        lines=_lines([(line_id, total) for line_id, _, total in row.lines], discounts),
        vouchers=tuple(
            UseView(use.voucher_id, ends_in, kind, title, use.discount_minor)
            for use, ends_in, kind, title in uses
        ),
        refused=tuple(Refused(**one) for one in row.refused),
        id=row.id,
        state=redemption_state(row.state, row.reserved_until, now),  # type: ignore[arg-type]
        owner_id=row.owner_id,
        sold_at=row.sold_at,
        reserved_until=row.reserved_until,
        settled_at=row.settled_at,
        rollbacks=tuple(rollbacks_of(session, redemption_id)),
    )


def find_by_source(session: Session, programme_id: str, source: str) -> str | None:
    """The id of the redemption of a source, if there is one."""
    return session.scalar(
        select(Redemption.id).where(
            Redemption.programme_id == programme_id, Redemption.source == source
        )
    )


def is_from(session: Session, redemption_id: str, *sources: str) -> bool:
    """Whether the source of a redemption begins with one of these."""
    source = session.scalar(select(Redemption.source).where(Redemption.id == redemption_id))
    return source is not None and source.startswith(sources)


def _uses(session: Session, row: Redemption) -> Sequence[Row[*tuple[VoucherUse, str, Any, str]]]:
    """Its uses, with what is shown of their vouchers; what gave way to a till is held no more."""
    uses = (
        select(VoucherUse, Voucher.last_four, VoucherTerms.kind, VoucherTerms.title)
        .join(Voucher, Voucher.id == VoucherUse.voucher_id)
        .join(VoucherTerms, VoucherTerms.id == VoucherUse.terms_id)
        .where(VoucherUse.redemption_id == row.id)
        .order_by(VoucherUse.id)
    )
    if row.gives_way and row.state == "reserved":
        uses = uses.where(VoucherUse.returned_at.is_(None))
    return session.execute(uses).all()


def _is_seen_by(row: Redemption, holder_id: str | None) -> bool:
    return row.gives_way == (holder_id is not None) and holder_id in (None, row.owner_id)


def rollbacks_of(session: Session, redemption_id: str) -> Iterator[RollbackView]:
    """What came back of a redemption, first return first."""
    rows = session.scalars(
        select(Rollback).where(Rollback.redemption_id == redemption_id).order_by(Rollback.id)
    )
    for row in rows:
        lines = tuple(
            RolledBackLine(line, Decimal(quantity), discount, paid)
            for line, quantity, discount, paid in row.lines
        )
        yield RollbackView(
            id=row.id,
            redemption_id=row.redemption_id,
            rolled_back_at=row.rolled_back_at,
            discount_minor=row.discount_minor,
            paid_minor=row.paid_minor,
            lines=lines,
        )


def export(session: Session, programme_id: str, owner_id: str) -> list[dict[str, Any]]:
    """The baskets to which an owner put vouchers, for themselves."""
    rows = session.scalars(
        select(Redemption)
        .where(Redemption.programme_id == programme_id, Redemption.owner_id == owner_id)
        .order_by(Redemption.id)
    )
    return [
        {
            "state": row.state,
            "currency": row.currency,
            "total_minor": row.total_minor,
            "discount_minor": row.discount_minor,
            "sold_at": row.sold_at,
            "settled_at": row.settled_at,
        }
        for row in rows
    ]


def returned(session: Session, redemption_id: str) -> dict[str, Decimal]:
    """How much of each line came back so far, by the line's id; none of it is left out."""
    found: dict[str, Decimal] = {}
    for rollback in rollbacks_of(session, redemption_id):
        for line in rollback.lines:
            found[line.line] = found.get(line.line, Decimal(0)) + line.quantity
    return found
