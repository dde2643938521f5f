"""Receipts, as tills send them and as they stand once recorded."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from core import clock
from core.config import Settings
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.brands.queries import StoreView
from retail.catalogue.queries import VariantView
from retail.receipts import queries, rules, service
from retail.receipts.rules import LineInput, ReceiptInput
from retail.receipts.views import ReceiptView
from retail.staff.queries import KeyView
from tests.conftest import KEY

_numbers = count(1)
SETTINGS = Settings(environment="test", secret_key=KEY.decode(), public_url="https://shop.example")


def line(variant: VariantView | None = None, **overrides: Any) -> LineInput:
    """One piece of the variant at its price, or one unknown thing for ten pounds."""
    values: dict[str, Any] = {"quantity": Decimal(1), "total_minor": 1_000, "description": "Thing"}
    if variant is not None:
        values |= {
            "gtin": variant.gtin,
            "sku": variant.sku,
            "description": variant.style_name,
            "total_minor": variant.price_minor,
        }
    return LineInput(**(values | overrides))


def receipt_input(*lines: LineInput, **overrides: Any) -> ReceiptInput:
    """A receipt of the last minute with these lines, or with one of an unknown thing."""
    values: dict[str, Any] = {
        "till": "1",
        "number": f"R-{next(_numbers)}",
        "sold_at": clock.now() - timedelta(minutes=1),
        "currency": "GBP",
        "lines": lines or (line(),),
    }
    return ReceiptInput(**(values | overrides))


def till_of(store: StoreView) -> KeyView:
    """The key of a till in this store, for journeys that want one but look nothing up by it."""
    return KeyView("0" * 26, store.brand_id, store.id, "till", "Till 1")


def new_receipt(
    session: Session,
    *,
    store: StoreView,
    variants: Sequence[VariantView] = (),
    member: MemberView | None = None,
    key: bytes = KEY,
    **overrides: Any,
) -> ReceiptView:
    """A recorded receipt of these variants; with a member, born claimed."""
    known = brands.get_store(session, store.id)
    sent = receipt_input(*map(line, variants), **overrides)
    checked = rules.check_receipt(sent, currency=known.currency, now=clock.now())
    recorded = service.record(
        session,
        store=known,
        receipt=checked,
        variant_ids=[variant.id for variant in variants] or [None] * len(checked.lines),
        member_id=member.id if member else None,
        now=clock.now(),
        key=key,
        code_days=14,
        claim_days=30,
    )
    return queries.get_receipt(session, recorded.receipt_id)
