"""The check that vouchers still add up: every breach of V1 to V5 and of budgets, by reading all."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from loyalty.immutable import missing_guards
from loyalty.vouchers.models import (
    Redemption,
    Rollback,
    Voucher,
    VoucherBudget,
    VoucherTerms,
    VoucherUse,
)
from loyalty.vouchers.pricing import share
from loyalty.vouchers.rules import share_back

_GUARDED = ("voucher_terms", "voucher_rollback")


@dataclass(frozen=True)
class Violation:
    """A broken invariant, named as in the trust rules (V1 to V5, or a budget), and where."""

    rule: str
    subject: str
    detail: str


class _Used(NamedTuple):
    use: VoucherUse
    terms: VoucherTerms
    voucher: Voucher


@dataclass(frozen=True)
class _Story:
    """A redemption with its uses, and what came back of it."""

    row: Redemption
    used: Sequence[_Used]
    rollbacks: Sequence[Rollback]

    @property
    def sold(self) -> dict[str, Decimal]:
        return {line_id: Decimal(quantity) for line_id, quantity, _ in self.row.lines}

    @property
    def back(self) -> dict[str, Decimal]:
        found: dict[str, Decimal] = {}
        for rollback in self.rollbacks:
            for line_id, quantity, _, _ in rollback.lines:
                found[line_id] = found.get(line_id, Decimal(0)) + Decimal(quantity)
        return found


def verify(session: Session) -> list[Violation]:
    """Every breach in all vouchers, named by its rule. None is as it should be."""
    found = [*_miscounted(session), *_beyond_owner(session), *_unguarded(session)]
    found += _repeated_sources(session)
    spent: dict[tuple[str, str], int] = {}
    for story in _stories(session):
        found += [
            Violation(rule, story.row.id, detail)
            for rule, detail in (*_moved_back(story), *_too_much(story), *_out_of_time(story))
        ]
        for one in story.used:
            if one.terms.campaign_id is not None and one.use.returned_at is None:
                key = (story.row.programme_id, one.terms.campaign_id)
                kept = one.use.discount_minor - _given_back(story, one.use.lines)
                spent[key] = spent.get(key, 0) + kept
    return [*found, *_misspent(session, spent)]


def _stories(session: Session) -> Iterator[_Story]:
    rollbacks: dict[str, list[Rollback]] = {}
    for rollback in session.scalars(select(Rollback).order_by(Rollback.id)):
        rollbacks.setdefault(rollback.redemption_id, []).append(rollback)
    rows = session.execute(
        select(Redemption, VoucherUse, VoucherTerms, Voucher)
        .join(VoucherUse, VoucherUse.redemption_id == Redemption.id)
        .join(VoucherTerms, VoucherTerms.id == VoucherUse.terms_id)
        .join(Voucher, Voucher.id == VoucherUse.voucher_id)
        .order_by(Redemption.id, VoucherUse.id)
        .execution_options(populate_existing=True)
    )
    for row, several in groupby(rows, key=lambda one: one[0]):
        used = [_Used(use, terms, voucher) for _, use, terms, voucher in several]
        yield _Story(row, used, rollbacks.get(row.id, []))


def _miscounted(session: Session) -> Iterator[Violation]:
    live = (
        select(VoucherUse.voucher_id, func.count().label("uses"))
        .where(VoucherUse.returned_at.is_(None))
        .group_by(VoucherUse.voucher_id)
        .subquery()
    )
    free = VoucherTerms.uses - func.coalesce(live.c.uses, 0)
    rows = session.execute(
        select(Voucher.id, Voucher.uses_left, VoucherTerms.uses)
        .join(VoucherTerms, VoucherTerms.id == Voucher.terms_id)
        .outerjoin(live, live.c.voucher_id == Voucher.id)
        .where(Voucher.uses_left.is_distinct_from(free))
    )
    for voucher_id, left, uses in rows:
        yield Violation("V1", voucher_id, f"{left} left of {uses}")


def _beyond_owner(session: Session) -> Iterator[Violation]:
    rows = session.execute(
        select(VoucherUse.terms_id, func.count(), VoucherTerms.uses_per_owner)
        .join(VoucherTerms, VoucherTerms.id == VoucherUse.terms_id)
        .where(VoucherUse.returned_at.is_(None), VoucherUse.owner_id.is_not(None))
        .group_by(VoucherUse.terms_id, VoucherUse.owner_id, VoucherTerms.uses_per_owner)
        .having(func.count() > VoucherTerms.uses_per_owner)
    )
    for terms_id, uses, limit in rows:
        yield Violation("V1", terms_id, f"an owner has {uses} uses of {limit}")


def _unguarded(session: Session) -> Iterator[Violation]:
    for table, name in missing_guards(session, _GUARDED, ["voucher"]):
        yield Violation("V2", table, f"nothing stops changes: the trigger {name} is missing")


def _moved_back(story: _Story) -> Iterator[tuple[str, str]]:
    """What the state of a redemption says, and what its times, uses and rollbacks do."""
    row = story.row
    state, until, settled = row.state, row.reserved_until, row.settled_at
    if (settled is None) != (state == "reserved") or (until is None and state != "redeemed"):
        yield "V2", f"it is {state}, its times are of another state"
    elif settled and until and (state == "redeemed" and settled >= until):
        yield "V2", "it was redeemed when its time was over"
    elif settled and until and (state == "lapsed" and settled < until):
        yield "V2", "it lapsed before its time was over"
    if row.gives_way and state == "redeemed":
        yield "V2", "its owner's own hold was redeemed, past any till"
    if story.rollbacks and state != "redeemed":
        yield "V2", f"it is {state}, but goods came back of it"
    for use, *_ in story.used:
        if not _is_as_told(story, use):
            yield "V2", f"it is {state}, and use {use.id} says otherwise"


def _is_as_told(story: _Story, use: VoucherUse) -> bool:
    """Whether a use is the voucher's again exactly where the state and the returns say so."""
    state, until = story.row.state, story.row.reserved_until
    if state == "reserved":
        # What lapsed or gave way is free at that moment, before its row says so.
        is_over = until is not None and use.returned_at is not None and until <= use.returned_at
        return use.returned_at is None or is_over or story.row.gives_way
    sold, back = story.sold, story.back
    is_all_back = all(one in back and back[one] >= sold.get(one, 0) for one in use.lines or sold)
    return (use.returned_at is not None) == (is_all_back if state == "redeemed" else True)


