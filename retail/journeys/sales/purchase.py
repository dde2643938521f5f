"""A till sells: the receipt is recorded, stock taken, and the slip's code handed back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy.orm import Session

from core.config import Settings
from core.errors import Invalid
from retail.accounts import queries as accounts
from retail.brands import queries as brands
from retail.brands.queries import StoreView
from retail.catalogue import queries as catalogue
from retail.catalogue import service as stock
from retail.journeys.holds.hold_piece import holder_of
from retail.journeys.points.earn_points import earn_points
from retail.receipts import codes, queries, rules, slip
from retail.receipts import service as receipts
from retail.receipts.rules import ReceiptInput
from retail.receipts.service import Recorded
from retail.receipts.views import ReceiptView
from retail.staff.queries import KeyView


@dataclass(frozen=True)
class Notice:
    """Something the till may want to know; the sale stands all the same."""

    code: str
    detail: str
    line: int | None = None


@dataclass(frozen=True)
class SoldProduct:
    """What the catalogue knows of a line."""

    variant_id: str
    style_id: str
    name: str
    colour_name: str
    size: str


@dataclass(frozen=True)
class PurchaseLine:
    """A line as recorded; `product` is empty where the catalogue did not know it."""

    position: int
    gtin: str | None
    sku: str | None
    description: str
    quantity: Decimal
    total_minor: int
    discount_minor: int
    product: SoldProduct | None


@dataclass(frozen=True)
class PurchaseReply:
    """What a till gets back. The same receipt again gets the same."""

    id: str
    store: str
    till: str
    number: str
    sold_at: datetime
    currency: str
    total_minor: int
    claim_url: str
    code: str
    code_expires_at: datetime | None
    claim_ends_at: datetime | None
    print_line: str
    print_url: str
    lines: tuple[PurchaseLine, ...]
    notices: tuple[Notice, ...]


@dataclass(frozen=True)
class Purchase:
    """The reply, and whether this request is what recorded the receipt."""

    reply: PurchaseReply
    is_new: bool


def record_purchase(
    session: Session,
    *,
    key: KeyView,
    store_slug: str | None,
    receipt: ReceiptInput,
    now: datetime,
    settings: Settings,
) -> Purchase:
    """Record what a till sold; the same receipt again has no second effect.

    Goods the catalogue does not know, and members who do not exist, never stop a sale; the reply
    names them. Raises Invalid for what makes no sense, Conflict where the number is taken.
    """
    store = store_of_key(session, key, store_slug)
    recorded = record_sale(session, store=store, receipt=receipt, now=now, settings=settings)
    reply = _reply(session, recorded.receipt_id, store, settings, receipt.member_id)
    return Purchase(reply, recorded.is_new)


def record_sale(
    session: Session,
    *,
    store: StoreView,
    receipt: ReceiptInput,
    now: datetime,
    settings: Settings,
) -> Recorded:
    """Record what was sold in a store, by whatever till, with all that a sale brings.

    Raises as `record_purchase`.
    """
    checked = rules.check_receipt(receipt, currency=store.currency, now=now)
    variant_ids = _variant_ids(session, store.brand_id, checked)
    recorded = receipts.record(
        session,
        store=store,
        receipt=checked,
        variant_ids=variant_ids,
        member_id=_member_id(session, store.brand_id, checked.member_id),
        now=now,
        key=settings.key,
        code_days=settings.receipt_code_days,
        claim_days=settings.receipt_claim_days,
    )
    if recorded.is_new:
        _take_stock(session, store, checked, variant_ids, now)
        earn_points(session, queries.get_receipt(session, recorded.receipt_id), now=now)
    return recorded


def store_of_key(session: Session, key: KeyView, store_slug: str | None) -> StoreView:
    """The store a key sells for: its own, or for an integrator's key the one named.

    Raises Invalid for a store that is missing, unknown, or not the key's.
    """
    if key.store_id is not None:
        store = brands.get_store(session, key.store_id, brand_id=key.brand_id)
        if store_slug in (None, store.slug):
            return store
    elif store_slug is not None:
        for store in brands.list_stores(session, key.brand_id):
            if store.slug == store_slug:
                return store
    sentence = "Name a store that this key may sell for."
    raise Invalid("store_unknown", sentence, fields={"store": [sentence]})


def whole_pieces(quantities: Iterable[tuple[str | None, Decimal]]) -> dict[str, int]:
    """Quantities by variant as pieces of stock, which is counted in whole ones."""
    exact: dict[str, Decimal] = {}
    for variant_id, quantity in quantities:
        if variant_id is not None:
            exact[variant_id] = exact.get(variant_id, Decimal(0)) + quantity
    pieces = {
        variant_id: int(quantity.to_integral_value(ROUND_HALF_UP))
        for variant_id, quantity in exact.items()
    }
    return {variant_id: count for variant_id, count in pieces.items() if count}


def _variant_ids(session: Session, brand_id: str, receipt: ReceiptInput) -> list[str | None]:
    known = catalogue.find_variants(
        session,
        brand_id,
        {line.gtin for line in receipt.lines if line.gtin},
        {line.sku for line in receipt.lines if line.sku},
    )
    return [
        variant.id
        if (variant := known.get(("gtin", line.gtin or "")) or known.get(("sku", line.sku or "")))
        else None
        for line in receipt.lines
    ]


def _member_id(session: Session, brand_id: str, named: str | None) -> str | None:
    member = accounts.members_by_id(session, [named]).get(named) if named else None
    return member.id if member and member.brand_id == brand_id else None


def _take_stock(
    session: Session,
    store: StoreView,
    receipt: ReceiptInput,
    variant_ids: list[str | None],
    now: datetime,
) -> None:
    member_id = _member_id(session, store.brand_id, receipt.member_id)
    sold = [
        (variant_id, line.quantity)
        for variant_id, line in zip(variant_ids, receipt.lines, strict=True)
    ]
    stock.take_stock(
        session,
        brand_id=store.brand_id,
        store_id=store.id,
        quantities=whole_pieces(sold),
        sold_at=receipt.sold_at,
        holder=holder_of(member_id) if member_id else None,
        now=now,
    )


def _reply(
    session: Session,
    receipt_id: str,
    store: StoreView,
    settings: Settings,
    named_member: str | None,
) -> PurchaseReply:
    receipt = queries.get_receipt(session, receipt_id)
    paper = queries.slip(
        session,
        receipt_id,
        brand_id=store.brand_id,
        key=settings.key,
        public_url=settings.public_url,
    )
    return PurchaseReply(
        id=receipt.id,
        store=store.slug,
        till=receipt.till,
        number=receipt.number,
        sold_at=receipt.sold_at,
        currency=receipt.currency,
        total_minor=receipt.total_minor,
        claim_url=paper.claim_url or "",
        code=paper.code or "",
        code_expires_at=receipt.code_expires_at,
        claim_ends_at=receipt.claim_ends_at,
        print_line=slip.print_line(paper),
        print_url=codes.print_url(settings.public_url, settings.key, receipt.id),
        lines=_reply_lines(session, receipt),
        notices=tuple(_notices(receipt, named_member)),
    )


def _reply_lines(session: Session, receipt: ReceiptView) -> tuple[PurchaseLine, ...]:
    ids = [line.variant_id for line in receipt.lines if line.variant_id]
    variants = catalogue.get_variants(session, receipt.brand_id, ids)
    return tuple(
        PurchaseLine(
            position=line.position,
            gtin=line.gtin,
            sku=line.sku,
            description=line.description,
            quantity=line.quantity,
            total_minor=line.total_minor,
            discount_minor=line.discount_minor,
            product=SoldProduct(
                known.id, known.style_id, known.style_name, known.colour_name, known.size
            )
            if (known := variants.get(line.variant_id or ""))
            else None,
        )
        for line in receipt.lines
    )


def _notices(receipt: ReceiptView, named_member: str | None) -> list[Notice]:
    notices = [
        Notice("unknown_product", "We don’t know this product; the line is kept.", line.position)
        for line in receipt.lines
        if line.variant_id is None and (line.gtin or line.sku)
    ]
    if named_member and not receipt.is_member_known:
        notices.append(Notice("unknown_member", "We don’t know this member; the sale is kept."))
    return notices
