"""How many different people bought each of some goods: as counted, and counting it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from retail.brands import queries as brands
from retail.catalogue import queries as catalogue
from retail.crowds.models import StyleCrowd
from retail.crowds.rules import LEAST_CROWD, round_down
from retail.receipts.kept import KEPT

EVERY = timedelta(minutes=5)

# A count that is older says nothing: whoever counts stands still.
TOLD_FOR = timedelta(hours=1)
# What was counted, by style; for other rooms to build on, with `told`.
COUNTED: Select[*tuple[Any, ...]] = select(
    StyleCrowd.style_id, StyleCrowd.people, StyleCrowd.counted_at
)

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


class Crowd(NamedTuple):
    """How many bought a style, as it may be told."""

    style_id: str
    people: int


def uncounted(session: Session, now: datetime) -> list[str]:
    """The brands whose last count is `EVERY` ago, or whose goods no crowd bought then."""
    newest = select(StyleCrowd.brand_id, func.max(StyleCrowd.counted_at))
    counted = {row[0]: row[1] for row in session.execute(newest.group_by(StyleCrowd.brand_id))}
    known = [brand.id for brand in brands.list_brands(session)]
    return [one for one in known if one not in counted or counted[one] <= now - EVERY]


def count_now(session: Session, brand_id: str) -> list[Crowd]:
    """The crowds of a brand, counted from its purchases: this reads all of them."""
    found = session.execute(_CROWDS.where(_goods.c.brand_id == brand_id))
    return [Crowd(style_id, round_down(people)) for style_id, people in found]


def crowds(session: Session, style_ids: Iterable[str], *, now: datetime) -> dict[str, int]:
    """How many bought each of these styles, rounded down; 0 for fewer than ten."""
    wanted = set(style_ids)
    rows = session.execute(COUNTED.where(StyleCrowd.style_id.in_(wanted))) if wanted else ()
    return dict.fromkeys(wanted, 0) | {row[0]: told(row[1], row[2], now) for row in rows}


def told(people: int | None, counted_at: datetime | None, now: datetime) -> int:
    """What may be told of a count, if there is one and it is of the last hour."""
    if people is None or counted_at is None or counted_at <= now - TOLD_FOR:
        return 0
    return people
