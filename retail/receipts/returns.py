"""Goods brought back: how much may come back, and how much money goes with it. Pure."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from core.errors import Conflict, Invalid
from retail.receipts.rules import (
    NUMBER_LENGTH,
    find_code_problem,
    find_quantity_problem,
    find_time_problem,
    plain_quantity,
)


@dataclass(frozen=True)
class ReturnLineInput:
    """A line brought back, by its position on the receipt.

    Without `amount_minor`, the share of the line total that the quantity stands for.
    """

    position: int
    quantity: Decimal
    amount_minor: int | None = None


@dataclass(frozen=True)
class ReturnInput:
    """A refund as a till sends it; no `lines` means all that is left of the receipt."""

    number: str
    returned_at: datetime
    lines: tuple[ReturnLineInput, ...] | None = None


@dataclass(frozen=True)
class Refund:
    """What comes back of one line, and what is paid for it."""

    line_id: str
    position: int
    variant_id: str | None
    quantity: Decimal
    amount_minor: int


class SoldLine(Protocol):
    """A line of a receipt with what has come back of it so far."""

    @property
    def id(self) -> str: ...
    @property
    def position(self) -> int: ...
    @property
    def variant_id(self) -> str | None: ...
    @property
    def quantity(self) -> Decimal: ...
    @property
    def total_minor(self) -> int: ...
    @property
    def returned_quantity(self) -> Decimal: ...
    @property
    def returned_minor(self) -> int: ...
    @property
    def is_returned(self) -> bool: ...


def check_return(given: ReturnInput, *, sold_at: datetime, now: datetime) -> None:
    """Raises Invalid, with every field that is wrong, for a refund that makes no sense."""
    fields: dict[str, list[str]] = {}
    problem = find_code_problem(given.number.strip(), NUMBER_LENGTH)
    if problem:
        fields["number"] = [problem]
    problem = find_time_problem(given.returned_at, now)
    if problem is None and given.returned_at < sold_at:
        problem = "Nothing comes back before it was sold."
    if problem:
        fields["returned_at"] = [problem]
    lines = given.lines
    if lines is not None:
        if not lines or len({line.position for line in lines}) < len(lines):
            fields["lines"] = ["Name each line once, or none for the whole receipt."]
        for index, line in enumerate(lines):
            problem = find_quantity_problem(line.quantity)
            if problem:
                fields[f"lines.{index}.quantity"] = [problem]
    if fields:
        raise Invalid("return_invalid", "Some fields need another look.", fields=fields)


def fingerprint(given: ReturnInput) -> str:
    """A hash over all that a checked return says."""
    lines = "all"
    if given.lines is not None:
        lines = ";".join(
            f"{line.position} {plain_quantity(line.quantity)} {line.amount_minor}"
            for line in sorted(given.lines, key=lambda line: line.position)
        )
    instant = given.returned_at.astimezone(UTC).isoformat()
    return hashlib.sha256(f"{given.number.strip()}\x1e{instant}\x1e{lines}".encode()).hexdigest()


def plan(given: ReturnInput, sold: Sequence[SoldLine]) -> list[Refund]:
    """What is to be taken back and paid.

    Raises Conflict where more would come back than was sold, Invalid for lines not on the receipt.
    """
    if given.lines is None:
        rest = [_rest(line) for line in sold if not line.is_returned]
        if not rest:
            raise Conflict("already_returned", "All of this receipt has come back already.")
        return rest
    by_position = {line.position: line for line in sold}
    fields: dict[str, list[str]] = {}
    for index, wanted in enumerate(given.lines):
        if wanted.position not in by_position:
            fields[f"lines.{index}.position"] = ["There is no such line on this receipt."]
        elif wanted.quantity == 0 and by_position[wanted.position].quantity > 0:
            fields[f"lines.{index}.quantity"] = ["Say how much of it came back."]
    if fields:
        raise Invalid("return_invalid", "Some fields need another look.", fields=fields)
    return [_refund(wanted, by_position[wanted.position]) for wanted in given.lines]


def _rest(line: SoldLine) -> Refund:
    return Refund(
        line.id,
        line.position,
        line.variant_id,
        line.quantity - line.returned_quantity,
        line.total_minor - line.returned_minor,
    )


def _refund(wanted: ReturnLineInput, line: SoldLine) -> Refund:
    rest = _rest(line)
    amount = wanted.amount_minor
    if amount is None:
        amount = min(_share(wanted.quantity, line), rest.amount_minor)
    if line.is_returned or wanted.quantity > rest.quantity or not 0 <= amount <= rest.amount_minor:
        raise Conflict(
            "more_than_sold",
            "More would come back than was sold.",
            position=line.position,
            left={"quantity": plain_quantity(rest.quantity), "amount_minor": rest.amount_minor},
        )
    return Refund(line.id, line.position, line.variant_id, wanted.quantity, amount)


def _share(quantity: Decimal, line: SoldLine) -> int:
    """The last piece of a line pays the rest, so that the parts sum to the whole."""
    if quantity >= line.quantity - line.returned_quantity:
        return line.total_minor - line.returned_minor
    exact = line.total_minor * quantity / line.quantity
    return int(exact.to_integral_value(ROUND_HALF_UP))
