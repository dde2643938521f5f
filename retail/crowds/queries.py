"""How many different people bought each of some goods, one statement for all goods of a page."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from retail.crowds.models import StyleCrowd

# A count that is older says nothing: whoever counts stands still.
TOLD_FOR = timedelta(hours=1)
# What was counted, by style; for other rooms to build on, with `told`.
COUNTED: Select[*tuple[Any, ...]] = select(
    StyleCrowd.style_id, StyleCrowd.people, StyleCrowd.counted_at
)


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
