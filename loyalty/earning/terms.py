"""Terms as a document that people write and databases keep, checked to its last field. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import date, time
from typing import Any, get_args

from core.errors import Invalid
from loyalty.baskets.rules import MOST_MINOR, Scope
from loyalty.earning.rules import (
    ACTIONS,
    KINDS,
    ROUNDINGS,
    Caps,
    Expiry,
    ExpiryKind,
    Rule,
    Terms,
    Window,
)

_WALLETS = ("points", "credits")
_SETS = ("includes", "excludes", "places")
_MOST_DAYS = 3_660
_MOST_RULES = 100


class _Problems:
    """Every field that is wrong, gathered so that all are said at once."""

    def __init__(self) -> None:
        self.fields: dict[str, list[str]] = {}

    def say(self, where: str, sentence: str) -> None:
        self.fields.setdefault(where, []).append(sentence)

    def whole(self, given: Any, where: str, least: int, most: int) -> int:
        if type(given) is int and least <= given <= most:
            return given
        self.say(where, f"A whole number from {least} to {most}.")
        return least

    def one_of(self, given: Any, where: str, choices: tuple[Any, ...]) -> Any:
        if given in choices:
            return given
        self.say(where, f"One of {', '.join(map(str, choices))}.")
        return choices[0]

    def read(self, given: Any, where: str, parse: Callable[[Any], Any], sentence: str) -> Any:
        try:
            return None if given is None else parse(given)
        except (TypeError, ValueError, AttributeError):
            self.say(where, sentence)
            return None

    def only(self, given: Any, where: str, known: tuple[str, ...]) -> Mapping[str, Any]:
        if not isinstance(given, Mapping):
            self.say(where or "terms", "An object with names and values.")
            return {}
        for name in given:
            if name not in known:
                place = f"{where}.{name}" if where else str(name)
                self.say(place, f"Unknown; there are {', '.join(known)}.")
        return given


def read_terms(document: Any, *, version: int = 0) -> Terms:
    """The terms in a document of JSON's own types. Raises Invalid naming every wrong field."""
    problems = _Problems()
    known = ("currency", "rules", "pending_days", "expiry", "warn_days")
    given = problems.only(document, "", known)
    currency = given.get("currency")
    if not (isinstance(currency, str) and len(currency) == 3 and currency.isupper()):
        problems.say("currency", "Three capitals, as in ISO 4217.")
    rules = given.get("rules", [])
    if not isinstance(rules, list) or len(rules) > _MOST_RULES:
        problems.say("rules", f"A list of at most {_MOST_RULES} rules.")
        rules = []
    read = tuple(_rule(rule, f"rules.{place}", problems) for place, rule in enumerate(rules))
    if len({rule.id for rule in read}) < len(read):
        problems.say("rules", "Two rules have the same id.")
    terms = Terms(
        version=version,
        currency=str(currency),
        rules=read,
        pending_days=problems.whole(given.get("pending_days", 30), "pending_days", 0, _MOST_DAYS),
        expiry=_expiry(given.get("expiry", {}), problems),
        warn_days=problems.whole(given.get("warn_days", 14), "warn_days", 0, _MOST_DAYS),
    )
    if problems.fields:
        sentence = "These terms make no sense."
        raise Invalid("terms_unclear", sentence, fields=problems.fields)
    return terms


def write_terms(terms: Terms) -> dict[str, Any]:
    """The document of which `read_terms` makes the same terms."""
    document = asdict(replace(terms, version=0))
    del document["version"]
    document["rules"] = [_plain(rule) for rule in document["rules"]]
    return document


def _plain(rule: dict[str, Any]) -> dict[str, Any]:
    scope = {name: sorted(labels) for name, labels in rule["scope"].items()}
    window = {
        name: sorted(value)
        if isinstance(value, frozenset)
        else value.isoformat()
        if value is not None
        else None
        for name, value in rule["window"].items()
    }
    return rule | {"scope": scope, "window": window}


