"""The board of stylists as a file."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask_babel import gettext as _

from retail.catalogue import sheets
from retail.influence.measured import Lifted
from retail.influence.periods import Window
from retail.influence.ranking import Placed
from retail.influence.views import InfluenceBoard, Influencer, StylistCost

COLUMNS = (
    *("stylist", "likes", "likes_that_went_further", "share"),
    *("currency", "attributed_sales_minor", "lift", "lift_low_95", "lift_high_95"),
    *("extra_sales_minor", "extra_low_95_minor", "extra_high_95_minor"),
    *("vouchers_minor", "points", "gifts_minor", "gifts_without_value", "cost_minor"),
    *("return_on_cost", "first_on", "last_on", "window_days"),
)


def as_csv(board: InfluenceBoard, rows: Sequence[Placed]) -> str:
    """Every row for spreadsheets, in the order given; no cell is a formula."""
    return sheets.write([*map(_, COLUMNS)], (list(_cells(board, row.of)) for row in rows))


def _cells(board: InfluenceBoard, row: Influencer) -> Iterator[str]:
    yield row.name
    yield from map(_told, (row.likes, row.engaged, _share(row.share)))
    yield board.currency
    yield _told(row.sales_minor)
    yield from _lift_cells(row.lift)
    cost = row.cost
    yield from map(_told, _cost_cells(cost) if cost else [None] * 5)
    yield _told(row.return_on_cost)
    yield from (str(board.period.first_on), str(board.period.last_on))
    yield "; ".join(_window(one, board) for one in board.windows)


def _cost_cells(cost: StylistCost) -> tuple[int | None, ...]:
    vouchers, points, gifts = cost.vouchers_minor, cost.points, cost.gifts_minor
    return vouchers, points, gifts, cost.gifts_without_value, cost.minor


def _window(one: Window, board: InfluenceBoard) -> str:
    """The days of a window, with the month that it began in where the period has others."""
    return str(one.days) if len(board.windows) == 1 else f"{one.days} ({one.since:%Y-%m})"


def _lift_cells(lift: Lifted | None) -> Iterator[str]:
    if lift is None:
        yield from [_("not measured")] * 6
        return
    yield from map(_told, map(_share, (lift.relative, lift.relative_low, lift.relative_high)))
    yield from map(_told, (lift.extra_minor, lift.extra_low_minor, lift.extra_high_minor))


def _share(share: float | None) -> str | None:
    return None if share is None else f"{share:.4f}"


def _told(one: Any) -> str:
    return _("not shown") if one is None else str(one)
