"""What a receipt may say, when two are the same, and until when one can be claimed. Pure."""

import hashlib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import zip_longest
from typing import Any
from zoneinfo import ZoneInfo

from core.errors import Invalid, NotFound
from core.model import ID_LENGTH
from retail.catalogue.cells import read_gtin
from retail.receipts.card_numbers import SENTENCE as CARD_SENTENCE
from retail.receipts.card_numbers import has_card_number

TILL_LENGTH = 20
NUMBER_LENGTH = 40
SKU_LENGTH = 60
DESCRIPTION_LENGTH = 120
MAX_LINES = 500
MAX_MINOR = 10**12
MAX_QUANTITY = Decimal(10_000_000)
OLDEST = datetime(1990, 1, 1, tzinfo=UTC)
# A till's clock may be wrong by a zone; the sale is true all the same.
CLOCK_TOLERANCE = timedelta(hours=24)
_END = "\x1e"
_GAP = "\x1f"


@dataclass(frozen=True)
class LineInput:
    """A line as sold: `total_minor` was paid for it, after `discount_minor` was taken off."""

    quantity: Decimal
    total_minor: int
    gtin: str | None = None
    sku: str | None = None
    description: str = ""
    discount_minor: int = 0
    is_gift: bool = False


@dataclass(frozen=True)
class ReceiptInput:
    """A receipt as a till sends it. `member_id` is set where the till knew whose it is."""

    till: str
    number: str
    sold_at: datetime
    currency: str
    lines: tuple[LineInput, ...]
    member_id: str | None = None

    @property
    def total_minor(self) -> int:
        """The sum of the line totals, which are authoritative."""
        return sum(line.total_minor for line in self.lines)


def check_receipt(receipt: ReceiptInput, *, currency: str, now: datetime) -> ReceiptInput:
    """The receipt in the one form in which it is kept and compared.

    Raises Invalid, with every field that is wrong, for what makes no sense in a store that
    trades in `currency`.
    """
    fields: dict[str, list[str]] = {}
    tidy = {"till": receipt.till.strip(), "number": receipt.number.strip()}
    for name, limit in (("till", TILL_LENGTH), ("number", NUMBER_LENGTH)):
        problem = find_code_problem(tidy[name], limit)
        if problem:
            fields[name] = [problem]
    if receipt.member_id is not None and find_code_problem(receipt.member_id, ID_LENGTH):
        fields["member_id"] = ["This is not a member’s id."]
    problem = find_time_problem(receipt.sold_at, now)
    if problem:
        fields["sold_at"] = [problem]
    if receipt.currency != currency:
        fields["currency"] = [f"This store trades in {currency}."]
    if not 1 <= len(receipt.lines) <= MAX_LINES:
        fields["lines"] = [f"A receipt has 1 to {MAX_LINES} lines."]
    lines = tuple(map(tidy_line, receipt.lines))
    for index, line in enumerate(lines):
        for name, sentence in find_line_problems(line):
            fields.setdefault(f"lines.{index}.{name}", []).append(sentence)
    if fields:
        raise Invalid("receipt_invalid", "Some fields need another look.", fields=fields)
    return replace(
        receipt,
        **tidy,
        sold_at=receipt.sold_at.astimezone(UTC),
        lines=tuple(replace(line, gtin=read_gtin(line.gtin or "")) for line in lines),
    )


def tidy_line(line: LineInput) -> LineInput:
    """The line with tidy texts; what is empty is absent."""
    return replace(
        line,
        gtin=(line.gtin or "").strip() or None,
        sku=(line.sku or "").strip() or None,
        description=tidy_text(line.description),
    )


