"""The states of vouchers and redemptions, and what is shown of them. Pure."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from loyalty.vouchers.pricing import Refused
from loyalty.vouchers.terms import Kind, Stacking

State = Literal["issued", "reserved", "redeemed", "void", "expired"]
RedemptionState = Literal["reserved", "redeemed", "released", "lapsed"]
SOURCE_LENGTH = 160


@dataclass(frozen=True)
class Issued:
    """The voucher of a source, and whether it was written just now."""

    voucher_id: str
    is_new: bool


@dataclass(frozen=True)
class VoucherView:
    """A voucher as its owner sees it. `value` is minor units of `currency`, per cent, or pieces.

    Valid in [valid_from, valid_until). `code` is grouped for reading. `uses_left` is None where
    there is no limit; `used_at` is when it was last used, `used_in` the labels of that basket.
    Reserved, it is held until `held_until`, by its owner themselves or by a till. `includes`,
    `excludes` and `places` are the labels of its scope, empty where it has none; bound, it is for
    its owner's baskets alone.
    """

    id: str
    owner_id: str | None
    kind: Kind
    value: int
    currency: str | None
    code: str
    last_four: str
    state: State
    valid_from: datetime
    valid_until: datetime
    issued_at: datetime
    title: str = ""
    minimum_minor: int = 0
    most_minor: int | None = None
    includes: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    is_bound: bool = False
    stacking: Stacking = "exclusive"
    uses_left: int | None = 1
    used_at: datetime | None = None
    used_in: tuple[str, ...] = ()
    held_until: datetime | None = None
    is_held_by_owner: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether no use of it was taken, nor is held by a till: its owner may give it back."""
        is_open = self.state in ("issued", "reserved")
        return (
            is_open and self.used_at is None and (self.held_until is None or self.is_held_by_owner)
        )


@dataclass(frozen=True)
class LineDiscount:
    """What vouchers take off a line, and what is left to pay for it; minor units."""

    line: str
    total_minor: int
    discount_minor: int
    pays_minor: int


@dataclass(frozen=True)
class UseView:
    """A voucher that counts, known by its last four characters; a gift is named by `title`."""

    voucher_id: str
    ends_in: str
    kind: Kind
    title: str
    discount_minor: int


@dataclass(frozen=True)
class Quote:
    """What vouchers would take off a basket, and why others would not."""

    currency: str
    total_minor: int
    discount_minor: int
    pays_minor: int
    lines: tuple[LineDiscount, ...]
    vouchers: tuple[UseView, ...]
    refused: tuple[Refused, ...]


@dataclass(frozen=True)
class RolledBackLine:
    """How much of a line came back, the discount that this undoes, and what was paid for it."""

    line: str
    quantity: Decimal
    discount_minor: int
    paid_minor: int


@dataclass(frozen=True)
class RollbackView:
    """Goods that came back at once."""

    id: str
    redemption_id: str
    rolled_back_at: datetime
    discount_minor: int
    paid_minor: int
    lines: tuple[RolledBackLine, ...]


@dataclass(frozen=True)
class RedemptionView(Quote):
    """Vouchers put to a basket. A reservation holds its uses until `reserved_until`, excluded."""

    id: str
    state: RedemptionState
    owner_id: str | None
    sold_at: datetime
    reserved_until: datetime | None
    settled_at: datetime | None
    rollbacks: tuple[RollbackView, ...]


@dataclass(frozen=True)
class Validity:
    """How a voucher stands, without its code. Valid in [valid_from, valid_until)."""

    state: State
    valid_from: datetime
    valid_until: datetime


def state_at(state: State, valid_until: datetime, now: datetime) -> State:
    """The state to show: expired from the instant at which validity ends, before any clean-up."""
    return "expired" if state == "issued" and valid_until <= now else state


def shown_state(
    state: State, valid_until: datetime, now: datetime, *, uses_left: int | None, is_held: bool
) -> State:
    """The state that an owner sees: used up counts before expired, held by a till before used."""
    if state == "void":
        return state
    if is_held:
        return "reserved"
    return "redeemed" if uses_left == 0 else state_at(state, valid_until, now)


def redemption_state(
    state: RedemptionState, reserved_until: datetime | None, now: datetime
) -> RedemptionState:
    """The state to show: lapsed from the instant at which the time ends, before any clean-up."""
    is_over = reserved_until is not None and reserved_until <= now
    return "lapsed" if state == "reserved" and is_over else state


def share_back(amount: int, returned: Decimal, quantity: Decimal) -> int:
    """How much of an amount belongs to so much of a quantity, half a penny upwards.

    Grows with what is returned and reaches the amount with all of it, so that the differences of
    many returns sum to it exactly. All of a quantity of nothing is everything.
    """
    if returned >= quantity:
        return amount
    part, whole = int(returned.scaleb(6)), int(quantity.scaleb(6))
    return (2 * amount * part + whole) // (2 * whole)
