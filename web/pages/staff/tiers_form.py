"""The form of a ladder of tiers: what was typed, as it stands, and the ladder that it makes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict

from core.errors import Invalid
from loyalty.tiers.rules import CODE_LENGTH, MOST_TIERS, Ladder, Tier, check_ladder
from web.pages.staff.boxes import Box, Reading, Spec, Texts, Wrong, box, text_of

_FIELD = re.compile(r"tiers\.(\d{1,3})\.(.+)")
_DEED = re.compile(r"(?:(add):tiers|(remove):tiers\.(\d{1,3}))")
_TIER = (
    Spec("name", "text", lazy_gettext("Name")),
    Spec("at", "whole", lazy_gettext("From how many credits")),
    Spec("code", "text", lazy_gettext("Code for campaigns")),
)
_HEAD = (
    Spec("period_days", "whole", lazy_gettext("Days in the period")),
    Spec("grace_days", "whole", lazy_gettext("Days of grace after it")),
)
BASES: Sequence[tuple[str, Any, Any]] = (
    (
        "earned",
        lazy_gettext("Credits earned in a period"),
        lazy_gettext("A tier that is reached holds until the period is over, and the grace."),
    ),
    (
        "balance",
        lazy_gettext("Credits that somebody has now"),
        lazy_gettext("A tier is left as soon as they are too few; nothing holds longer."),
    ),
)
PERIODS: Sequence[tuple[str, Any, Any]] = (
    ("year", lazy_gettext("The calendar year"), lazy_gettext("Everybody begins anew in January.")),
    (
        "days",
        lazy_gettext("So many days back"),
        lazy_gettext("Each credit counts for as long, from when it was earned."),
    ),
)
DROPS: Sequence[tuple[str, Any, Any]] = (
    (
        "to_earned",
        lazy_gettext("To what was earned"),
        lazy_gettext("Somebody who earned nothing falls from the top to the foot."),
    ),
    (
        "one_step",
        lazy_gettext("One step at a time"),
        lazy_gettext("Each step holds for another period before the next."),
    ),
)
_HEAD_CHOICES: Mapping[str, Sequence[tuple[str, Any, Any]]] = {
    "basis": BASES,
    "period": PERIODS,
    "drop": DROPS,
}


@dataclass
class Typed:
    """What is typed of a ladder, right or wrong."""

    head: Texts
    tiers: list[Texts]

    def chosen(self, name: str) -> str:
        """Which card of a group is chosen: the first unless another is."""
        choices = [value for value, _title, _text in _HEAD_CHOICES[name]]
        asked = (self.head.get(name) or [""])[0]
        return asked if asked in choices else choices[0]


def typed_form(form: MultiDict[str, str]) -> Typed:
    """What was sent; tiers are numbered anew, in their order."""
    tiers: dict[int, Texts] = {}
    head: Texts = {}
    for name, texts in form.lists():
        if found := _FIELD.fullmatch(name):
            tiers.setdefault(int(found[1]), {})[found[2]] = texts
        else:
            head[name] = texts
    return Typed(head, [tiers[number] for number in sorted(tiers)])


def typed_ladder(ladder: Ladder) -> Typed:
    """A ladder as it would be typed."""
    period = "year" if ladder.period_days is None else "days"
    head = {"basis": [ladder.basis], "period": [period], "drop": [ladder.drop]}
    for spec in _HEAD:
        head[spec.name] = text_of(spec.control, getattr(ladder, spec.name), "")
    tiers = [
        {spec.name: text_of(spec.control, getattr(tier, spec.name), "") for spec in _TIER}
        for tier in ladder.tiers
    ]
    return Typed(head, tiers)


def beginning() -> Typed:
    """What stands in the form of a brand without tiers: a foot, and one step above it to fill."""
    return Typed({"grace_days": ["90"]}, [{"name": [_("Member")], "at": ["0"]}, {}])


def do(typed: Typed, deed: str) -> bool:
    """Add or remove a tier as a button says; whether it was such a button."""
    found = _DEED.fullmatch(deed)
    if not found:
        return False
    add, _remove, number = found.groups()
    if add and len(typed.tiers) < MOST_TIERS:
        typed.tiers.append({})
    elif number is not None and int(number) < len(typed.tiers):
        del typed.tiers[int(number)]
    return True


def read(typed: Typed, *, zone: str) -> Ladder:
    """The ladder that was typed. Raises Invalid, with every field that is wrong by its path."""
    wrong: dict[str, list[str]] = {}
    reading = Reading("", wrong)
    told = {spec.name: None for spec in _HEAD} | reading.part("", _HEAD, typed.head)
    is_by_days = typed.chosen("period") == "days"
    if is_by_days and told["period_days"] is None:
        wrong.setdefault("period_days", [_("Say how many days.")])
    ladder = Ladder(
        tiers=_tiers(typed, reading),
        basis=typed.chosen("basis"),  # type: ignore[arg-type]
        zone=zone,
        period_days=told["period_days"] if is_by_days else None,
        grace_days=told["grace_days"] or 0,
        drop=typed.chosen("drop"),  # type: ignore[arg-type]
    )
    try:
        check_ladder(ladder)
    except Invalid as refused:
        wrong = {**refused.data["fields"], **wrong}
    if wrong:
        raise Invalid("ladder_unclear", _("Some fields need another look."), fields=wrong)
    return ladder


def rows(typed: Typed, wrong: Wrong) -> list[tuple[str, list[Box]]]:
    """The boxes of each tier under its path, to draw."""
    paths = [f"tiers.{number}" for number in range(len(typed.tiers))]
    return [
        (path, [box(path, spec, tier, wrong) for spec in _TIER])
        for path, tier in zip(paths, typed.tiers, strict=True)
    ]


def head_boxes(typed: Typed, wrong: Wrong) -> dict[str, Box]:
    """The boxes of the whole, to draw, by name."""
    return {spec.name: box("", spec, typed.head, wrong) for spec in _HEAD}


def _tiers(typed: Typed, reading: Reading) -> tuple[Tier, ...]:
    found: list[Tier] = []
    for number, tier in enumerate(typed.tiers):
        path = f"tiers.{number}"
        told = reading.part(path, _TIER, tier)
        name, at = told.get("name", ""), told.get("at")
        if at is None:
            reading.wrong.setdefault(f"{path}.at", [_("Say from how many credits.")])
            # Any number that is above the last: what is wrong is said already.
            at = found[-1].at + 1 if found else 0
        found.append(Tier(told.get("code") or code_of(name), name, at))
    return tuple(found)


def code_of(name: str) -> str:
    """The code of a tier that was given none: its name in small letters, without spaces."""
    return re.sub(r"\W+", "_", name.strip().lower()).strip("_")[:CODE_LENGTH]
