"""What vouchers take off a basket, line by line and to the penny. Pure.

The order in which vouchers are given makes no difference. Each takes from what those before it
left, so that nothing falls below zero.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from loyalty.baskets.rules import Basket, Line, shared_out
from loyalty.vouchers.terms import Terms

Reason = Literal[
    "unknown",
    "void",
    "not_yet_issued",
    "not_yet_valid",
    "expired",
    "used_up",
    "not_theirs",
    "other_currency",
    "owner_needed",
    "owner_used_up",
    "nothing_in_scope",
    "below_minimum",
    "stands_alone",
    "nothing_left",
    "budget_used_up",
    "withheld",
]


@dataclass(frozen=True)
class Offer:
    """A voucher that was shown, with what is left of its uses; None where there is no limit.

    `budget_left_minor` is what its campaign may still give away; `is_withheld` says that the shop
    has nothing to give for it just now.
    """

    voucher_id: str
    ends_in: str
    terms_id: str
    terms: Terms
    is_void: bool
    owner_id: str | None
    issued_at: datetime
    valid_from: datetime
    valid_until: datetime
    uses_left: int | None = 1
    owner_uses_left: int | None = None
    budget_left_minor: int | None = None
    is_withheld: bool = False


Withheld = Callable[[Sequence[str]], Collection[str]]
"""Of vouchers by id, those for which the shop has nothing to give just now."""


def nothing(_voucher_ids: Sequence[str]) -> Collection[str]:
    """Where the shop withholds no voucher."""
    return ()


@dataclass(frozen=True)
class Applied:
    """A voucher that counts, and what it takes off each line, by the line's id."""

    offer: Offer
    discount_minor: int
    lines: dict[str, int]


@dataclass(frozen=True)
class Refused:
    """A voucher that does not count, known by its last four characters, and why.

    `missing_minor` is what the basket lacks, where that is why.
    """

    ends_in: str
    reason: Reason
    voucher_id: str | None = None
    missing_minor: int | None = None


@dataclass(frozen=True)
class Priced:
    """A basket with its vouchers: those that count, first one first, and those that do not."""

    applied: tuple[Applied, ...]
    refused: tuple[Refused, ...]

    @property
    def discount_minor(self) -> int:
        """All that is taken off."""
        return sum(one.discount_minor for one in self.applied)

    def discounts(self) -> dict[str, int]:
        """What is taken off each line that anything is taken off, by the line's id."""
        found: dict[str, int] = {}
        for one in self.applied:
            for line_id, discount in one.lines.items():
                found[line_id] = found.get(line_id, 0) + discount
        return found


def price(basket: Basket, offers: Iterable[Offer]) -> Priced:
    """Put vouchers to a basket; each is used once, however often it was shown."""
    chosen, refused = _choose(basket, offers)
    applied: list[Applied] = []
    left = {line.id: line.total_minor for line in basket.lines}
    for offer in chosen:
        reason = _shortage(basket, offer, applied)
        lines = {} if reason else _lines_of(basket, offer.terms, left)
        taken = sum(lines.values())
        if reason is None and taken == 0 and offer.terms.kind != "gift":
            reason = "nothing_left"
        if reason is None and taken > _budget_left(offer, applied):
            reason = "budget_used_up"
        if reason is not None:
            refused.append(Refused(offer.ends_in, reason, offer.voucher_id))
            continue
        applied.append(Applied(offer, taken, lines))
        for line_id, discount in lines.items():
            left[line_id] -= discount
    refused.sort(key=lambda one: (one.ends_in, one.voucher_id or ""))
    return Priced(tuple(applied), tuple(refused))


def withholding(offers: Sequence[Offer], withheld: Withheld) -> list[Offer]:
    """The offers with what the shop has nothing to give for."""
    gone = withheld([offer.voucher_id for offer in offers])
    return [replace(one, is_withheld=True) if one.voucher_id in gone else one for one in offers]


def find_refusal(basket: Basket, offer: Offer) -> Refused | None:
    """Why a voucher does not count for a basket, whatever else was shown; None where it does."""
    reason, missing = _reason(basket, offer), None
    if reason == "below_minimum":
        missing = offer.terms.minimum_minor - basket.total_minor
    return Refused(offer.ends_in, reason, offer.voucher_id, missing) if reason else None


