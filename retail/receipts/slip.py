"""The words of a printed receipt. Pure; how they are set is the printer's and the page's work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Protocol
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal, get_currency_precision

from retail.brands.queries import BrandView
from retail.brands.vocabulary import said
from retail.receipts.given import NOTHING, Given, named
from retail.receipts.rules import plain_quantity

UNKNOWN_SHOPPER = "Like what you bought? Show it off."
INVITATION = "Scan to lay out your look. Joining is free and you choose who sees it."
FOOT = ("Keep this receipt for returns.", "Your shopping stays private unless you share it.")

# What is praised where no vocabulary praises what a drawing shows.
ANY_PRAISE = "that look"
_PRAISE = "praise"


@dataclass(frozen=True)
class SlipLine:
    """One line: what, how much, and small beneath it colour and size or how many."""

    name: str
    amount: str
    detail: str = ""


@dataclass(frozen=True)
class Slip:
    """Everything that stands on the paper, in order. Without `claim_url` there is no box."""

    brand_name: str
    store_name: str
    sold_at: str
    till: str
    number: str
    lines: tuple[SlipLine, ...]
    total: str
    extras: tuple[SlipLine, ...]
    headline: str
    invitation: str
    claim_url: str | None
    code: str
    open_until: str
    foot: tuple[str, ...]
    lang: str


class _Line(Protocol):
    @property
    def position(self) -> int: ...
    @property
    def variant_id(self) -> str | None: ...
    @property
    def gtin(self) -> str | None: ...
    @property
    def sku(self) -> str | None: ...
    @property
    def description(self) -> str: ...
    @property
    def quantity(self) -> Decimal: ...
    @property
    def total_minor(self) -> int: ...
    @property
    def discount_minor(self) -> int: ...
    @property
    def is_gift(self) -> bool: ...


class _Receipt(Protocol):
    @property
    def till(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def sold_at(self) -> datetime: ...
    @property
    def currency(self) -> str: ...
    @property
    def total_minor(self) -> int: ...
    @property
    def lines(self) -> Sequence[_Line]: ...
    @property
    def code_expires_at(self) -> datetime | None: ...
    @property
    def claim_ends_at(self) -> datetime | None: ...


class _Store(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def zone(self) -> str: ...
    @property
    def locale(self) -> str: ...


class _Variant(Protocol):
    @property
    def style_name(self) -> str: ...
    @property
    def colour_name(self) -> str: ...
    @property
    def size(self) -> str: ...
    @property
    def price_minor(self) -> int: ...
    @property
    def drawing(self) -> str | None: ...
    @property
    def is_never_shareable(self) -> bool: ...


def compose(
    receipt: _Receipt,
    *,
    brand: BrandView,
    store: _Store,
    variants: Mapping[str, _Variant],
    member_name: str | None,
    claim_url: str | None,
    code: str,
    given: Given = NOTHING,
) -> Slip:
    """The words for one receipt; `member_name` only where the till knew whose it is."""
    locale = Locale.parse(store.locale, sep="-")
    zone = ZoneInfo(store.zone)
    sold_at = receipt.sold_at.astimezone(zone)
    is_open = receipt.claim_ends_at is not None
    return Slip(
        brand_name=brand.name,
        store_name=store.name,
        sold_at=format_datetime(sold_at, "EEE d MMM yyyy, HH:mm", locale=locale),
        till=f"Till {receipt.till}",
        number=receipt.number,
        lines=goods(receipt.lines, variants, receipt.currency, store.locale, given),
        total=total(receipt.total_minor, receipt.currency, store.locale),
        extras=extras(given),
        headline=headline(receipt.lines, variants, member_name, brand.words),
        invitation=said(INVITATION, brand.words) or INVITATION,
        claim_url=claim_url if is_open else None,
        code=code if is_open else "",
        open_until=_open_until(receipt, zone, locale),
        foot=FOOT,
        lang=store.locale,
    )


def goods(
    lines: Sequence[_Line],
    variants: Mapping[str, _Variant],
    currency: str,
    locale: str,
    given: Given = NOTHING,
) -> tuple[SlipLine, ...]:
    """The goods as they stand on paper, each with what was taken off it and by whom."""
    place = Locale.parse(locale, sep="-")
    found: list[SlipLine] = []
    for line in lines:
        found += _lines(line, variants.get(line.variant_id or ""), currency, place, given)
    return tuple(found)


def total(minor: int, currency: str, locale: str) -> str:
    """What was paid, with its currency."""
    place = Locale.parse(locale, sep="-")
    return str(format_currency(_amount(minor, currency), currency, locale=place))


def extras(given: Given) -> tuple[SlipLine, ...]:
    """What campaigns gave beside discounts."""
    counts = (("Extra points", given.points), ("Extra credits", given.credits))
    points = [SlipLine(name, f"+{count}") for name, count in counts if count]
    return (*points, *(SlipLine(f"Voucher: {voucher}", "1") for voucher in given.vouchers))


def headline(
    lines: Sequence[_Line],
    variants: Mapping[str, _Variant],
    member_name: str | None,
    vocabulary: str,
) -> str:
    """The personal line: to a known member about the dearest piece that may be spoken of."""
    words = (member_name or "").split()
    if not words:
        return UNKNOWN_SHOPPER
    speakable = [
        (variant.price_minor, praise)
        for line in lines
        if (variant := variants.get(line.variant_id or ""))
        and not line.is_gift
        and not variant.is_never_shareable
        and (praise := said(variant.drawing or "", vocabulary, context=_PRAISE))
    ]
    anything = (0, said(ANY_PRAISE, vocabulary) or ANY_PRAISE)
    _, praise = max(speakable, default=anything, key=lambda piece: piece[0])
    verb = "deserve" if praise.startswith("those") else "deserves"
    return f"{words[0]}, {praise} {verb} an audience"


def print_line(slip: Slip) -> str:
    """The one line for a till that prints nothing else of ours: address and code."""
    return f"{slip.headline} {slip.claim_url} or code {slip.code}" if slip.claim_url else ""


def _lines(
    line: _Line, variant: _Variant | None, currency: str, locale: Locale, given: Given
) -> list[SlipLine]:
    name = variant.style_name if variant else line.description or line.sku or line.gtin or ""
    details = [variant.colour_name.lower(), variant.size] if variant else []
    if line.quantity != 1:
        details.append(f"× {plain_quantity(line.quantity)}")
    gross = _text(line.total_minor + line.discount_minor, currency, locale)
    parts = named(line.position, line.discount_minor, given)
    return [
        SlipLine(name, gross, ", ".join(filter(None, details))),
        *(
            SlipLine(part.name or "Discount", _text(-part.amount_minor, currency, locale))
            for part in parts
        ),
    ]


def _open_until(receipt: _Receipt, zone: ZoneInfo, locale: Locale) -> str:
    if receipt.claim_ends_at is None or receipt.code_expires_at is None:
        return ""
    scan, code = (
        format_date((end.astimezone(zone) - timedelta(seconds=1)).date(), "d MMMM", locale=locale)
        for end in (receipt.claim_ends_at, receipt.code_expires_at)
    )
    return f"Scan until {scan}, type the code until {code}. One claim per receipt."


def _amount(minor: int, currency: str) -> Decimal:
    return Decimal(minor).scaleb(-get_currency_precision(currency))


def _text(minor: int, currency: str, locale: Locale) -> str:
    places = get_currency_precision(currency)
    pattern = "0." + "0" * places if places else "0"
    return format_decimal(_amount(minor, currency), pattern, locale=locale)
