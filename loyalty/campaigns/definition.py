"""A campaign as a file: written, read back, moved from a test installation to a live one. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from core.errors import Invalid
from loyalty.baskets.rules import MOST_MINOR
from loyalty.campaigns.benefits import BENEFITS, MOST_POINTS, Benefit
from loyalty.campaigns.conditions import CONDITIONS, Condition
from loyalty.campaigns.parts import Registry, tell
from loyalty.campaigns.rules import MOST_PARTS, MOST_RULES, NAME_LENGTH, Limits

NO_LIMITS = Limits()
FORMAT = "swingtag-campaign/1"
MOST_PRIORITY = 1000
# Who keeps back more than half had better give less.
MOST_HOLDOUT = 500
_SWITCHES = ("is_exclusive", "is_announced")
_FIELDS = frozenset({"format", "name", "priority", "holdout", "limits", "rules", *_SWITCHES})
_MOST = {
    "uses": 10**9,
    "uses_each": 10**6,
    "budget_minor": MOST_MINOR,
    "budget_points": MOST_POINTS * 1000,
}


@dataclass(frozen=True)
class Rule:
    """When all conditions hold, all benefits are given."""

    conditions: tuple[Condition, ...]
    benefits: tuple[Benefit, ...]


@dataclass(frozen=True)
class Definition:
    """What a campaign does, apart from when it runs and what it gave so far.

    Higher priorities go first. An exclusive one, once it gives a discount, ends the discounts of
    those after it. `holdout` of a thousand members are kept back, to measure what it does. One that
    is announced is told to everybody on screens of stores, so nobody can be kept back from it.
    """

    name: str
    rules: tuple[Rule, ...]
    limits: Limits = NO_LIMITS
    priority: int = 0
    is_exclusive: bool = False
    holdout: int = 0
    is_announced: bool = False


def tell_campaign(definition: Definition) -> dict[str, Any]:
    """The campaign in JSON's own types; reading that gives the same one."""
    limits = {name: value for name, value in asdict(definition.limits).items() if value is not None}
    return {
        "format": FORMAT,
        "name": definition.name,
        "priority": definition.priority,
        "is_exclusive": definition.is_exclusive,
        "holdout": definition.holdout,
        "is_announced": definition.is_announced,
        "limits": limits,
        "rules": [
            {
                "conditions": [tell(part) for part in rule.conditions],
                "benefits": [tell(part) for part in rule.benefits],
            }
            for rule in definition.rules
        ],
    }


def read_campaign(told: Any) -> Definition:
    """The campaign that a file tells of. Raises Invalid, with every field that is wrong."""
    wrong: dict[str, list[str]] = {}
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        sentence = f"This is no campaign of the format {FORMAT}."
        raise Invalid("campaign_unclear", sentence, fields={"format": [sentence]})
    for name in sorted(told.keys() - _FIELDS):
        wrong[name] = ["There is no such field."]
    name = told.get("name")
    if not isinstance(name, str) or not 1 <= len(name.strip()) <= NAME_LENGTH:
        wrong["name"] = [f"Give it a name of at most {NAME_LENGTH} characters."]
    priority = told.get("priority", 0)
    if type(priority) is not int or not 0 <= priority <= MOST_PRIORITY:
        wrong["priority"] = [f"This is a whole number from 0 to {MOST_PRIORITY}."]
    for switch in _SWITCHES:
        if type(told.get(switch, False)) is not bool:
            wrong[switch] = ["This is true or false."]
    holdout = told.get("holdout", 0)
    if type(holdout) is not int or not 0 <= holdout <= MOST_HOLDOUT:
        wrong["holdout"] = [f"This is a whole number from 0 to {MOST_HOLDOUT}, out of a thousand."]
    if holdout and told.get("is_announced"):
        wrong["is_announced"] = ["Those kept back would read of it: announce it or measure it."]
    limits = _limits(told.get("limits", {}), wrong)
    rules = _rules(told.get("rules"), wrong)
    if wrong:
        raise Invalid("campaign_unclear", "Some fields need another look.", fields=wrong)
    switches = {switch: told.get(switch, False) for switch in _SWITCHES}
    return Definition(str(name).strip(), rules, limits, priority, holdout=holdout, **switches)


def _limits(told: Any, wrong: dict[str, list[str]]) -> Limits:
    names = {each.name for each in fields(Limits)}
    if not isinstance(told, dict) or not told.keys() <= names:
        wrong["limits"] = [f"Limits are {', '.join(sorted(names))}."]
        return NO_LIMITS
    for name, value in told.items():
        if value is not None and (type(value) is not int or not 1 <= value <= _MOST[name]):
            wrong[f"limits.{name}"] = [f"This is a whole number from 1 to {_MOST[name]}."]
    return Limits(**told)


def _rules(told: Any, wrong: dict[str, list[str]]) -> tuple[Rule, ...]:
    if not isinstance(told, list) or not 1 <= len(told) <= MOST_RULES:
        wrong["rules"] = [f"A campaign has 1 to {MOST_RULES} rules."]
        return ()
    rules = []
    for index, one in enumerate(told):
        where = f"rules.{index}"
        if not isinstance(one, dict) or not one.keys() <= {"conditions", "benefits"}:
            wrong[where] = ["A rule has conditions and benefits."]
            continue
        conditions = _parts(CONDITIONS, one.get("conditions", []), f"{where}.conditions", wrong)
        benefits = _parts(BENEFITS, one.get("benefits"), f"{where}.benefits", wrong)
        if not benefits and not any(name.startswith(f"{where}.benefits") for name in wrong):
            wrong[f"{where}.benefits"] = ["A rule gives something."]
        rules.append(Rule(conditions, benefits))
    return tuple(rules)


def _parts(
    registry: Registry[Any], told: Any, where: str, wrong: dict[str, list[str]]
) -> tuple[Any, ...]:
    if not isinstance(told, list) or len(told) > MOST_PARTS:
        wrong[where] = [f"This is a list of at most {MOST_PARTS}."]
        return ()
    parts = []
    for index, one in enumerate(told):
        try:
            parts.append(registry.read(one))
        except Invalid as refused:
            given: Mapping[str, list[str]] = refused.data["fields"]
            wrong |= {f"{where}.{index}.{name}": list(told) for name, told in given.items()}
    return tuple(parts)
