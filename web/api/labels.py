"""Codes to print: for the labels of goods, and for the doors of stores."""

from typing import Any

from flask import Response
from flask_smorest import Blueprint

from core.errors import NotFound
from retail.brands import queries as brands
from retail.catalogue import queries
from retail.catalogue.digital_link import label_address
from retail.receipts import qr
from web.auth import current_key, guarded, settings
from web.write import read

BINARY = {"type": "string", "format": "binary"}
TEXT = {"type": "string"}

labels = guarded(
    Blueprint("labels", __name__, description="Codes for labels and doors"), "integrator"
)


@labels.get("/variants/<variant_id>/qr.png")
@read
@labels.response(200, BINARY, content_type="image/png")
def show_label_png(session: Any, variant_id: str) -> Response:
    """The GS1 Digital Link of a variant as a QR code: PNG, level M, quiet zone included."""
    return Response(qr.png(_label(session, variant_id)), content_type="image/png")


@labels.get("/variants/<variant_id>/qr.svg")
@read
@labels.response(200, TEXT, content_type="image/svg+xml")
def show_label_svg(session: Any, variant_id: str) -> Response:
    """The GS1 Digital Link of a variant as a QR code: SVG without style attributes."""
    return Response(qr.svg(_label(session, variant_id)), content_type="image/svg+xml")


@labels.get("/stores/<store_id>/door.png")
@read
@labels.response(200, BINARY, content_type="image/png")
def show_door_png(session: Any, store_id: str) -> Response:
    """The address at which members check in at a store, as a QR code for its door: PNG."""
    return Response(qr.png(_door(session, store_id)), content_type="image/png")


@labels.get("/stores/<store_id>/door.svg")
@read
@labels.response(200, TEXT, content_type="image/svg+xml")
def show_door_svg(session: Any, store_id: str) -> Response:
    """The address at which members check in at a store, as a QR code for its door: SVG."""
    return Response(qr.svg(_door(session, store_id)), content_type="image/svg+xml")


def _label(session: Any, variant_id: str) -> str:
    brand = brands.get_brand(session, current_key().brand_id)
    variant = queries.get_variants(session, brand.id, [variant_id]).get(variant_id)
    if variant is None:
        raise NotFound("variant_not_found", "We don’t know this variant.")
    if variant.gtin is None:
        raise NotFound("gtin_missing", "This variant has no GTIN, so its label has no address.")
    return label_address(settings().public_url, gtin=variant.gtin, brand_slug=brand.slug)


def _door(session: Any, store_id: str) -> str:
    brand = brands.get_brand(session, current_key().brand_id)
    store = brands.get_store(session, store_id, brand_id=brand.id)
    return f"{settings().public_url.rstrip('/')}/in/{brand.slug}/{store.slug}"
