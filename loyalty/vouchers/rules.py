"""What a voucher is worth, its states, and when it is valid."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.errors import Invalid

Kind = Literal["amount", "percent"]
State = Literal["issued", "reserved", "redeemed", "void", "expired"]


@dataclass(frozen=True)
class Issued:
    """The voucher of a source, and whether it was written just now."""

    voucher_id: str
    is_new: bool


@dataclass(frozen=True)
class VoucherView:
    """A voucher as its owner sees it. `value` is minor units of `currency`, or per cent.

    Valid in [valid_from, valid_until). `code` is grouped for reading.
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


@dataclass(frozen=True)
class Validity:
    """How a voucher stands, without its code. Valid in [valid_from, valid_until)."""

    state: State
    valid_from: datetime
    valid_until: datetime


def state_at(state: State, valid_until: datetime, now: datetime) -> State:
    """The state to show: expired from the instant at which validity ends, before any clean-up."""
    return "expired" if state == "issued" and valid_until <= now else state


def check_worth(
    kind: Kind, value: int, currency: str | None, valid_from: datetime, valid_until: datetime
) -> None:
    """Raise Invalid unless a voucher of this worth makes sense."""
    fields: dict[str, list[str]] = {}
    if type(value) is not int or value < 1 or (kind == "percent" and value > 100):
        fields["value"] = ["A voucher is worth whole minor units from 1, or 1 to 100 per cent."]
    if (kind == "amount") == (currency is None):
        fields["currency"] = ["A sum has a currency, a share has none."]
    if valid_from >= valid_until:
        fields["valid_until"] = ["A voucher is valid until some time after it begins to be."]
    if fields:
        raise Invalid("voucher_unclear", "This voucher makes no sense.", fields=fields)
