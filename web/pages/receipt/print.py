"""The receipt as paper: 576 dots wide, black only. Opened by a signed link."""

from typing import Any

from flask import Blueprint, render_template, request

from core.errors import NotFound
from retail.receipts import codes, queries
from web.auth import guarded, settings
from web.offering import offers_for_slip
from web.write import read

# What a line of the page holds in the slip's own type.
COLUMNS = 38
printing = guarded(Blueprint("printing", __name__), by="anyone")


@printing.get("/print/receipts/<receipt_id>")
@read
def show(session: Any, receipt_id: str) -> Any:
    """A receipt to print; without its key it is as absent as any other."""
    key = settings().key
    if not codes.opens_print(key, receipt_id, request.args.get("key", "")):
        raise NotFound("page_not_found", "This page isn’t here.")
    slip = queries.slip(
        session, receipt_id, brand_id=None, key=key, public_url=settings().public_url
    )
    offers = offers_for_slip(receipt_id, columns=COLUMNS)
    return render_template("receipt/print.html", slip=slip, offers=offers, page_lang=slip.lang)
