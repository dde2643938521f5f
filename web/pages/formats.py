"""How money, numbers and instants read on a page, in the viewer's language and the shop's zone."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal, get_currency_precision
from flask import Blueprint
from flask_babel import gettext as _
from flask_babel import ngettext

from retail.receipts.qr import svg as qr_svg
from web.language import language
from web.pages.castings import cast
from web.pages.drawing import draw, garment, garment_address
from web.pages.mould import puts_off

formats = Blueprint("formats", __name__)


@formats.app_template_filter("money")
@puts_off
def money(amount_minor: int, currency: str, short: bool = False) -> str:
    """An amount as £189 where it is whole and `short`, as £189.00 otherwise."""
    return _money(amount_minor, currency, short, language())


@lru_cache(maxsize=4096)
def _money(amount_minor: int, currency: str, short: bool, locale: str) -> str:
    digits = get_currency_precision(currency)
    amount = amount_minor / 10**digits
    if short and amount_minor % 10**digits == 0:
        return str(format_currency(amount, currency, "¤#,##0", locale, currency_digits=False))
    return str(format_currency(amount, currency, locale=locale))


@formats.app_template_filter("plain_money")
def plain_money(amount_minor: int, currency: str) -> str:
    """An amount without its sign, as tills print it."""
    digits = get_currency_precision(currency)
    return f"{amount_minor / 10**digits:.{digits}f}"


@formats.app_template_filter("number")
@puts_off
def number(value: Any) -> str:
    """A whole or decimal number with its thousands set apart."""
    return _number(value, language())


@lru_cache(maxsize=4096)
def _number(value: Any, locale: str) -> str:
    return str(format_decimal(value, locale=locale))


@formats.app_template_filter("day")
def day(at: datetime, zone: str, pattern: str = "d MMMM") -> str:
    """The day of an instant as the shop's calendar has it: 21 November."""
    return str(format_date(at.astimezone(ZoneInfo(zone)).date(), pattern, language()))


@formats.app_template_filter("last_day")
def last_day(end: datetime, zone: str, pattern: str = "d MMMM y") -> str:
    """The last whole day before an end, as the shop's calendar has it: 31 December 2027."""
    return day(end - timedelta(seconds=1), zone, pattern)


@formats.app_template_filter("calendar_day")
def calendar_day(on: date, pattern: str = "d MMMM") -> str:
    """A day of some calendar, as 22 November."""
    return str(format_date(on, pattern, language()))


@formats.app_template_filter("clock_time")
@puts_off
def clock_time(at: datetime, zone: str) -> str:
    """The time of an instant on the shop's wall: 14:02."""
    return str(format_time(at.astimezone(ZoneInfo(zone)), "HH:mm", locale=language()))


@formats.app_template_filter("instant")
@puts_off
def instant(at: datetime) -> str:
    """An instant for machines, as RFC 3339 has it."""
    return at.isoformat()


@formats.app_template_filter("till_time")
def till_time(at: datetime, zone: str) -> str:
    """A receipt's date line: Sat 21 Nov 2026, 14:02."""
    return f"{day(at, zone, 'EEE d MMM y')}, {clock_time(at, zone)}"


@formats.app_template_filter("left_of")
def left_of(ends_at: datetime, now: datetime) -> list[tuple[str, str]]:
    """What is left until an instant, as the two or three largest parts: 2 d, 5 h, 41 m."""
    seconds = max(0, int((ends_at - now).total_seconds()))
    days, rest = divmod(seconds, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, seconds = divmod(rest, 60)
    if days:
        return [(str(days), _("d")), (str(hours), _("h")), (f"{minutes:02}", _("m"))]
    if hours:
        return [(str(hours), _("h")), (f"{minutes:02}", _("m")), (f"{seconds:02}", _("s"))]
    return [(str(minutes), _("m")), (f"{seconds:02}", _("s"))]


@formats.app_template_filter("in_words")
def in_words(count: int) -> str:
    """A small number as a word at the beginning of a sentence: Six."""
    return _in_words(count, language())


@lru_cache(maxsize=256)
def _in_words(count: int, locale: str) -> str:
    words = [
        _("No"), _("One"), _("Two"), _("Three"), _("Four"), _("Five"), _("Six"), _("Seven"),
        _("Eight"), _("Nine"), _("Ten"), _("Eleven"), _("Twelve"),
    ]  # fmt: skip
    return words[count] if 0 <= count < len(words) else _number(count, locale)


@formats.app_template_filter("people")
def people(count: int) -> str:
    """A number of people in words: 1 person, 12 people."""
    return str(ngettext("%(num)s person", "%(num)s people", count))


@formats.app_template_filter("prize")
def prize(won: Any) -> str:
    """What a place wins: £150 voucher, 500 points, 20% off."""
    if won.kind == "points":
        points = _number(won.value, language())
        return str(ngettext("%(points)s point", "%(points)s points", won.value, points=points))
    if won.kind == "voucher":
        return str(_("%(worth)s voucher", worth=money(won.value, won.currency, short=True)))
    return str(won.title)


@formats.app_template_filter("grouped")
def grouped(code: str, size: int = 5) -> str:
    """A code in groups that can be read out: 7K2M9-Q8BXV."""
    return "-".join(code[start : start + size] for start in range(0, len(code), size))


formats.add_app_template_filter(cast, "cast")
formats.add_app_template_filter(garment, "garment")
# Macros in imported templates see globals alone, so these are globals.
formats.add_app_template_global(draw, "draw")
formats.add_app_template_global(garment_address, "garment_address")
formats.add_app_template_global(qr_svg, "qr_svg")