def _choose(basket: Basket, offers: Iterable[Offer]) -> tuple[list[Offer], list[Refused]]:
    different = {offer.voucher_id: offer for offer in offers}
    refused, good = [], []
    for offer in different.values():
        refusal = find_refusal(basket, offer)
        if refusal:
            refused.append(refusal)
        else:
            good.append(offer)
    good.sort(key=lambda offer: _rank(basket, offer))
    first = good[:1]
    for offer in good[1:]:
        if "exclusive" in (offer.terms.stacking, first[0].terms.stacking):
            refused.append(Refused(offer.ends_in, "stands_alone", offer.voucher_id))
        else:
            first.append(offer)
    return first, refused


def _rank(basket: Basket, offer: Offer) -> tuple[int, int, str]:
    """Highest priority first, then what gives the shopper most by itself, then by id."""
    whole = {line.id: line.total_minor for line in basket.lines}
    alone = sum(_lines_of(basket, offer.terms, whole).values())
    return -offer.terms.priority, -alone, offer.voucher_id


def _reason(basket: Basket, offer: Offer) -> Reason | None:
    terms = offer.terms
    in_scope = terms.scope.lines_of(basket)
    reasons: Sequence[tuple[bool, Reason]] = (
        (offer.is_void, "void"),
        (basket.at < offer.issued_at, "not_yet_issued"),
        (basket.at < offer.valid_from, "not_yet_valid"),
        (basket.at >= offer.valid_until, "expired"),
        (offer.uses_left == 0, "used_up"),
        (terms.is_bound and basket.owner_id != offer.owner_id, "not_theirs"),
        (terms.currency not in (None, basket.currency), "other_currency"),
        (terms.uses_per_owner is not None and owner_of(basket, offer) is None, "owner_needed"),
        (offer.owner_uses_left == 0, "owner_used_up"),
        (not in_scope, "nothing_in_scope"),
        (basket.total_minor < terms.minimum_minor, "below_minimum"),
        (offer.is_withheld, "withheld"),
    )
    return next((reason for is_so, reason in reasons if is_so), None)


def owner_of(basket: Basket, offer: Offer) -> str | None:
    """On whose account a use goes: whose basket it is, or else whose voucher."""
    return basket.owner_id or offer.owner_id


def _shortage(basket: Basket, offer: Offer, applied: Sequence[Applied]) -> Reason | None:
    """Whether vouchers of the same terms, counted before, used up what their owner may use."""
    if offer.owner_uses_left is None:
        return None
    me = owner_of(basket, offer)
    same = [
        one
        for one in applied
        if one.offer.terms_id == offer.terms_id and owner_of(basket, one.offer) == me
    ]
    return "owner_used_up" if len(same) >= offer.owner_uses_left else None


def _budget_left(offer: Offer, applied: Sequence[Applied]) -> int:
    if offer.budget_left_minor is None:
        return 1 << 62
    campaign = offer.terms.campaign_id
    gone = sum(one.discount_minor for one in applied if one.offer.terms.campaign_id == campaign)
    return offer.budget_left_minor - gone


def _lines_of(basket: Basket, terms: Terms, left: dict[str, int]) -> dict[str, int]:
    """What terms take off each line, of which so much is left."""
    lines = [line for line in terms.scope.lines_of(basket) if left[line.id] > 0]
    if not lines or terms.kind == "gift":
        return {}
    if terms.kind == "item":
        cheapest = min(lines, key=lambda line: (_piece(line, left[line.id]), line.id))
        lines, wanted = [cheapest], _piece(cheapest, left[cheapest.id])
    else:
        available = sum(left[line.id] for line in lines)
        wanted = terms.value if terms.kind == "amount" else share(available, terms.value)
        wanted = min(wanted, available)
    if terms.most_minor is not None:
        wanted = min(wanted, terms.most_minor)
    parts = shared_out(wanted, [left[line.id] for line in lines])
    return {line.id: part for line, part in zip(lines, parts, strict=True) if part}


def share(amount: int, percent: int) -> int:
    """So many per cent of an amount, half a penny upwards."""
    return (2 * amount * percent + 100) // 200


def _piece(line: Line, left: int) -> int:
    """What one piece of a line costs, half a penny upwards; less than a piece, all of it."""
    if line.quantity <= 1:
        return left
    return int((Decimal(left) / line.quantity).to_integral_value(ROUND_HALF_UP))
