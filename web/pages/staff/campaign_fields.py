"""How each field of a condition, a benefit or a limit is typed: made from the classes themselves.

A kind that is added to the library has a row in the editor from then on; its words may follow.
"""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from functools import cache
from typing import Any, get_type_hints

from flask_babel import lazy_gettext as _

from loyalty.baskets.rules import Scope
from loyalty.campaigns.benefits import BENEFITS
from loyalty.campaigns.conditions import CONDITIONS
from web.pages.staff.boxes import WALLETS, Spec

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
    "wallet": _("They go to"),
    "uses": _("Uses in all"),
    "uses_each": _("Uses for each member"),
    "budget_minor": _("Budget for discounts"),
    "budget_points": _("Budget of points"),
}


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


@cache
def _specs(part: Any) -> tuple[Spec, ...]:
    hints = get_type_hints(part)
    found: list[Spec] = []
    for each in fields(part):
        if hints[each.name] is Scope:
            names = ("includes", "excludes", "places")
            found += [_spec(f"{each.name}.{name}", "labels", None) for name in names]
        else:
            default = None if each.default is MISSING else each.default
            found.append(_spec(each.name, _control(each.name, hints[each.name]), default))
    return tuple(found)


def _spec(name: str, control: str, default: Any) -> Spec:
    label = LABELS.get(name, name.replace("_", " ").replace(".", " "))
    return Spec(name, control, label, default, WALLETS if control == "choice" else ())


def _control(name: str, hint: Any) -> str:
    if hint == frozenset[int]:
        return "days"
    if hint == frozenset[str]:
        return "labels"
    if name == "wallet":
        return "choice"
    if name.endswith("_minor"):
        return "money"
    if name.endswith("_minute"):
        return "clock"
    return "whole" if hint is int else "text"


def limit_specs() -> tuple[Spec, ...]:
    """The boxes of the limits."""
    controls = {"budget_minor": "money"}
    names = ("uses", "uses_each", "budget_minor", "budget_points")
    return tuple(_spec(name, controls.get(name, "whole"), None) for name in names)
