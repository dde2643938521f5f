"""The editor's form: what was typed, as it stands, and the file that it makes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from core.errors import Invalid
from loyalty.campaigns.definition import FORMAT, Definition, read_campaign, tell_campaign
from web.pages.staff.boxes import Box, Reading, Texts, Wrong, box, text_of
from web.pages.staff.campaign_fields import SORTS, kinds, limit_specs, specs, title

_PART = re.compile(r"rules\.(\d{1,3})\.(conditions|benefits)\.(\d{1,3})\.(.+)")
_RULE = re.compile(r"rules\.(\d{1,3})\.here")
_DEED = re.compile(
    r"(add|remove):rules(?:\.(\d{1,3})(?:\.(conditions|benefits)(?:\.(\d{1,3}))?)?)?"
)
_SWITCHES = ("is_exclusive", "is_announced")
_YEARS = range(2000, 2101)


@dataclass
class Rule:
    """What is typed of one rule: the boxes of each condition and each benefit."""

    conditions: list[Texts] = field(default_factory=list)
    benefits: list[Texts] = field(default_factory=list)


@dataclass
class Typed:
    """What is typed of a campaign, right or wrong."""

    head: dict[str, str]
    limits: Texts
    rules: list[Rule]


@dataclass(frozen=True)
class Planned:
    """A campaign that was typed without a fault."""

    definition: Definition
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True)
class Row:
    """A condition or a benefit to draw."""

    path: str
    kind: str
    title: Any
    boxes: Sequence[Box]
    wrong: Sequence[str]


def typed_form(form: Mapping[str, Any]) -> Typed:
    """What was sent; rows are numbered anew, in their order."""
    lists: Texts = {name: list(form.getlist(name)) for name in form}  # type: ignore[attr-defined]
    rules: dict[int, dict[str, dict[int, Texts]]] = {}
    for name, texts in lists.items():
        if found := _RULE.fullmatch(name):
            rules.setdefault(int(found[1]), {})
        elif found := _PART.fullmatch(name):
            sort = rules.setdefault(int(found[1]), {}).setdefault(found[2], {})
            sort.setdefault(int(found[3]), {})[found[4]] = texts
    head = {name: texts[0] for name, texts in lists.items() if "." not in name}
    limits = {spec.name: lists.get(f"limits.{spec.name}", []) for spec in limit_specs()}
    return Typed(head, limits, [_rule(rules[number]) for number in sorted(rules)])


def typed_definition(
    definition: Definition,
    starts_at: datetime,
    ends_at: datetime | None,
    *,
    zone: str,
    currency: str,
) -> Typed:
    """A campaign as it would be typed."""
    told = tell_campaign(definition)
    head = {
        "name": definition.name,
        "priority": str(definition.priority),
        "holdout": str(definition.holdout or ""),
        "starts_at": _wall(starts_at, zone),
        "ends_at": _wall(ends_at, zone) if ends_at else "",
    } | {name: "yes" for name in _SWITCHES if getattr(definition, name)}
    limits = {
        spec.name: text_of(spec.control, told["limits"].get(spec.name), currency)
        for spec in limit_specs()
    }
    rules = [
        Rule(
            *(
                [_typed_part(sort, part, currency) for part in rule[sort]]
                for sort in ("conditions", "benefits")
            )
        )
        for rule in told["rules"]
    ]
    return Typed(head, limits, rules)


def do(typed: Typed, deed: str, form: Mapping[str, str]) -> bool:
    """Add or remove a rule or a row as a button says; whether it was such a button."""
    found = _DEED.fullmatch(deed)
    if not found:
        return False
    what, number, sort, place = found.groups()
    if number is None:
        typed.rules.append(Rule())
    elif int(number) < len(typed.rules):
        rule = typed.rules[int(number)]
        if sort is None:
            typed.rules.remove(rule)
        elif what == "add":
            kind = form.get(f"new.rules.{number}.{sort}", "")
            if kind in SORTS[sort].kinds:
                getattr(rule, sort).append({"kind": [kind]} | _defaults(sort, kind))
        elif place is not None and int(place) < len(getattr(rule, sort)):
            del getattr(rule, sort)[int(place)]
    return True


def planned(typed: Typed, *, zone: str, currency: str) -> Planned:
    """The campaign that was typed. Raises Invalid, with every field that is wrong by its path."""
    wrong: dict[str, list[str]] = {}
    told = _told(typed, currency, wrong)
    starts_at = _instant(typed, "starts_at", zone, wrong)
    ends_at = _instant(typed, "ends_at", zone, wrong)
    if starts_at is None and "starts_at" not in wrong:
        wrong["starts_at"] = [_("Say when it starts.")]
    definition = None
    try:
        definition = read_campaign(told)
    except Invalid as refused:
        wrong = {**refused.data["fields"], **wrong}
    if wrong or definition is None or starts_at is None:
        raise Invalid("campaign_unclear", _("Some fields need another look."), fields=wrong)
    return Planned(definition, starts_at, ends_at)


def rows(typed: Typed, number: int, sort: str, wrong: Wrong) -> list[Row]:
    """The conditions or the benefits of a rule, to draw."""
    found = []
    for place, part in enumerate(getattr(typed.rules[number], sort)):
        path, kind = f"rules.{number}.{sort}.{place}", part.get("kind", [""])[0]
        boxes = [box(path, spec, part, wrong) for spec in specs(sort, kind)]
        said = (*wrong.get(f"{path}.kind", ()), *wrong.get(f"{path}.scope", ()))
        found.append(Row(path, kind, title(kind), boxes, said))
    return found


def limit_boxes(typed: Typed, wrong: Wrong) -> list[Box]:
    """The limits, to draw."""
    return [box("limits", spec, typed.limits, wrong) for spec in limit_specs()]


def new_kinds(sort: str) -> list[tuple[str, Any]]:
    """What may be added to a rule."""
    return kinds(sort)


def _rule(sorts: dict[str, dict[int, Texts]]) -> Rule:
    conditions, benefits = (
        [parts[place] for place in sorted(parts)]
        for parts in (sorts.get("conditions", {}), sorts.get("benefits", {}))
    )
    return Rule(conditions, benefits)


def _typed_part(sort: str, told: dict[str, Any], currency: str) -> Texts:
    texts = {"kind": [str(told["kind"])]}
    for spec in specs(sort, told["kind"]):
        outer, _dot, inner = spec.name.partition(".")
        value = told[outer].get(inner) if inner else told[outer]
        is_default = spec.default is not None and value == spec.default
        shown = None if is_default and spec.control == "money" else value
        texts[spec.name] = text_of(spec.control, shown, currency)
    return texts


def _defaults(sort: str, kind: str) -> Texts:
    return {
        spec.name: [str(spec.default)]
        for spec in specs(sort, kind)
        if spec.default is not None and spec.control in ("whole", "text")
    }


def _told(typed: Typed, currency: str, wrong: dict[str, list[str]]) -> dict[str, Any]:
    read = Reading(currency, wrong)
    return {
        "format": FORMAT,
        "name": typed.head.get("name", ""),
        "priority": read.value("priority", "whole", [typed.head.get("priority", "")]) or 0,
        "holdout": read.value("holdout", "whole", [typed.head.get("holdout", "")]) or 0,
        **{name: name in typed.head for name in _SWITCHES},
        "limits": read.part("limits", limit_specs(), typed.limits),
        "rules": [
            {
                sort: [
                    {"kind": part.get("kind", [""])[0]}
                    | read.part(
                        f"rules.{number}.{sort}.{place}",
                        specs(sort, part.get("kind", [""])[0]),
                        part,
                    )
                    for place, part in enumerate(getattr(rule, sort))
                ]
                for sort in SORTS
            }
            for number, rule in enumerate(typed.rules)
        ],
    }


def _instant(typed: Typed, name: str, zone: str, wrong: dict[str, list[str]]) -> datetime | None:
    text = typed.head.get(name, "").strip()
    try:
        at = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)) if text else None
        if at is not None and at.year not in _YEARS:
            raise ValueError
        return at
    except ValueError:
        wrong[name] = [_("Write a day and a time.")]
        return None


def _wall(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}"
