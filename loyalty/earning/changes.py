"""What one version of the terms says otherwise than another. Pure."""

from dataclasses import dataclass
from typing import Any

from loyalty.earning.rules import Terms

_HEAD = ("currency", "pending_days", "expiry", "warn_days")


@dataclass(frozen=True)
class Change:
    """What changed: `rule` with its id as `name`, or a field of the terms with its own.

    What is new has no `before`, what is gone no `after`.
    """

    what: str
    name: str
    before: Any
    after: Any


def changes(before: Terms, after: Terms) -> list[Change]:
    """All that changed, rules first in their order, those that are gone last of them.

    Nothing where only the order of rules is another, which gives nobody other points.
    """
    old = {rule.id: rule for rule in before.rules}
    new = {rule.id: rule for rule in after.rules}
    found = [
        Change("rule", name, old.get(name), new.get(name))
        for name in (*new, *(name for name in old if name not in new))
    ]
    found += [Change(name, name, getattr(before, name), getattr(after, name)) for name in _HEAD]
    return [one for one in found if one.before != one.after]
