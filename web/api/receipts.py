"""Receipts of tills: record them, print their codes, take goods back."""

from typing import Any

from flask import Response
from flask_smorest import Blueprint

from connectors.printers import escpos
from core import clock
from retail.journeys.sales import purchase, receipt_import, refund
from retail.journeys.sales.purchase import Purchase
from retail.receipts import history, qr, queries
from retail.receipts.returns import ReturnInput
from retail.receipts.views import ImportView, ReceiptView, ReturnView
from web.auth import current_key, guarded, settings
from web.offering import offers_for_slip
from web.openapi import schema_of
from web.schemas import receipts as schemas
from web.schemas.receipts import ReceiptReply, SentReceipt
from web.write import read, write, write_rebuilt, write_then

BINARY = {"type": "string", "format": "binary"}
TEXT = {"type": "string"}
ESCPOS_TYPE = "application/vnd.escpos"

receipts = guarded(
    Blueprint("receipts", __name__, description="Receipts, their codes, and returns"), "till"
)
imports = guarded(
    Blueprint("receipt_imports", __name__, description="Historic receipts"), "integrator"
)


@receipts.post("/receipts")
@receipts.response(201, schema_of(ReceiptReply))
@receipts.alt_response(200, schema=schema_of(ReceiptReply), description="Known already")
@write_then(schemas.reply)
@receipts.arguments(schemas.Receipt)
def record_receipt(session: Any, sent: SentReceipt) -> Purchase:
    """Record a sale once; the same receipt again gets the same answer, another one 409."""
    key, now = current_key(), clock.now()
    return purchase.record_purchase(
        session, key=key, store_slug=sent.store, receipt=sent.receipt, now=now, settings=settings()
    )


@receipts.get("/receipts/<receipt_id>")
@read
@receipts.response(200, schema_of(ReceiptView)(exclude=("member_id",)))
def show_receipt(session: Any, receipt_id: str) -> ReceiptView:
    """A receipt of the brand, with what has come back of it."""
    return queries.get_receipt(session, receipt_id, brand_id=current_key().brand_id)


@receipts.get("/receipts/<receipt_id>/qr.png")
@read
@receipts.response(200, BINARY, content_type="image/png")
def show_qr_png(session: Any, receipt_id: str) -> Response:
    """The claim address as a QR code: PNG, level M, quiet zone included."""
    return Response(qr.png(_claim_url(session, receipt_id)), content_type="image/png")


@receipts.get("/receipts/<receipt_id>/qr.svg")
@read
@receipts.response(200, TEXT, content_type="image/svg+xml")
def show_qr_svg(session: Any, receipt_id: str) -> Response:
    """The claim address as a QR code: SVG without style attributes."""
    return Response(qr.svg(_claim_url(session, receipt_id)), content_type="image/svg+xml")


@receipts.get("/receipts/<receipt_id>/qr.escpos")
@read
@receipts.response(200, BINARY, content_type=ESCPOS_TYPE)
def show_qr_escpos(session: Any, receipt_id: str) -> Response:
    """The QR code alone as ESC/POS bytes, 576 dots wide, for a till that prints its own slip."""
    code = qr.modules(_claim_url(session, receipt_id))
    return Response(escpos.print_qr(code), content_type=ESCPOS_TYPE)


@receipts.get("/receipts/<receipt_id>/escpos")
@read
@receipts.response(200, BINARY, content_type=ESCPOS_TYPE)
def show_escpos(session: Any, receipt_id: str) -> Response:
    """The whole slip as ESC/POS bytes for an 80 mm printer, cut at the end."""
    slip = queries.slip(session, receipt_id, **_reader())
    code = qr.modules(slip.claim_url) if slip.claim_url else ()
    offers = offers_for_slip(receipt_id, columns=escpos.COLUMNS)
    return Response(escpos.print_slip(slip, code, offers), content_type=ESCPOS_TYPE)


@receipts.post("/receipts/<receipt_id>/returns")
@write_rebuilt
@receipts.arguments(schemas.Return)
@receipts.response(200, schema_of(ReturnView))
def record_return(session: Any, given: ReturnInput, receipt_id: str) -> ReturnView:
    """Take goods back, whole or per line; the same return again gets the same answer."""
    return refund.record_refund(
        session, key=current_key(), receipt_id=receipt_id, given=given, now=clock.now()
    )


@imports.post("/receipt-imports")
@write
@imports.arguments(schemas.ReceiptFile, location="files")
@imports.response(202, schema_of(ImportView))
def begin_import(session: Any, files: dict[str, Any]) -> ImportView:
    """Begin to take in historic receipts; the same file again is the same import."""
    text = history.decode(files["file"].read())
    brand_id = current_key().brand_id
    return receipt_import.begin_import(session, brand_id=brand_id, text=text, now=clock.now())


@imports.get("/receipt-imports/<import_id>")
@read
@imports.response(200, schema_of(ImportView))
def show_import(session: Any, import_id: str) -> ImportView:
    """How far an import has come, and which lines were wrong."""
    return queries.get_import(session, import_id, brand_id=current_key().brand_id)


def _reader() -> dict[str, Any]:
    known = settings()
    brand_id = current_key().brand_id
    return {"brand_id": brand_id, "key": known.key, "public_url": known.public_url}


def _claim_url(session: Any, receipt_id: str) -> str:
    return queries.claim_url(session, receipt_id, **_reader())
