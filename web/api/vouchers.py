"""Vouchers at a till: ask, hold, redeem, let go, take back."""

from typing import Any

from flask_smorest import Blueprint

from core import clock
from loyalty.vouchers import written
from loyalty.vouchers.rules import Quote, RedemptionView, RollbackView
from retail.brands.queries import StoreView
from retail.journeys.sales.purchase import store_of_key
from retail.journeys.vouchers import redeem_vouchers as journey
from retail.receipts.till_sales import sale_source
from web.auth import current_key, guarded, settings
from web.openapi import schema_of
from web.schemas import vouchers as schemas
from web.schemas.vouchers import Asked
from web.write import read, write

# Whose basket it was, the till knew or has no need to.
REDEMPTION = schema_of(RedemptionView)(exclude=("owner_id",))

vouchers = guarded(Blueprint("vouchers", __name__, description="Vouchers at tills"), "till")


@vouchers.post("/vouchers/validate")
@read
@vouchers.arguments(schemas.Basket)
@vouchers.response(200, schema_of(Quote))
def validate(session: Any, asked: Asked) -> Quote:
    """What vouchers would take off each line, and why others would not; nothing is kept."""
    return journey.quote(session, **_sale(session, asked))


@vouchers.post("/voucher-reservations")
@write
@vouchers.arguments(schemas.Reservation)
@vouchers.response(201, REDEMPTION)
def reserve(session: Any, asked: Asked) -> RedemptionView:
    """Hold one use of each voucher that counts; the same sale again gets the same answer."""
    return journey.reserve(session, source=_source(session, asked), **_sale(session, asked))


@vouchers.get("/voucher-reservations/<redemption_id>")
@read
@vouchers.response(200, REDEMPTION)
def show(session: Any, redemption_id: str) -> RedemptionView:
    """A reservation or redemption of the brand as it stands, with what came back of it."""
    when = {"programme_id": current_key().brand_id, "now": clock.now()}
    return written.get_redemption(session, redemption_id, **when)


@vouchers.post("/voucher-reservations/<redemption_id>/redeem")
@write
@vouchers.response(200, REDEMPTION)
def redeem(session: Any, redemption_id: str) -> RedemptionView:
    """Redeem what is held; again, it is answered the same."""
    when = {"brand_id": current_key().brand_id, "now": clock.now()}
    return journey.redeem(session, redemption_id, **when)


@vouchers.delete("/voucher-reservations/<redemption_id>")
@write
@vouchers.response(200, REDEMPTION)
def release(session: Any, redemption_id: str) -> RedemptionView:
    """Let go of what is held, so that it can be used elsewhere."""
    when = {"brand_id": current_key().brand_id, "now": clock.now()}
    return journey.release(session, redemption_id, **when)


@vouchers.post("/voucher-redemptions")
@write
@vouchers.arguments(schemas.Redemption)
@vouchers.response(201, REDEMPTION)
def redeem_now(session: Any, asked: Asked) -> RedemptionView:
    """Redeem in one step; a till that was offline sends the sale later, with its time."""
    return journey.redeem_now(session, source=_source(session, asked), **_sale(session, asked))


@vouchers.post("/voucher-redemptions/<redemption_id>/rollbacks")
@write
@vouchers.arguments(schemas.RollBack)
@vouchers.response(201, schema_of(RollbackView))
def roll_back(session: Any, back: dict[str, Any], redemption_id: str) -> RollbackView:
    """Take goods back, whole or by line: discounts in proportion, never more than was given."""
    when = {"brand_id": current_key().brand_id, "now": clock.now()}
    return journey.roll_back(session, redemption_id, **back, **when)


def _store(session: Any, asked: Asked) -> StoreView:
    return store_of_key(session, current_key(), asked.store)


def _sale(session: Any, asked: Asked) -> dict[str, Any]:
    store = _store(session, asked)
    return {"store": store, "shown": asked.shown, "now": clock.now(), "settings": settings()}


def _source(session: Any, asked: Asked) -> str:
    """One sale of one till of one store, for ever."""
    return sale_source(_store(session, asked).id, asked.till, asked.reference)
