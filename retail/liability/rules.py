"""Months in which points and vouchers end, and what may be told of each. Pure.

What is owed is the company's own account, so sums are always whole: a month of few people is not
left out but told together with the one before or after it. So no sum is about fewer than
`FEWEST_PEOPLE`, and every total is the ledger's.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import ROUND_HALF_EVEN, Decimal
from zoneinfo import ZoneInfo

from loyalty.vouchers.outstanding import Outstanding
from loyalty.vouchers.terms import Terms

FEWEST_PEOPLE = 10
MONTHS = 24
MOST_WORTH = 1_000


@dataclass(frozen=True)
class Months:
    """Some months one after another, by their first days; `last` is the first day of the last.

    `is_overdue` has what should have ended by now, `is_later` what ends after `MONTHS` months,
    `is_endless` what never does.
    """

    first: date | None
    last: date | None
    is_overdue: bool
    is_later: bool
    is_endless: bool


@dataclass(frozen=True)
class Cell:
    """A month's sum and how many people stand behind it."""

    number: int
    people: int


def month_ends(now: datetime, zone: str) -> tuple[list[date], list[datetime]]:
    """The months from this one on, and the ends of spans: now, then of each of these months.

    What ends as a month does, at its last midnight, ends in that month.
    """
    place = ZoneInfo(zone)
    month = now.astimezone(place).date().replace(day=1)
    months = [_later(month, by) for by in range(MONTHS + 1)]
    ends = [datetime.combine(one, time(), place) for one in months[1:]]
    return months[:-1], [now, *ends]


def grouped(cells: Iterable[Cell]) -> list[list[int]]:
    """Numbers of spans to be told together, so that at least so many people stand behind each.

    Ascending cells join until one of a group is of enough people, for those of two months may be
    the same; what is left at the end joins the group before. A cell of nobody is nobody's.
    """
    groups: list[list[int]] = []
    waiting: list[int] = []
    for cell in cells:
        waiting.append(cell.number)
        if cell.people >= FEWEST_PEOPLE or (cell.people == 0 and len(waiting) == 1):
            groups.append(waiting)
            waiting = []
    if waiting and groups:
        groups[-1] += waiting
    elif waiting:
        groups.append(waiting)
    return groups


def span_of(numbers: Sequence[int], months: Sequence[date]) -> Months:
    """What the numbers of spans are: 0 is overdue, then each month, later, and without an end."""
    named = [number for number in numbers if 0 < number <= len(months)]
    return Months(
        months[named[0] - 1] if named else None,
        months[named[-1] - 1] if named else None,
        is_overdue=0 in numbers,
        is_later=len(months) + 1 in numbers,
        is_endless=len(months) + 2 in numbers,
    )


def told(number: int, people: int) -> int | None:
    """A sum that stands alone, or None where too few people stand behind it."""
    return None if 0 < people < FEWEST_PEOPLE else number


def worths(points: Sequence[int], hundred: Decimal, digits: int) -> list[int]:
    """What each of some sums of points is worth, in minor units that sum to what all are worth.

    `hundred` is what a hundred points are worth in the currency's own units.
    """
    each = hundred.scaleb(digits) / 100
    sums, before, found = 0, 0, []
    for one in points:
        sums += one
        after = int((sums * each).to_integral_value(ROUND_HALF_EVEN))
        found.append(after - before)
        before = after
    return found


def most_of(rows: Sequence[Outstanding], left: Callable[[str], int | None]) -> list[int | None]:
    """The most that each row of vouchers can take off, None where nothing bounds it.

    `left` tells what a campaign may still give, None without a limit. Rows are ascending by when
    they end: of a campaign's budget the first to end take theirs first.
    """
    budgets: dict[str, int] = {}
    found: list[int | None] = []
    for row in rows:
        most, campaign = _most(row.terms, row.uses, row.vouchers), row.terms.campaign_id
        limit = left(campaign) if campaign else None
        if campaign and limit is not None and row.terms.kind != "gift":
            rest = budgets.get(campaign, max(0, limit))
            most = rest if most is None else min(most, rest)
            budgets[campaign] = rest - most
        found.append(most)
    return found


def _most(terms: Terms, uses: int | None, vouchers: int) -> int | None:
    caps = [terms.most_minor, terms.value if terms.kind == "amount" else None]
    known = [cap for cap in caps if cap is not None]
    return min(known) * uses if known and uses is not None and vouchers else None


def _later(month: date, by: int) -> date:
    number = month.year * 12 + month.month - 1 + by
    return date(number // 12, number % 12 + 1, 1)
