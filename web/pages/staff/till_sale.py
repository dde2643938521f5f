"""A sale by hand: recorded with all that a till's receipt brings, shown with its code, undone."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext as _

from core import clock
from core.errors import Conflict, SwingtagError
from retail.journeys.vouchers import sell_by_hand as journey
from retail.receipts import codes, queries
from retail.staff import roles
from web import limits
from web.auth import current_staff, guarded, needs, settings
from web.pages.again import shown_again
from web.pages.staff.till import reference, sale, show
from web.pages.staff.till_buyer import Buyer, read_buyer
from web.write import read, write

staff_sales = guarded(
    Blueprint("staff_sales", __name__, url_prefix="/staff/till/sales"), by="staff_page"
)


@staff_sales.post("")
@needs(roles.REDEEM_VOUCHERS)
@shown_again(show)
def sell() -> Any:
    """Say that the sale is done; sent twice, it happens once."""
    limits.refuse_guesser()
    return _sell(read_buyer(reference()))


@write
def _sell(session: Any, buyer: Buyer | None) -> Any:
    sold = sale(session, buyer, needs_voucher=False)
    try:
        receipt_id = journey.sell_by_hand(session, reference=reference(), **sold)
    except Conflict as nothing:
        refused = nothing.data.get("refused", ())
        limits.count_wrong_codes(sum(one["reason"] == "unknown" for one in refused))
        raise
    return redirect(f"/staff/till/sales/{receipt_id}", 303)


@staff_sales.get("/<receipt_id>")
@needs(roles.REDEEM_VOUCHERS)
@read
def sold(session: Any, receipt_id: str, error: SwingtagError | None = None) -> str:
    """What was sold, the code for whoever bought it, and the way back."""
    receipt, held = journey.get_sale(session, receipt_id, **_mine()), settings()
    by = {"brand_id": receipt.brand_id, "key": held.key, "public_url": held.public_url}
    paper = queries.slip(session, receipt_id, **by)
    page: dict[str, Any] = {"is_back": journey.is_undone(receipt), "slip": paper, "error": error}
    page["keeps_vouchers"] = journey.keeps_vouchers(session, receipt)
    page["print_url"] = codes.print_url(held.public_url, held.key, receipt_id)
    return render_template("staff/till_sale.html", sold=receipt, **page)


@staff_sales.post("/<receipt_id>/undo")
@needs(roles.REDEEM_VOUCHERS)
@shown_again(sold)
@write
def undo(session: Any, receipt_id: str) -> Any:
    """Take all of it back, vouchers included. Sent twice, it happens once."""
    journey.undo_sale(session, receipt_id, **_mine(), now=clock.now())
    flash(_("Undone. Points and vouchers are as they were before."))
    return redirect(f"/staff/till/sales/{receipt_id}", 303)


def _mine() -> dict[str, Any]:
    me = current_staff()
    return {"brand_id": me.brand_id, "store_id": me.store_id}