def _rule(given: Any, where: str, problems: _Problems) -> Rule:
    known = tuple(Rule.__dataclass_fields__)
    rule = problems.only(given, where, known)
    name = rule.get("id")
    if not (isinstance(name, str) and 1 <= len(name) <= 40 and name.isascii()):
        problems.say(f"{where}.id", "A name of 1 to 40 plain characters.")
    kind = problems.one_of(rule.get("kind"), f"{where}.kind", KINDS)
    action = rule.get("action", "")
    if kind == "action":
        action = problems.one_of(action, f"{where}.action", ACTIONS)
    elif action:
        problems.say(f"{where}.action", "Only a rule of kind action has one.")
    least = 1 if kind != "multiplier" else 0

    def whole(name: str, fallback: int, low: int, most: int) -> int:
        return problems.whole(rule.get(name, fallback), f"{where}.{name}", low, most)

    return Rule(
        id=str(name),
        kind=kind,
        points=whole("points", 0, least, 10**9),
        per_minor=whole("per_minor", 100, 1, MOST_MINOR),
        percent=whole("percent", 100, 100, 10_000),
        rounding=problems.one_of(rule.get("rounding", "down"), f"{where}.rounding", ROUNDINGS),
        action=str(action),
        wallet=problems.one_of(rule.get("wallet", "points"), f"{where}.wallet", _WALLETS),
        scope=_scope(rule.get("scope", {}), f"{where}.scope", problems),
        window=_window(rule.get("window", {}), f"{where}.window", problems),
        caps=_caps(rule.get("caps", {}), f"{where}.caps", problems),
    )


def _scope(given: Any, where: str, problems: _Problems) -> Scope:
    scope = problems.only(given, where, _SETS)
    for name in _SETS:
        labels = scope.get(name, [])
        if not isinstance(labels, list) or any(
            not isinstance(label, str) or ":" not in label for label in labels
        ):
            problems.say(f"{where}.{name}", "A list of labels such as category:coats.")
            return Scope()
    return Scope(**{name: frozenset(scope.get(name, [])) for name in _SETS})


def _window(given: Any, where: str, problems: _Problems) -> Window:
    window = problems.only(given, where, tuple(Window.__dataclass_fields__))
    days, hours = "A day such as 2026-11-30.", "A time such as 09:30."

    def read(name: str, parse: Callable[[Any], Any], sentence: str) -> Any:
        return problems.read(window.get(name), f"{where}.{name}", parse, sentence)

    weekdays = read("weekdays", frozenset, "Numbers from Monday = 0.") or frozenset()
    if any(type(day) is not int or not 0 <= day <= 6 for day in weekdays):
        problems.say(f"{where}.weekdays", "Numbers from Monday = 0 to Sunday = 6.")
    found = Window(
        first_day=read("first_day", date.fromisoformat, days),
        last_day=read("last_day", date.fromisoformat, days),
        weekdays=weekdays,
        from_time=read("from_time", _on_the_wall, hours),
        until_time=read("until_time", _on_the_wall, hours),
    )
    if found.first_day and found.last_day and found.last_day < found.first_day:
        problems.say(f"{where}.last_day", "Not before the first day.")
    if found.from_time and found.until_time and found.until_time <= found.from_time:
        problems.say(f"{where}.until_time", "After from_time, on the same day.")
    return found


def _on_the_wall(text: str) -> time:
    found = time.fromisoformat(text)
    if found.tzinfo is not None:
        # Stores have clocks of their own, and a time with an offset compares with none of them.
        raise ValueError
    return found


def _caps(given: Any, where: str, problems: _Problems) -> Caps:
    caps = problems.only(given, where, tuple(Caps.__dataclass_fields__))

    def cap(name: str) -> int | None:
        found = caps.get(name)
        return None if found is None else problems.whole(found, f"{where}.{name}", 1, 10**9)

    days = problems.whole(caps.get("period_days", 30), f"{where}.period_days", 1, _MOST_DAYS)
    return Caps(cap("per_receipt"), cap("per_day"), cap("per_period"), days)


def _expiry(given: Any, problems: _Problems) -> Expiry:
    expiry = problems.only(given, "expiry", ("kind", "days"))
    kind = problems.one_of(expiry.get("kind", "none"), "expiry.kind", get_args(ExpiryKind))
    least = 1 if kind in ("rolling", "sliding") else 0
    days = problems.whole(expiry.get("days", 0), "expiry.days", least, _MOST_DAYS)
    if kind == "none" and days:
        problems.say("expiry.days", "Points that never end have no days.")
    return Expiry(kind, days)
