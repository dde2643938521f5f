"""The terms that many vouchers share: what they are worth, for what, and how often. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from core.errors import Invalid
from loyalty.baskets.rules import MOST_MINOR, Scope

Kind = Literal["percent", "amount", "item", "gift"]
Stacking = Literal["exclusive", "stackable"]

KINDS: tuple[Kind, ...] = ("percent", "amount", "item", "gift")
STACKINGS: tuple[Stacking, ...] = ("exclusive", "stackable")
MOST_USES = 1_000_000_000
TITLE_LENGTH = 120
CAMPAIGN_LENGTH = 64
_CURRENCY = re.compile("[A-Z]{3}")


@dataclass(frozen=True)
class Terms:
    """What a voucher gives: `value` is per cent, minor units of `currency`, or pieces.

    An `item` makes one piece free, the cheapest in scope; a `gift` is handed over, named by its
    `title`. A discount is never above `most_minor`. The basket is worth `minimum_minor` at least,
    before anything is taken off. `uses` and `uses_per_owner` are None where there is no limit; the
    latter counts all vouchers of these terms. Bound vouchers are for their owner's baskets alone.
    Of vouchers together the highest `priority` comes first; an exclusive one stands alone.
    """

    kind: Kind
    value: int
    currency: str | None = None
    title: str = ""
    scope: Scope = field(default_factory=Scope)
    minimum_minor: int = 0
    most_minor: int | None = None
    uses: int | None = 1
    uses_per_owner: int | None = None
    is_bound: bool = False
    stacking: Stacking = "exclusive"
    priority: int = 0
    campaign_id: str | None = None


def check_terms(terms: Terms, *, within: str = "") -> None:
    """Raise Invalid, with every field that is wrong, unless vouchers of these terms make sense.

    `within` is where the terms stand in what was sent, such as `terms.`.
    """
    problems = {f"{within}{name}": [problem] for name, problem in _problems(terms).items()}
    if problems:
        raise Invalid("voucher_unclear", "This voucher makes no sense.", fields=problems)


def _problems(terms: Terms) -> dict[str, str]:
    most = {"percent": 100, "amount": MOST_MINOR}.get(terms.kind, 1)
    limits = {"most_minor": MOST_MINOR, "uses": MOST_USES, "uses_per_owner": 1000}
    is_wrong: dict[str, tuple[bool, str]] = {
        "kind": (terms.kind not in KINDS, f"A voucher is one of: {', '.join(KINDS)}."),
        "value": (
            not _is_whole(terms.value, 1, most),
            "A voucher is worth whole minor units from 1, 1 to 100 per cent, or 1 piece.",
        ),
        "currency": (
            not _is_currency(terms),
            "A sum has a currency, three capitals as in ISO 4217; a share has none.",
        ),
        "scope": (
            bool(terms.scope.includes) and terms.scope.includes <= terms.scope.excludes,
            "All that it is for is left out again.",
        ),
        "title": (
            not _is_title(terms.title, is_needed=terms.kind in ("item", "gift")),
            f"Say what is free in up to {TITLE_LENGTH} printable characters.",
        ),
        "minimum_minor": (
            not _is_whole(terms.minimum_minor, 0, MOST_MINOR),
            "A basket is worth whole minor units from 0.",
        ),
        "stacking": (terms.stacking not in STACKINGS, f"One of: {', '.join(STACKINGS)}."),
        "priority": (
            not _is_whole(terms.priority, -1000, 1000),
            "A priority is a whole number from -1000 to 1000.",
        ),
        "campaign_id": (
            not 1 <= len(terms.campaign_id or "-") <= CAMPAIGN_LENGTH or terms.campaign_id == "",
            f"A campaign’s id has 1 to {CAMPAIGN_LENGTH} characters.",
        ),
    }
    for name, limit in limits.items():
        given = getattr(terms, name)
        sentence = f"This is a whole number from 1 to {limit}, or left out."
        is_wrong[name] = (given is not None and not _is_whole(given, 1, limit), sentence)
    return {name: sentence for name, (is_so, sentence) in is_wrong.items() if is_so}


def _is_currency(terms: Terms) -> bool:
    if terms.currency is None or not needs_currency(terms):
        return needs_currency(terms) == (terms.currency is not None)
    return _CURRENCY.fullmatch(terms.currency) is not None


def _is_title(title: str, *, is_needed: bool) -> bool:
    is_given = bool(title.strip()) or not is_needed
    return is_given and len(title) <= TITLE_LENGTH and title.isprintable()


def needs_currency(terms: Terms) -> bool:
    """Whether the terms speak of money, so that a currency has to say which."""
    return bool(
        terms.kind == "amount"
        or terms.minimum_minor
        or terms.most_minor is not None
        or terms.campaign_id is not None
    )


def _is_whole(value: Any, least: int, most: int) -> bool:
    return type(value) is int and least <= value <= most


def scope_as_json(scope: Scope) -> dict[str, Any]:
    """The scope as it is stored: three sorted lists of labels."""
    return {one.name: sorted(getattr(scope, one.name)) for one in fields(Scope)}


def scope_from_json(stored: Mapping[str, Any]) -> Scope:
    """The scope that was stored, or sent, in this form; what is left out is empty."""
    return Scope(**{one.name: frozenset(stored.get(one.name, ())) for one in fields(Scope)})
