"""How many different members bought and kept a style: one statement for all goods of a page.

A style that sells every minute has more purchases than a page can count each time, so a count is
kept in the process for a minute; somebody who left is in none after that. Presents say nothing of
who bought them, and goods that are never shared have no crowd.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from core.glance import Ask, Glance
from retail.catalogue import queries as catalogue
from retail.crowds.rules import round_down
from retail.receipts.kept import KEPT

COUNTED_FOR = timedelta(seconds=60)
_MOST_KEPT = 20_000

_goods = catalogue.GOODS.subquery("counted_goods")
_bought = KEPT.subquery("bought")
# Distinct buyers by style, for the styles of a brand that a where clause on these columns names.
STYLE_ID, BRAND_ID = _goods.c.style_id, _goods.c.brand_id
BUYERS: Select[*tuple[Any, ...]] = (
    select(STYLE_ID, func.count(_bought.c.member_id.distinct()))
    .join(_bought, _bought.c.variant_id == _goods.c.id)
    .where(
        bindparam("brand_id") == BRAND_ID,
        _bought.c.brand_id == BRAND_ID,
        _goods.c.is_never_shareable.is_(False),
    )
    .group_by(STYLE_ID)
)
_BUYERS_OF = BUYERS.where(STYLE_ID.in_(bindparam("style_ids", expanding=True)))

_kept: dict[tuple[str, str], tuple[datetime, int]] = {}


def crowds(
    session: Session, brand_id: str, style_ids: Iterable[str], *, now: datetime
) -> dict[str, int]:
    """How many bought each of these styles, rounded down; 0 for fewer than ten."""
    wanted = sorted(set(style_ids))
    missing = [one for one in wanted if _find(brand_id, one, now) is None]
    if missing:
        given = {"brand_id": brand_id, "style_ids": missing}
        _keep(
            brand_id, missing, {row[0]: row[1] for row in session.execute(_BUYERS_OF, given)}, now
        )
    return {one: _find(brand_id, one, now) or 0 for one in wanted}


def crowds_at_a_glance(
    ask: Ask, what: Glance, brand_id: str, style_ids: Iterable[str], *, now: datetime, **given: str
) -> dict[str, int]:
    """The same for a page without a session; `what` is `BUYERS` of just these styles."""
    wanted = sorted(set(style_ids))
    if any(_find(brand_id, one, now) is None for one in wanted):
        _keep(
            brand_id, wanted, {row[0]: row[1] for row in ask(what, brand_id=brand_id, **given)}, now
        )
    return {one: _find(brand_id, one, now) or 0 for one in wanted}


def _find(brand_id: str, style_id: str, now: datetime) -> int | None:
    counted_at, count = _kept.get((brand_id, style_id), (None, 0))
    is_fresh = counted_at is not None and now - COUNTED_FOR < counted_at <= now
    return count if is_fresh else None


def _keep(brand_id: str, style_ids: Iterable[str], buyers: dict[str, int], now: datetime) -> None:
    if len(_kept) >= _MOST_KEPT:
        _kept.clear()
    for style_id in style_ids:
        _kept[brand_id, style_id] = now, round_down(buyers.get(style_id, 0))
