"""Batches of vouchers for integrators: make, watch, export, void; and budgets of campaigns."""

from dataclasses import dataclass
from typing import Any

from flask import Response
from flask_smorest import Blueprint

from core import clock, cursor
from loyalty.vouchers import batches
from loyalty.vouchers.batches import BatchRow, BatchView
from loyalty.vouchers.terms import Terms
from retail.journeys.vouchers import make_vouchers, plan_vouchers
from retail.journeys.vouchers.make_vouchers import WantedBatch
from web.auth import current_key, guarded, settings
from web.openapi import schema_of
from web.schemas import voucher_batches as schemas
from web.write import read, read_in_parts, write

voucher_batches = guarded(
    Blueprint("voucher_batches", __name__, description="Batches of vouchers"), "integrator"
)


@dataclass(frozen=True)
class BatchReply(BatchView):
    """A batch in a list: named by its `reference`; `uses` were redeemed or are held by tills.

    `discount_minor` is what they took off.
    """

    reference: str
    uses: int
    discount_minor: int


@dataclass(frozen=True)
class VoidedBatch:
    """A batch that is void, and how many vouchers this request ended."""

    batch: BatchView
    ended: int


@dataclass(frozen=True)
class BatchPage:
    """Batches, the newest first, and where the next page begins, if there is one."""

    batches: tuple[BatchReply, ...]
    next_after: str | None


@dataclass(frozen=True)
class TermsNamed:
    """Terms of vouchers that campaigns may give by name."""

    name: str
    terms_id: str


@dataclass(frozen=True)
class BudgetSet:
    """What a campaign may give away in all; minor units."""

    campaign_id: str
    currency: str
    limit_minor: int | None


@voucher_batches.post("/voucher-batches")
@write
@voucher_batches.arguments(schemas.VoucherBatch)
@voucher_batches.response(202, schema_of(BatchView))
def begin_batch(session: Any, wanted: WantedBatch) -> BatchView:
    """Begin to make a batch; the same reference again is the same batch."""
    brand_id = current_key().brand_id
    return make_vouchers.begin_batch(session, wanted, brand_id=brand_id, now=clock.now())


@voucher_batches.get("/voucher-batches")
@read
@voucher_batches.arguments(schemas.BatchesQuery, location="query")
@voucher_batches.response(200, schema_of(BatchPage))
def list_batches(session: Any, query: dict[str, Any]) -> BatchPage:
    """The batches of the brand, the newest first, void ones with why, and what came of each."""
    after, limit = cursor.read_instant(query.get("after")), query["limit"]
    found = batches.page(session, current_key().brand_id, after=after, limit=limit + 1)
    shown = found[:limit]
    return BatchPage(tuple(map(_told, shown)), _after(shown[-1].batch) if found[limit:] else None)


@voucher_batches.get("/voucher-batches/<batch_id>")
@read
@voucher_batches.response(200, schema_of(BatchView))
def show_batch(session: Any, batch_id: str) -> BatchView:
    """How far a batch has come."""
    return batches.get_batch(session, batch_id, programme_id=current_key().brand_id)


@voucher_batches.get("/voucher-batches/<batch_id>/codes.csv")
@read_in_parts
@voucher_batches.response(200, {"type": "string"}, content_type="text/csv")
def export_codes(session: Any, batch_id: str) -> Response:
    """Every code of a batch with its state, as CSV. Who has the file has the vouchers."""
    when = {"now": clock.now(), "key": settings().key}
    parts = make_vouchers.export_csv(session, batch_id, brand_id=current_key().brand_id, **when)
    headers = {"Content-Disposition": 'attachment; filename="vouchers.csv"'}
    return Response(parts, content_type="text/csv; charset=utf-8", headers=headers)


@voucher_batches.post("/voucher-batches/<batch_id>/void")
@write
@voucher_batches.arguments(schemas.WhyVoid, required=False)
@voucher_batches.response(200, schema_of(VoidedBatch))
def void_batch(session: Any, why: dict[str, Any], batch_id: str) -> VoidedBatch:
    """End every voucher of a batch that can still be used, and make no more; the why is kept."""
    how = {"programme_id": current_key().brand_id, "now": clock.now()} | why
    return VoidedBatch(*batches.void_batch(session, batch_id, **how))


@voucher_batches.put("/voucher-terms/<name>")
@write
@voucher_batches.arguments(schemas.VoucherTerms)
@voucher_batches.response(200, schema_of(TermsNamed))
def name_terms(session: Any, terms: Terms, name: str) -> TermsNamed:
    """Agree on terms under a name by which campaigns give vouchers; they never change again."""
    schemas.check_name(name)
    how = {"brand_id": current_key().brand_id, "now": clock.now()}
    return TermsNamed(name, plan_vouchers.name_terms(session, name, terms, **how))


@voucher_batches.put("/voucher-budgets/<campaign_id>")
@write
@voucher_batches.arguments(schemas.Budget)
@voucher_batches.response(200, schema_of(BudgetSet))
def set_budget(session: Any, budget: dict[str, Any], campaign_id: str) -> BudgetSet:
    """Say how much a campaign may give away in all, what it gave included."""
    how = {"brand_id": current_key().brand_id} | budget
    plan_vouchers.set_budget(session, campaign_id, **how)
    return BudgetSet(campaign_id, **budget)


def _told(row: BatchRow) -> BatchReply:
    came = {"uses": row.uses, "discount_minor": row.discount_minor}
    return BatchReply(**vars(row.batch), reference=row.reference, **came)


def _after(last: BatchView) -> str:
    return cursor.pack_instant(last.created_at, last.id)
