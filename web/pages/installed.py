"""What makes the pages an app: manifest, icons, service worker, a page without a network."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import resvg_py
from flask import Blueprint, Response, current_app, jsonify, render_template

from core.errors import NotFound
from retail.brands import queries as brands
from web.auth import guarded
from web.pages.garments import FOR_EVER
from web.write import read

installed = guarded(Blueprint("installed", __name__), by="anyone")
SIZES = (180, 192, 512)
_TISSUE, _BOTTLE = "#F4F7F5", "#194033"
# Whatever shape a phone cuts an icon into, the middle four fifths stay.
_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-16 -16 96 96">'
    '<rect x="-16" y="-16" width="96" height="96" fill="#F4F7F5"/>{inside}</svg>'
)


@installed.get("/b/<brand_slug>/app.webmanifest")
@read
def manifest(session: Any, brand_slug: str) -> Response:
    """How a phone installs the brand's pages."""
    brand = brands.get_brand_by_slug(session, brand_slug)
    response = jsonify(_manifest(brand))
    response.content_type = "application/manifest+json"
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


@installed.get("/app-icon-<int:size>.png")
def icon(size: int) -> Response:
    """Our tag as a picture of one of the sizes that phones ask for."""
    if size not in SIZES:
        raise NotFound("page_not_found", "This page isn’t here.")
    response = Response(_icon(size, current_app.static_folder or ""), content_type="image/png")
    response.headers["Cache-Control"] = FOR_EVER
    return response


@installed.get("/sw.js")
def worker() -> Response:
    """The service worker, from the root, because its scope is the folder it comes from."""
    script = (Path(current_app.static_folder or "") / "js" / "service_worker.js").read_text()
    response = Response(script, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


@installed.get("/offline")
def offline() -> Response:
    """What shows where there is no network; the same for everybody, so it may be kept."""
    response = Response(render_template("shopper/offline.html"), content_type="text/html")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def _manifest(brand: brands.BrandView) -> dict[str, Any]:
    sizes = [size for size in SIZES if size != 180]
    return {
        "id": f"/b/{brand.slug}",
        "name": brand.name,
        "short_name": brand.name[:12].strip(),
        "start_url": f"/b/{brand.slug}",
        "scope": "/",
        "display": "standalone",
        "lang": brand.locale,
        "background_color": _TISSUE,
        "theme_color": _BOTTLE,
        "icons": [
            {
                "src": f"/app-icon-{size}.png",
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": purpose,
            }
            for size in sizes
            for purpose in ("any", "maskable")
        ],
    }


@lru_cache(maxsize=len(SIZES))
def _icon(size: int, static_folder: str) -> bytes:
    drawing = (Path(static_folder) / "icons" / "swingtag.svg").read_text()
    inside = drawing[drawing.index(">") + 1 : drawing.rindex("</svg>")]
    svg = _ICON.format(inside=inside)
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, width=size, skip_system_fonts=True))