def _repeated_sources(session: Session) -> Iterator[Violation]:
    for model, place in ((Redemption, Redemption.programme_id), (Rollback, Rollback.redemption_id)):
        rows = session.execute(
            select(model.source, func.count())
            .group_by(place, model.source)
            .having(func.count() > 1)
        )
        for source, times in rows:
            yield Violation("V3", source, f"{times} rows of {model.__tablename__} have this source")


def _too_much(story: _Story) -> Iterator[tuple[str, str]]:
    row, sold, back = story.row, story.sold, story.back
    left = {line_id: total for line_id, _, total in row.lines}
    for use, *_ in story.used:
        for line_id, discount in use.lines.items():
            left[line_id] = left.get(line_id, 0) - discount
    taken = sum(use.discount_minor for use, *_ in story.used)
    if min(left.values(), default=0) < 0 or taken != row.discount_minor:
        yield "V4", "more is taken off than there is"
    for use, terms, _ in story.used:
        if use.discount_minor > _most(terms, row.total_minor):
            yield "V4", f"use {use.id} took off more than its terms give"
        if sum(use.lines.values()) != use.discount_minor:
            yield "V4", f"use {use.id} is not the sum of its lines"
    if any(quantity > sold.get(line_id, 0) for line_id, quantity in back.items()):
        yield "V4", "more came back than was sold"
    returned = sum(rollback.discount_minor for rollback in story.rollbacks)
    if returned != sum(_given_back(story, use.lines) for use, *_ in story.used):
        yield "V4", f"{returned} of its discounts came back, its goods say otherwise"


def _most(terms: VoucherTerms, total_minor: int) -> int:
    """The most that a use can take off a basket of so much."""
    by_kind = {"amount": terms.value, "percent": share(total_minor, terms.value), "gift": 0}
    most = by_kind.get(terms.kind, total_minor)
    return most if terms.most_minor is None else min(most, terms.most_minor)


def _out_of_time(story: _Story) -> Iterator[tuple[str, str]]:
    at = story.row.sold_at
    for use, terms, voucher in story.used:
        if not max(voucher.valid_from, voucher.issued_at) <= at < voucher.valid_until:
            yield "V5", f"voucher {voucher.id} was used outside its days"
        # Somebody who was erased owns neither any more.
        if terms.is_bound and use.owner_id is not None and use.owner_id != voucher.owner_id:
            yield "V5", f"voucher {voucher.id} was used by somebody else than its owner"


def _misspent(session: Session, spent: Mapping[tuple[str, str], int]) -> Iterator[Violation]:
    """A limit may be lowered below what was given; that is no breach."""
    counted = {}
    for budget in session.scalars(select(VoucherBudget)):
        key = (budget.programme_id, budget.campaign_id)
        counted[key] = budget.spent_minor
    for key in sorted({*counted, *spent}):
        said, summed = counted.get(key), spent.get(key, 0)
        if said != summed:
            yield Violation("budget", key[1], f"{said} spent of its budget, its uses say {summed}")


def _given_back(story: _Story, lines: Mapping[str, int]) -> int:
    back, sold = story.back, story.sold
    return sum(
        share_back(amount, back[line_id], sold[line_id])
        for line_id, amount in lines.items()
        if line_id in back and line_id in sold
    )
