"""The form of the terms of points: what was typed, as it stands, and the document it makes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from core.errors import Invalid
from loyalty.earning.rules import KINDS, Terms
from loyalty.earning.terms import read_terms, write_terms
from web.pages.staff import terms_fields as fields
from web.pages.staff.boxes import Box, Reading, Spec, Texts, Wrong, box, text_of

_FIELD = re.compile(r"rules\.(\d{1,3})\.(.+)")
_DEED = re.compile(r"(?:(add):rules|(remove):rules\.(\d{1,3}))")
_DAYS = "window.weekdays"


@dataclass
class Typed:
    """What is typed of terms, right or wrong; a rule has its `kind` among its boxes."""

    head: Texts
    rules: list[Texts]


@dataclass(frozen=True)
class Group:
    """Boxes under a heading, which fold away unless something was typed in them, or is wrong."""

    heading: Any
    boxes: Sequence[Box]
    is_open: bool


@dataclass(frozen=True)
class Row:
    """A rule to draw, its boxes in groups; `wrong` is what no box shows."""

    path: str
    kind: str
    title: Any
    groups: Sequence[Group]
    wrong: Sequence[str]


def typed_form(form: MultiDict[str, str]) -> Typed:
    """What was sent; rules are numbered anew, in their order."""
    rules: dict[int, Texts] = {}
    head: Texts = {}
    for name, texts in form.lists():
        if found := _FIELD.fullmatch(name):
            rules.setdefault(int(found[1]), {})[found[2]] = texts
        else:
            head[name] = texts
    return Typed(head, [rules[number] for number in sorted(rules)])


def typed_terms(terms: Terms) -> Typed:
    """Terms as they would be typed; fields that count for nothing are left out."""
    told = write_terms(terms)
    head = {spec.name: text_of(spec.control, _at(told, spec.name), "") for spec in fields.HEAD}
    if terms.expiry.kind == "none":
        head["expiry.days"] = []
    head |= {"currency": [terms.currency], "expiry.kind": [terms.expiry.kind]}
    return Typed(head, [_typed_rule(rule, terms.currency) for rule in told["rules"]])


def beginning(currency: str) -> Typed:
    """What stands in the form of a brand without terms: a point for each unit of its money."""
    rules = [{"id": "spend-1", "kind": "spend", "points": 1, "per_minor": 100}]
    return typed_terms(read_terms({"currency": currency, "rules": rules}))


def do(typed: Typed, deed: str, new_kind: str) -> bool:
    """Add or remove a rule as a button says; whether it was such a button."""
    found = _DEED.fullmatch(deed)
    if not found:
        return False
    add, _remove, number = found.groups()
    if add and new_kind in KINDS:
        typed.rules.append(_new_rule(typed, new_kind))
    elif number is not None and int(number) < len(typed.rules):
        del typed.rules[int(number)]
    return True


def read(typed: Typed) -> Terms:
    """The terms that were typed. Raises Invalid, with every field that is wrong by its path."""
    wrong: dict[str, list[str]] = {}
    told = _told(typed, wrong)
    terms = None
    try:
        terms = read_terms(told)
    except Invalid as refused:
        wrong = {**refused.data["fields"], **wrong}
    if wrong or terms is None:
        raise Invalid("terms_unclear", _("Some fields need another look."), fields=wrong)
    return terms


def rows(typed: Typed, wrong: Wrong) -> list[Row]:
    """The rules, to draw."""
    found = []
    for number, rule in enumerate(typed.rules):
        path, kind = f"rules.{number}", _kind(rule)
        groups = [
            _group(heading, [(spec, box(path, spec, rule, wrong)) for spec in specs])
            for heading, specs in fields.groups(kind)
        ]
        title = fields.TITLES.get(kind, kind)
        found.append(Row(path, kind, title, groups, wrong.get(f"{path}.kind", ())))
    return found


def head_boxes(typed: Typed, wrong: Wrong) -> dict[str, Box]:
    """The boxes of the whole, to draw, by name."""
    return {spec.name: box("", spec, typed.head, wrong) for spec in fields.HEAD}


def _group(heading: Any, boxes: Sequence[tuple[Spec, Box]]) -> Group:
    is_open = any(
        one.wrong or [text for text in one.texts if text.strip() not in ("", str(spec.default))]
        for spec, one in boxes
    )
    return Group(heading, [one for _spec, one in boxes], is_open)


def _told(typed: Typed, wrong: dict[str, list[str]]) -> dict[str, Any]:
    head = typed.head
    currency = (head.get("currency") or [""])[0]
    reading = Reading(currency if len(currency) == 3 else "GBP", wrong)
    told = dict.fromkeys(("pending_days", "warn_days")) | reading.part("", fields.HEAD, head)
    kind = (head.get("expiry.kind") or ["none"])[0]
    days = {} if kind == "none" else told.get("expiry", {})
    rules = [_told_rule(number, rule, reading) for number, rule in enumerate(typed.rules)]
    return told | {"currency": currency, "rules": rules, "expiry": {"kind": kind} | days}


def _told_rule(number: int, rule: Texts, reading: Reading) -> dict[str, Any]:
    kind = _kind(rule)
    told = dict.fromkeys(fields.needed(kind)) | {"kind": kind}
    told |= reading.part(f"rules.{number}", fields.specs(kind), rule)
    if days := told.get("window", {}).get("weekdays"):
        # A form counts days from Monday = 1, as ISO 8601 does; the document from 0.
        told["window"]["weekdays"] = [day - 1 for day in days]
    return told


def _typed_rule(told: dict[str, Any], currency: str) -> Texts:
    texts = {"kind": [str(told["kind"])]}
    for spec in fields.specs(told["kind"]):
        texts[spec.name] = text_of(spec.control, _at(told, spec.name), currency)
        if spec.control == "time":
            texts[spec.name] = [text.removesuffix(":00") for text in texts[spec.name] if text]
    texts[_DAYS] = [str(int(day) + 1) for day in texts.get(_DAYS, [])]
    return texts


def _new_rule(typed: Typed, kind: str) -> Texts:
    taken = {name for rule in typed.rules for name in rule.get("id", [])}
    prefix = kind.replace("_", "-")
    names = (f"{prefix}-{number}" for number in range(1, len(taken) + 2))
    texts = {"kind": [kind], "id": [next(name for name in names if name not in taken)]}
    for spec in fields.specs(kind):
        if spec.default is not None:
            texts[spec.name] = [str(spec.default)]
    return texts


def _kind(rule: Texts) -> str:
    return (rule.get("kind") or [""])[0]


def _at(told: dict[str, Any], name: str) -> Any:
    outer, _dot, inner = name.partition(".")
    return told[outer][inner] if inner else told[outer]
