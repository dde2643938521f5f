"""Reads of baskets on phones, for whose they are."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from retail.phone_baskets.models import PhoneBasket, PhoneBasketLine
from retail.phone_baskets.rules import BasketView, is_over


def find_basket(session: Session, member_id: str, *, now: datetime) -> BasketView | None:
    """The basket that a member fills just now; one of an earlier visit is none."""
    basket = session.get(PhoneBasket, member_id, populate_existing=True)
    if basket is None or is_over(basket.changed_at, now):
        return None
    pieces = {line.variant_id: line.pieces for line in _lines(session, member_id)}
    return BasketView(member_id, basket.store_id, basket.changed_at, pieces)


def export(session: Session, member_id: str) -> list[dict[str, Any]]:
    """What is kept of a member's basket, for themselves."""
    basket = session.get(PhoneBasket, member_id, populate_existing=True)
    if basket is None:
        return []
    about = {"store_id": basket.store_id, "changed_at": basket.changed_at}
    names = ("variant_id", "pieces", "added_at")
    lines = [{name: getattr(one, name) for name in names} for one in _lines(session, member_id)]
    return [about | {"lines": lines}]


def _lines(session: Session, member_id: str) -> list[PhoneBasketLine]:
    rows = session.scalars(
        select(PhoneBasketLine)
        .where(PhoneBasketLine.member_id == member_id)
        .order_by(PhoneBasketLine.added_at, PhoneBasketLine.variant_id)
        .execution_options(populate_existing=True)
    )
    return list(rows)
