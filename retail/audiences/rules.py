"""Which people who checked in are a crowd just now, and which looks such a crowd likes. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from retail.crowds.rules import LEAST_CROWD

# Nobody says when they go. A quarter of an hour, for which staff may greet somebody, brings ten
# people together in few stores; after an hour most have left, and what they like says little.
PRESENT_FOR = timedelta(hours=1)
# Whoever sees somebody come in must not see the screen change with them.
SETTLED_EVERY = timedelta(minutes=15)

Look = TypeVar("Look")


@dataclass(frozen=True)
class Taste:
    """How many of a crowd like each style, and each kind of goods, in tens; few are left out."""

    styles: Mapping[str, int]
    kinds: Mapping[str, int]


def settled_at(now: datetime) -> datetime:
    """The last full quarter of an hour: who came since is in no crowd yet."""
    quarter = int(SETTLED_EVERY.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // quarter * quarter, UTC)


def whole_crowds(came: Sequence[tuple[str, datetime]], until: datetime) -> list[str]:
    """Of a store's day, by id and when they came, the first first: those who are a crowd now.

    They are cut in tens as they came, and a ten is there or not, whole: it begins to be once it is
    full, and ends with the hour of its first. So whoever comes or goes of themselves changes
    nothing but with nine others. Those of an instant from `until` on have not come yet.
    """
    here = [(who, at) for who, at in came if at < until]
    whole = range(0, len(here) - LEAST_CROWD + 1, LEAST_CROWD)
    tens = [here[first : first + LEAST_CROWD] for first in whole]
    return [who for ten in tens if ten[0][1] >= until - PRESENT_FOR for who, _ in ten]


def lean(
    looks: Sequence[tuple[Look, Iterable[str]]], kinds: Mapping[str, str], taste: Taste
) -> list[Look] | None:
    """Looks, each with the styles that it shows, those first of which the most people like a style.

    Among them those first of which the most like a kind of goods, and otherwise as they were. None
    where nobody knows of a single one that a crowd likes it. `kinds` are those of the styles.
    """
    fits = [(_fit(tuple(styles), kinds, taste), look) for look, styles in looks]
    if not any(any(fit) for fit, _ in fits):
        return None
    return [look for _, look in sorted(fits, key=lambda one: one[0], reverse=True)]


def _fit(styles: Sequence[str], kinds: Mapping[str, str], taste: Taste) -> tuple[int, int]:
    by_style = max((taste.styles.get(one, 0) for one in styles), default=0)
    return by_style, max((taste.kinds.get(kinds.get(one, ""), 0) for one in styles), default=0)
