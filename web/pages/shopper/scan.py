"""Read a label with the phone's camera, or type the number under its bars.

The camera's pictures are read on the phone and go nowhere; only the number that was read comes
here, as if it had been typed, and opening the page notes nothing.
"""

import re
from typing import Any

from flask import Blueprint, redirect, render_template, request

from core.errors import NotFound
from retail.brands import queries as brands
from retail.brands.queries import BrandView
from retail.catalogue.scanned import find_brand, find_gtin, spell_out_upc_e
from web.auth import find_member, guarded
from web.headers import with_camera
from web.pages.shopper.piece import address
from web.write import read

scan = guarded(Blueprint("scan", __name__), by="anyone")
_LONGEST = 2_000
_UPC_E = "upc_e"
_BETWEEN_GROUPS = re.compile(r"[ -]")


@scan.get("/scan")
@read
def show(session: Any) -> Any:
    """The camera with typed entry beside it; what was read or typed leads to its piece."""
    code = request.args.get("code", "")[:_LONGEST]
    brand = _brand(session)
    gtin = _gtin(code)
    if gtin is not None:
        return redirect(address(gtin, find_brand(code) or (brand.slug if brand else None)))
    return render_template("shopper/scan.html", brand=brand, code=code), with_camera()


def _gtin(code: str) -> str | None:
    """What the code is the number of: eight digits that are no GTIN-8 may be a short UPC-E."""
    is_short = request.args.get("kind") == _UPC_E
    return (None if is_short else find_gtin(code)) or find_gtin(
        spell_out_upc_e(_BETWEEN_GROUPS.sub("", code))
    )


def _brand(session: Any) -> BrandView | None:
    """The brand that the address names, else the member's own; None where it is not said."""
    named, member = request.args.get("b"), find_member()
    try:
        if named is not None:
            return brands.get_brand_by_slug(session, named)
        return brands.get_brand(session, member.brand_id) if member is not None else None
    except NotFound:
        return None
