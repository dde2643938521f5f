"""How each field of a condition, a benefit or a limit is typed: made from the classes themselves.

A kind that is added to the library has a row in the editor from then on; its words may follow.
"""

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from decimal import Decimal
from functools import cache
from typing import Any, get_type_hints

from babel.numbers import get_currency_precision
from flask_babel import lazy_gettext as _

from loyalty.baskets.rules import Scope
from loyalty.campaigns.benefits import BENEFITS
from loyalty.campaigns.conditions import CONDITIONS
from web.pages.amounts import read_minor, read_whole

SORTS = {"conditions": CONDITIONS, "benefits": BENEFITS}
TITLES: Mapping[str, Any] = {
    "basket_total": _("The basket comes to at least"),
    "contains": _("It contains"),
    "place": _("In one of these stores"),
    "hours": _("At these hours"),
    "weekdays": _("On these days"),
    "buyer": _("A member buys, of any tier or such as tier:gold"),
    "purchase_number": _("It is their purchase number"),
    "percent_off": _("Per cent off"),
    "amount_off": _("An amount off"),
    "cheapest_free": _("The cheapest free"),
    "points": _("Points"),
    "points_per_unit": _("Points for each pound or euro"),
    "voucher": _("A voucher"),
}
LABELS: Mapping[str, Any] = {
    "at_least_minor": _("At least"),
    "scope.includes": _("Of these goods"),
    "scope.excludes": _("But not of these"),
    "scope.places": _("Only in these stores"),
    "at_least": _("At least"),
    "at_most": _("At most"),
    "labels": _("Any of"),
    "from_minute": _("From"),
    "until_minute": _("Until"),
    "days": _("Days"),
    "per_cent": _("Per cent"),
    "at_most_minor": _("At most this much"),
    "amount_minor": _("Amount"),
    "of_pieces": _("Out of how many pieces"),
    "points": _("Points"),
    "minor_per_unit": _("Pence in a pound, cents in a euro"),
    "terms": _("Its terms, by name"),
    "uses": _("Uses in all"),
    "uses_each": _("Uses for each member"),
    "budget_minor": _("Budget for discounts"),
    "budget_points": _("Budget of points"),
}
DAYS: Sequence[tuple[str, Any]] = (
    *(("1", _("Mon")), ("2", _("Tue")), ("3", _("Wed")), ("4", _("Thu"))),
    *(("5", _("Fri")), ("6", _("Sat")), ("7", _("Sun"))),
)
_WRONG: Mapping[str, Any] = {
    "money": _("Write an amount, such as 5.00."),
    "whole": _("Write a whole number."),
    "clock": _("Write a time, such as 17:30."),
}


@dataclass(frozen=True)
class Spec:
    """One box: what it is called in a file, and as what it is typed."""

    name: str
    control: str
    default: Any

    @property
    def label(self) -> Any:
        """What stands beside it."""
        return LABELS.get(self.name, self.name.replace("_", " ").replace(".", " "))


@cache
def specs(sort: str, kind: str) -> tuple[Spec, ...]:
    """The boxes of a kind; none for one that there is not."""
    part = SORTS[sort].kinds.get(kind)
    return _specs(part) if part else ()


def title(kind: str) -> Any:
    """What a kind is called."""
    return TITLES.get(kind, kind.replace("_", " "))


def kinds(sort: str) -> list[tuple[str, Any]]:
    """Every kind that may be added."""
    return [(kind, title(kind)) for kind in SORTS[sort].kinds]


def text_of(control: str, value: Any, currency: str) -> list[str]:
    """What is in a box for a value of a file."""
    if value is None:
        return []
    if control == "money":
        digits = get_currency_precision(currency)
        return [f"{Decimal(value).scaleb(-digits):.{digits}f}"]
    if control == "clock":
        return [f"{value // 60 % 24:02}:{value % 60:02}"]
    if control == "days":
        return [str(day) for day in value]
    return [", ".join(value) if control == "labels" else str(value)]


def value_of(control: str, texts: Sequence[str], currency: str) -> Any:
    """What a file says of what is in a box, None for an empty one. Raises ValueError with why."""
    typed = [text.strip() for text in texts if text.strip()]
    if not typed:
        return None
    if control == "days":
        return [int(day) for day in typed if day in "1234567"]
    if control == "labels":
        return [label.strip() for text in typed for label in text.split(",") if label.strip()]
    try:
        return _single(control, typed[0], currency)
    except ValueError:
        raise ValueError(str(_WRONG[control])) from None


def _single(control: str, text: str, currency: str) -> Any:
    if control == "money":
        return read_minor(text, currency)
    if control == "clock":
        hours, minutes = text.split(":")
        return int(hours) * 60 + int(minutes)
    return read_whole(text) if control == "whole" else text


@cache
def _specs(part: Any) -> tuple[Spec, ...]:
    hints = get_type_hints(part)
    found: list[Spec] = []
    for each in fields(part):
        if hints[each.name] is Scope:
            names = ("includes", "excludes", "places")
            found += [Spec(f"{each.name}.{name}", "labels", None) for name in names]
        else:
            default = None if each.default is MISSING else each.default
            found.append(Spec(each.name, _control(each.name, hints[each.name]), default))
    return tuple(found)


def _control(name: str, hint: Any) -> str:
    if hint == frozenset[int]:
        return "days"
    if hint == frozenset[str]:
        return "labels"
    if name.endswith("_minor"):
        return "money"
    if name.endswith("_minute"):
        return "clock"
    return "whole" if hint is int else "text"


def limit_specs() -> tuple[Spec, ...]:
    """The boxes of the limits."""
    controls = {"budget_minor": "money"}
    names = ("uses", "uses_each", "budget_minor", "budget_points")
    return tuple(Spec(name, controls.get(name, "whole"), None) for name in names)
