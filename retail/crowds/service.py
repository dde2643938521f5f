"""Counting who bought what, for the whole brand at once."""

from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from sqlalchemy import Select, delete, func, insert, select
from sqlalchemy.orm import Session

from core.sql import close_gate
from retail.brands import queries as brands
from retail.catalogue import queries as catalogue
from retail.crowds.models import StyleCrowd
from retail.crowds.rules import LEAST_CROWD, round_down
from retail.receipts.kept import KEPT

EVERY = timedelta(minutes=5)

_goods = catalogue.GOODS.subquery("counted_goods")
_bought = KEPT.subquery("bought")
_people = func.count(_bought.c.member_id.distinct())
# Presents say nothing of who bought them, and goods that are never shared have no crowd.
_CROWDS: Select[*tuple[Any, ...]] = (
    select(_goods.c.style_id, _people)
    .join(_bought, _bought.c.variant_id == _goods.c.id)
    .where(_bought.c.brand_id == _goods.c.brand_id, _goods.c.is_never_shareable.is_(False))
    .group_by(_goods.c.style_id)
    .having(_people >= LEAST_CROWD)
)


def count_all(session: Session, now: datetime) -> None:
    """Count the crowds of every brand whose last count is `EVERY` ago; one worker does it."""
    for brand in brands.list_brands(session):
        close_gate(session, crc32(f"crowds:{brand.id}".encode()))
        newest = select(func.max(StyleCrowd.counted_at)).where(StyleCrowd.brand_id == brand.id)
        counted_at = session.scalar(newest)
        if counted_at is None or counted_at <= now - EVERY:
            count(session, brand.id, now=now)


def count(session: Session, brand_id: str, *, now: datetime) -> None:
    """Count the crowds of a brand anew; what was counted before is gone."""
    found = session.execute(_CROWDS.where(_goods.c.brand_id == brand_id)).all()
    session.execute(delete(StyleCrowd).where(StyleCrowd.brand_id == brand_id))
    told = {"brand_id": brand_id, "counted_at": now}
    rows = [{"style_id": style, "people": round_down(people), **told} for style, people in found]
    if rows:
        session.execute(insert(StyleCrowd), rows)
