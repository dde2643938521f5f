"""The calendar months that marketers may ask for, each as an instant that lies in it anywhere."""

from datetime import UTC, date, datetime, time

from core.errors import NotFound

MONTHS_SHOWN = 6


def months(today: date) -> list[datetime]:
    """This month and those before it; at noon, each lies in its month by every zone's clock."""
    found = [datetime.combine(today.replace(day=1), time(12), UTC)]
    while len(found) < MONTHS_SHOWN:
        found.append(shifted(found[-1], -1))
    return found


def shifted(month: datetime, by: int) -> datetime:
    """The month that is so many later."""
    number = month.year * 12 + month.month - 1 + by
    return month.replace(year=number // 12, month=number % 12 + 1)


def chosen(told: str | None, among: list[datetime], *, default: int = 0) -> datetime:
    """The month asked for as 2026-11, or one of them where none is. Raises NotFound."""
    if not told:
        return among[default]
    found = next((one for one in among if f"{one:%Y-%m}" == told), None)
    if found is None:
        raise NotFound("month_not_found", "We don’t keep this month at hand.")
    return found
