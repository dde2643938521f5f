"""Outfits for tests: bought, laid out and published in one call."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from core import clock
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.catalogue.queries import VariantView
from retail.consent.rules import PUBLIC_OUTFITS
from retail.journeys.looks.lay_out import lay_out
from retail.journeys.looks.publish import publish
from retail.receipts import queries as receipts
from retail.receipts import service
from retail.receipts.rules import LineInput, ReceiptInput
from retail.receipts.views import ReceiptView
from tests.builders.accounts import give_consent, new_member
from tests.builders.catalogue import new_variants
from tests.conftest import KEY

_numbers = count(1)
GROWN_UP = date(1994, 5, 17)


def new_stylist(session: Session, brand_id: str, **overrides: Any) -> MemberView:
    """A grown-up member who agreed to public looks."""
    values = {"birth_on": GROWN_UP} | overrides
    member = new_member(session, brand_id, **values)
    give_consent(session, member, PUBLIC_OUTFITS)
    return member


def bought(
    session: Session,
    store: StoreView,
    member: MemberView,
    variants: Sequence[VariantView],
    *,
    sold_at: datetime | None = None,
    **line: Any,
) -> ReceiptView:
    """A receipt of the member for one of each variant, of the last hour or an instant before."""
    now = clock.now()
    given = ReceiptInput(
        till="1",
        number=f"sale-{next(_numbers)}",
        sold_at=sold_at or now - timedelta(hours=1),
        currency=store.currency,
        lines=tuple(
            LineInput(Decimal(1), v.price_minor, gtin=v.gtin, description=v.style_name, **line)
            for v in variants
        ),
    )
    recorded = service.record(
        session,
        store=store,
        receipt=given,
        variant_ids=[variant.id for variant in variants],
        member_id=member.id,
        now=now,
        key=KEY,
        code_days=14,
        claim_days=30,
    )
    return receipts.get_receipt(session, recorded.receipt_id)


def new_draft(
    session: Session,
    store: StoreView,
    member: MemberView,
    *,
    drawings: Sequence[str] = ("trench", "jeans"),
) -> str:
    """The id of an outfit that the member has laid out and shown to nobody."""
    variants = new_variants(session, brand_id=store.brand_id, drawings=drawings)
    receipt = bought(session, store, member, variants)
    return lay_out(session, receipt.id, member=member, now=clock.now())


def new_outfit(
    session: Session,
    store: StoreView,
    *,
    member: MemberView | None = None,
    audience: str = "everyone",
    drawings: Sequence[str] = ("trench", "jeans"),
) -> str:
    """The id of a published outfit, of the member given or of a new stylist."""
    stylist = member or new_stylist(session, store.brand_id)
    outfit_id = new_draft(session, store, stylist, drawings=drawings)
    publish(session, outfit_id, member=stylist, audience=audience, now=clock.now())
    return outfit_id


def lay_out_and_show(session: Session, store: StoreView, *goods: VariantView) -> str:
    """The id of a look in these goods that a new stylist shows to everyone."""
    stylist = new_stylist(session, store.brand_id)
    receipt = bought(session, store, stylist, goods)
    outfit_id = lay_out(session, receipt.id, member=stylist, now=clock.now())
    publish(session, outfit_id, member=stylist, audience="everyone", now=clock.now())
    return outfit_id