def tidy_text(text: str) -> str:
    """Free text as it can be printed: one form for each letter, single spaces, no control marks."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())[:DESCRIPTION_LENGTH].rstrip()
    spaced = " ".join(unicodedata.normalize("NFC", text).split())
    return "".join(c for c in spaced if c.isprintable()).strip()[:DESCRIPTION_LENGTH].rstrip()


def find_code_problem(code: str, limit: int) -> str | None:
    """The sentence that says why this cannot be a number or code, or None."""
    if not code:
        return "This is missing."
    if len(code) > limit:
        return f"Keep it to {limit} characters."
    return None if code.isprintable() else "There is a character in it that cannot be printed."


def find_time_problem(sold_at: datetime, now: datetime) -> str | None:
    """The sentence that says why nothing was sold at this instant, or None."""
    if sold_at.tzinfo is None:
        return "Add the offset from UTC, such as Z or +01:00."
    if not OLDEST <= sold_at <= now + CLOCK_TOLERANCE:
        return "This is not a time at which you sold something. Check the till’s clock."
    return None


def find_line_problems(line: LineInput) -> Iterator[tuple[str, str]]:
    """Each field of a tidied line that makes no sense, with the sentence that says why."""
    if not (line.gtin or line.sku or line.description):
        yield "description", "Say what was sold: gtin, sku or description."
    if line.gtin:
        problem = find_gtin_problem(line.gtin)
        if problem:
            yield "gtin", problem
    if line.sku:
        problem = find_code_problem(line.sku, SKU_LENGTH)
        if problem:
            yield "sku", problem
    if has_card_number(line.description):
        yield "description", CARD_SENTENCE
    problem = find_quantity_problem(line.quantity)
    if problem:
        yield "quantity", problem
    for name, amount in (
        ("total_minor", line.total_minor),
        ("discount_minor", line.discount_minor),
    ):
        if not 0 <= amount <= MAX_MINOR:
            yield name, f"An amount is between 0 and {MAX_MINOR} minor units."


@lru_cache(maxsize=65_536)
def find_gtin_problem(gtin: str) -> str | None:
    """The sentence that says why this is not a GTIN, or None."""
    try:
        read_gtin(gtin)
    except ValueError as error:
        return str(error)
    return None


def find_quantity_problem(quantity: Decimal) -> str | None:
    """The sentence that says why this is not a quantity, or None."""
    if not quantity.is_finite() or not 0 <= quantity <= MAX_QUANTITY:
        return "A quantity is between 0 and ten million."
    if quantity != round(quantity, 3):
        return "A quantity has at most three decimals."
    return None


def fingerprint(receipt: ReceiptInput) -> str:
    """A hash over all that a checked receipt says; equal receipts have equal ones."""
    marks = [
        line_mark(
            line.gtin,
            line.sku,
            line.description,
            int(line.quantity.scaleb(3)),
            line.total_minor,
            line.discount_minor,
            is_gift=line.is_gift,
        )
        for line in receipt.lines
    ]
    return fingerprint_of(
        receipt.till,
        receipt.number,
        receipt.sold_at,
        receipt.currency,
        receipt.member_id,
        marks,
    )


def line_mark(
    gtin: str | None,
    sku: str | None,
    description: str,
    thousandths: int,
    total_minor: int,
    discount_minor: int,
    *,
    is_gift: bool = False,
) -> str:
    """A line's part in the fingerprint.

    The texts hold no control characters, so the marks between them cannot be forged.
    """
    return (
        f"{gtin or ''}{_GAP}{sku or ''}{_GAP}{description}{_GAP}"
        f"{thousandths} {total_minor} {discount_minor} {is_gift:d}"
    )


def fingerprint_of(
    till: str,
    number: str,
    sold_at: datetime,
    currency: str,
    member_id: str | None,
    marks: list[str],
) -> str:
    """The fingerprint of a receipt whose lines have these marks; `sold_at` is in UTC."""
    head = _GAP.join((till, number, sold_at.isoformat(), currency, member_id or ""))
    return hashlib.sha256(_END.join([head, *marks]).encode()).hexdigest()


def differences(recorded: ReceiptInput, sent: ReceiptInput) -> list[dict[str, Any]]:
    """What two receipts under the same number say differently, field by field.

    Whose the receipt is stands apart: it is named as differing, never told.
    """
    found = [
        {"field": name, "recorded": _plain(mine), "sent": _plain(theirs)}
        for name in ("sold_at", "currency")
        if (mine := getattr(recorded, name)) != (theirs := getattr(sent, name))
    ]
    if len(recorded.lines) != len(sent.lines):
        counts = {"recorded": len(recorded.lines), "sent": len(sent.lines)}
        found.append({"field": "lines", **counts})
    for index, pair in enumerate(zip_longest(recorded.lines, sent.lines)):
        if None not in pair:
            found += _line_differences(index, *pair)
    return found or [{"field": "member_id"}]


def _line_differences(index: int, mine: LineInput, theirs: LineInput) -> list[dict[str, Any]]:
    return [
        {"field": f"lines.{index}.{name}", "recorded": _plain(known), "sent": _plain(sent)}
        for name in LineInput.__dataclass_fields__
        if (known := getattr(mine, name)) != (sent := getattr(theirs, name))
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return plain_quantity(value) if isinstance(value, Decimal) else value


def plain_quantity(quantity: Decimal) -> str:
    """A quantity as people write it: no exponent, no idle zeros."""
    text = f"{quantity:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def last_instant(now: datetime, *, zone: str, days: int) -> datetime:
    """The end of the last whole day, in the store's zone, that lies within so many days from now.

    So a slip can name a day, and the day named is good to its end.
    """
    local = now.astimezone(ZoneInfo(zone))
    midnight = datetime.combine(local.date() + timedelta(days=days), time(0), local.tzinfo)
    return midnight.astimezone(UTC)


def not_found() -> NotFound:
    """One answer for wrong, used, unknown and expired, so that none can be told from another."""
    return NotFound(
        "receipt_not_found",
        "That code doesn’t open a receipt. It can take 2 minutes to reach us; "
        "if it still doesn’t, show the receipt at the till.",
    )
