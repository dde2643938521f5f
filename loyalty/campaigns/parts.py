"""How conditions and benefits are told to a machine and told back: one kind, one class. Pure.

A part is a frozen dataclass with a `kind`; what a file says of it are its fields. To add one, write
the class and put `@known` above it: files, API, editor and simulation know it from then on.
"""

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, ClassVar, Generic, Protocol, TypeVar, get_type_hints

from core.errors import Invalid
from loyalty.baskets.rules import Scope

_SCOPE_FIELDS = ("includes", "excludes", "places")
MOST_LABELS = 200
LABEL_LENGTH = 80


class Part(Protocol):
    """A condition or a benefit."""

    kind: ClassVar[str]

    def problems(self) -> dict[str, str]:
        """What makes no sense in it, by field."""
        ...


P = TypeVar("P", bound=Part)


class Registry(Generic[P]):
    """The kinds that there are of one sort of part."""

    def __init__(self, sort: str) -> None:
        self._sort = sort
        self._kinds: dict[str, type[P]] = {}

    def known(self, part: type[P]) -> type[P]:
        """Let files name a class by its kind."""
        assert part.kind not in self._kinds
        self._kinds[part.kind] = part
        return part

    @property
    def kinds(self) -> Mapping[str, type[P]]:
        """Every class by its kind."""
        return self._kinds

    def read(self, told: Any) -> P:
        """The part that a file tells of. Raises Invalid, with every field that is wrong."""
        if not isinstance(told, dict) or told.get("kind") not in self._kinds:
            kinds = ", ".join(sorted(self._kinds))
            raise _unclear(self._sort, {"kind": f"Name one of these kinds: {kinds}."})
        values = {name: value for name, value in told.items() if name != "kind"}
        return self._make(self._kinds[told["kind"]], values)

    def _make(self, part: Any, values: dict[str, Any]) -> P:
        wrong: dict[str, str] = {}
        hints, read = _hints(part), {}
        known: dict[str, Field[Any]] = {each.name: each for each in fields(part)}
        for name in sorted(values.keys() - known.keys()):
            wrong[name] = "There is no such field."
        for name, each in known.items():
            if name in values:
                try:
                    read[name] = _read(hints[name], values[name])
                except ValueError as error:
                    wrong[name] = str(error)
            elif each.default is MISSING and each.default_factory is MISSING:
                wrong[name] = "This is missing."
        if not wrong:
            made: P = part(**read)
            wrong = made.problems()
            if not wrong:
                return made
        raise _unclear(self._sort, wrong)


def tell(part: Part) -> dict[str, Any]:
    """The part as a file tells it; reading that gives the same part."""
    values = {each.name: getattr(part, each.name) for each in fields(part)}  # type: ignore[arg-type]
    return {"kind": part.kind} | {name: _told(value) for name, value in values.items()}


@cache
def _hints(part: type) -> dict[str, Any]:
    # Asked for every part of every campaign that runs, each time a basket is priced.
    return get_type_hints(part)


def _unclear(sort: str, wrong: Mapping[str, str]) -> Invalid:
    return Invalid(
        f"{sort}_unclear",
        f"This {sort} makes no sense.",
        fields={name: [sentence] for name, sentence in wrong.items()},
    )


def _read(hint: Any, value: Any) -> Any:
    if hint is Scope:
        return _read_scope(value)
    if hint is Decimal:
        return _read_decimal(value)
    if hint == frozenset[str]:
        return _read_labels(value)
    if hint == frozenset[int]:
        if not isinstance(value, list) or any(type(one) is not int for one in value):
            raise ValueError("This is a list of whole numbers.")
        return frozenset(value)
    if type(value) is not hint:
        raise ValueError("This is text." if hint is str else "This is a whole number.")
    return value


def _read_scope(value: Any) -> Scope:
    if not isinstance(value, dict) or not value.keys() <= set(_SCOPE_FIELDS):
        raise ValueError("A scope has includes, excludes and places, each a list of labels.")
    return Scope(**{name: _read_labels(labels) for name, labels in value.items()})


def _read_labels(value: Any) -> frozenset[str]:
    if not isinstance(value, list) or len(value) > MOST_LABELS:
        raise ValueError(f"This is a list of at most {MOST_LABELS} labels.")
    for label in value:
        if not isinstance(label, str) or not 1 <= len(label) <= LABEL_LENGTH or ":" not in label:
            raise ValueError("A label is a kind and a value, such as category:coats.")
    return frozenset(value)


def _read_decimal(value: Any) -> Decimal:
    try:
        read = Decimal(value) if isinstance(value, str) else Decimal(int(value))
    except (InvalidOperation, TypeError, ValueError):
        read = Decimal("NaN")
    if not read.is_finite() or (not isinstance(value, str) and type(value) is not int):
        raise ValueError("This is a number; write decimals as text, such as “1.5”.")
    return read


def _told(value: Any) -> Any:
    if isinstance(value, Scope):
        return {
            name: sorted(getattr(value, name)) for name in _SCOPE_FIELDS if getattr(value, name)
        }
    if isinstance(value, frozenset):
        return sorted(value)
    return str(value) if isinstance(value, Decimal) else value
