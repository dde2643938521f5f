"""The order of stylists on their board. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from retail.influence.views import Influencer

SORTS = ("lift", "sales", "likes", "engaged")


@dataclass(frozen=True)
class Placed:
    """A stylist with a place by what was asked for, which is None for who has no such number."""

    rank: int | None
    of: Influencer


def ranked(rows: Sequence[Influencer], by: str) -> list[Placed]:
    """The rows, most first; where the number is held back, by the others, at the end."""
    order = sorted(rows, key=lambda row: _key(row, by))
    return [
        Placed(rank if _number(row, by) is not None else None, row)
        for rank, row in enumerate(order, start=1)
    ]


def _number(row: Influencer, by: str) -> float | None:
    if by == "lift":
        return row.lift.relative if row.lift else None
    return {"sales": row.sales_minor, "likes": row.likes, "engaged": row.engaged}[by]


def _key(row: Influencer, by: str) -> tuple[float | str, ...]:
    order = dict.fromkeys((by, "sales", "likes", "engaged"))
    numbers = [_number(row, one) for one in order]
    return *(float("inf") if one is None else -one for one in numbers), row.name, row.stylist_id
