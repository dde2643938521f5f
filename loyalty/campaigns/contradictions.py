"""Conditions of one rule that can never hold together: found before a campaign is planned. Pure."""

from collections.abc import Sequence

from core.errors import Invalid
from loyalty.campaigns.conditions import (
    MINUTES_OF_DAY,
    Condition,
    HoursOfDay,
    PurchaseNumber,
    Weekdays,
)
from loyalty.campaigns.definition import Definition


def check_sense(definition: Definition) -> None:
    """Raise Invalid, by path, where the conditions of a rule exclude each other.

    What is stored already is read as it is: it gives nothing, as before.
    """
    wrong = {
        f"rules.{number}.conditions": [said]
        for number, rule in enumerate(definition.rules)
        if (said := _never(rule.conditions))
    }
    if wrong:
        raise Invalid("campaign_unclear", "Some conditions never hold together.", fields=wrong)


def _never(conditions: Sequence[Condition]) -> str | None:
    days = [one.days for one in conditions if isinstance(one, Weekdays)]
    if days and not frozenset.intersection(*days):
        return "These never hold together: no day is in all of them."
    hours = [one for one in conditions if isinstance(one, HoursOfDay)]
    if not any(all(one.covers(minute) for one in hours) for minute in range(MINUTES_OF_DAY)):
        return "These never hold together: no time of day is in all of them."
    numbers = [one for one in conditions if isinstance(one, PurchaseNumber)]
    if numbers and max(n.at_least for n in numbers) > min(n.at_most for n in numbers):
        return "These never hold together: no purchase has a number in all of them."
    return None
