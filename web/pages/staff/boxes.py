"""The boxes of an editor's form: as what each is typed, what is in it, and the value it makes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision
from flask_babel import lazy_gettext as _

from web.pages.amounts import read_minor, read_whole

Texts = dict[str, list[str]]
Wrong = Mapping[str, Sequence[str]]
DAYS: Sequence[tuple[str, Any]] = (
    *(("1", _("Mon")), ("2", _("Tue")), ("3", _("Wed")), ("4", _("Thu"))),
    *(("5", _("Fri")), ("6", _("Sat")), ("7", _("Sun"))),
)
WALLETS: Sequence[tuple[str, Any]] = (
    ("points", _("Points, to spend")),
    ("credits", _("Credits, which count for tiers")),
)
_WRONG: Mapping[str, Any] = {
    "money": _("Write an amount, such as 5.00."),
    "whole": _("Write a whole number."),
    "clock": _("Write a time, such as 17:30."),
}


@dataclass(frozen=True)
class Spec:
    """One box: what it is called in a file, as what it is typed, and what stands beside it.

    `choices` are those of a box that is none to type in, each with its words.
    """

    name: str
    control: str
    label: Any
    default: Any = None
    choices: Sequence[tuple[str, Any]] = ()


@dataclass(frozen=True)
class Box:
    """One box to draw: its name in the form, its label, what is in it, and what is wrong."""

    name: str
    control: str
    label: Any
    texts: Sequence[str]
    wrong: Sequence[str]
    choices: Sequence[tuple[str, Any]] = ()


def box(path: str, spec: Spec, texts: Texts, wrong: Wrong) -> Box:
    """The box of a part that stands at a path of the form; at none, its name is the file's."""
    name = f"{path}.{spec.name}" if path else spec.name
    said = wrong.get(name, ())
    return Box(name, spec.control, spec.label, texts.get(spec.name, []), said, spec.choices)


@dataclass(frozen=True)
class Reading:
    """Reads boxes; what is wrong with one is noted under its path."""

    currency: str
    wrong: dict[str, list[str]]

    def value(self, path: str, control: str, texts: Sequence[str]) -> Any:
        """What a box says, None where it is empty or wrong."""
        try:
            return value_of(control, texts, self.currency)
        except ValueError as error:
            self.wrong[path] = [str(error)]
            return None

    def part(self, path: str, boxes: Sequence[Spec], texts: Texts) -> dict[str, Any]:
        """The fields of a part, those with a dot in one of their own; empty boxes are left out."""
        told: dict[str, Any] = {}
        for spec in boxes:
            name = f"{path}.{spec.name}" if path else spec.name
            value = self.value(name, spec.control, texts.get(spec.name, []))
            if value is None:
                continue
            outer, _dot, inner = spec.name.partition(".")
            if inner:
                told.setdefault(outer, {})[inner] = value
            else:
                told[outer] = value
        return told


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
