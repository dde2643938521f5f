"""How each field of the terms of points is typed, by the kind of rule; only those that count."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _

from loyalty.earning.rules import ACTIONS, KINDS, ROUNDINGS, Kind
from web.pages.staff.boxes import WALLETS, Spec

TITLES: Mapping[str, Any] = {
    "spend": _("Points for money spent"),
    "pieces": _("Points for each piece"),
    "multiplier": _("More of what the other rules give"),
    "first_purchase": _("Points for the first purchase"),
    "action": _("Points for something done"),
}
ACTION_WORDS: Mapping[str, Any] = {
    "outfit_laid_out": _("A look laid out"),
    "season_won": _("A season won"),
    "friend_purchase": _("A purchase after a look that was passed on"),
}
_ROUNDING_WORDS: Mapping[str, Any] = {
    "down": _("Down"),
    "half_up": _("To the nearest"),
    "up": _("Up"),
}
EXPIRIES: Sequence[tuple[str, Any, Any]] = (
    ("none", _("Never"), _("Points stay until they are spent. What is owed only grows.")),
    (
        "rolling",
        _("Each after its own days"),
        _("With 365 days, points of 3 May run out when 3 May of the next year is over."),
    ),
    (
        "calendar",
        _("With the year"),
        _("All points of a year run out together, so many days after its last day."),
    ),
    (
        "sliding",
        _("After so many quiet days"),
        _("Whoever earns or spends keeps everything. It holds for points had already, too."),
    ),
)
_EACH: Mapping[str, tuple[str, ...]] = {
    "spend": ("points", "per_minor", "rounding"),
    "pieces": ("points",),
    "multiplier": ("percent", "rounding"),
    "first_purchase": ("points",),
    "action": ("action", "points"),
}
_WHAT: Mapping[str, Spec] = {
    spec.name: spec
    for spec in (
        Spec("id", "text", _("Name, as reports show it")),
        Spec("wallet", "choice", _("Goes to"), "points", WALLETS),
        Spec("points", "whole", _("Points"), 1),
        Spec("per_minor", "money", _("For each")),
        Spec("percent", "whole", _("Per cent of them in all (200 doubles)"), 200),
        Spec(
            "rounding", "choice", _("Rounded"), "down", [(r, _ROUNDING_WORDS[r]) for r in ROUNDINGS]
        ),
        Spec("action", "choice", _("What"), ACTIONS[0], [(a, ACTION_WORDS[a]) for a in ACTIONS]),
    )
}
_SCOPE = (
    Spec("scope.includes", "labels", _("Of these goods")),
    Spec("scope.excludes", "labels", _("But not of these")),
    Spec("scope.places", "labels", _("Only in these stores")),
)
_WINDOW = (
    Spec("window.first_day", "date", _("First day")),
    Spec("window.last_day", "date", _("Last day")),
    Spec("window.from_time", "time", _("From")),
    Spec("window.until_time", "time", _("Until")),
    Spec("window.weekdays", "days", _("Days")),
)
_CAPS = (
    Spec("caps.per_receipt", "whole", _("A receipt")),
    Spec("caps.per_day", "whole", _("A day")),
    Spec("caps.per_period", "whole", _("In a period")),
    Spec("caps.period_days", "whole", _("Days in the period"), 30),
)
HEAD = (
    Spec("pending_days", "whole", _("Days that points wait after a purchase"), 30),
    Spec("expiry.days", "whole", _("Days until they run out")),
    Spec("warn_days", "whole", _("Days before that members are told"), 14),
)


def groups(kind: str) -> Sequence[tuple[Any, Sequence[Spec]]]:
    """The boxes of a kind of rule under their headings, the first of which has none."""
    if kind not in KINDS:
        return ()
    what = (None, [_WHAT[name] for name in ("id", *_EACH[kind], "wallet")])
    caps = (_("At most so many points for each member"), _CAPS)
    if kind == "action":
        return what, (caps[0], _CAPS[1:])
    return what, (_("For which goods, and where"), _SCOPE), (_("When"), _WINDOW), caps


def specs(kind: str) -> list[Spec]:
    """The boxes of a kind of rule; none for one that there is not."""
    return [spec for _heading, boxes in groups(kind) for spec in boxes]


def needed(kind: str) -> tuple[str, ...]:
    """The fields of a kind that are never empty."""
    return _EACH.get(kind, ())


def kinds() -> list[tuple[Kind, Any]]:
    """Every kind of rule that may be added."""
    return [(kind, TITLES[kind]) for kind in KINDS]
