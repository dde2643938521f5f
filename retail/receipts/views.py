"""What the rest of the house sees of receipts."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class LineView:
    """A line as sold, and what has come back of it; `total_minor` was paid for all of it."""

    id: str
    position: int
    variant_id: str | None
    gtin: str | None
    sku: str | None
    description: str
    quantity: Decimal
    total_minor: int
    discount_minor: int
    is_gift: bool
    returned_quantity: Decimal
    returned_minor: int
    is_returned: bool


@dataclass(frozen=True)
class ReceiptView:
    """A receipt with its lines. `is_member_known`: the till already said whose it is."""

    id: str
    brand_id: str
    store_id: str
    till: str
    number: str
    sold_at: datetime
    recorded_at: datetime
    currency: str
    total_minor: int
    source: str
    member_id: str | None
    claimed_at: datetime | None
    is_member_known: bool
    code_expires_at: datetime | None
    claim_ends_at: datetime | None
    token_hash: str | None = field(repr=False)
    lines: tuple[LineView, ...]

    @property
    def returned_minor(self) -> int:
        """What was paid back so far."""
        return sum(line.returned_minor for line in self.lines)


@dataclass(frozen=True)
class ReturnedLineView:
    """What came back of a line."""

    position: int
    variant_id: str | None
    quantity: Decimal
    amount_minor: int


@dataclass(frozen=True)
class ReturnView:
    """A refund, line by line."""

    id: str
    receipt_id: str
    number: str
    returned_at: datetime
    amount_minor: int
    currency: str
    lines: tuple[ReturnedLineView, ...]


@dataclass(frozen=True)
class ImportView:
    """How far a file of historic receipts has come; `state` is running or done."""

    id: str
    state: str
    rows_total: int
    rows_done: int
    receipts_new: int
    receipts_known: int
    problems_total: int
    problems: list[dict[str, Any]]
    started_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True)
class Takings:
    """What a store rang up since some instant; the last receipt is the one recorded last."""

    store_id: str
    receipts: int
    claimed: int
    sold_minor: int
    last_at: datetime
    last_receipt_id: str
