"""Batches of vouchers at the desk: made, watched, taken away as a file, voided."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext

from core import clock, cursor
from core.errors import Forbidden, Invalid, SwingtagError
from loyalty.vouchers import batches
from retail.brands import queries as brands
from retail.journeys.vouchers import make_vouchers
from retail.staff import roles
from web.auth import current_staff, guarded, needs, settings
from web.fields import limits, read_form
from web.pages.again import shown_again
from web.pages.formats import number
from web.pages.staff import voucher_form as forms
from web.pages.staff.voucher_words import terms_words
from web.schemas.voucher_batches import VoidReason
from web.write import read, read_in_parts, write

staff_vouchers = guarded(
    Blueprint("staff_vouchers", __name__, url_prefix="/staff/vouchers"), by="staff_page"
)
staff_vouchers_live = guarded(
    Blueprint("staff_vouchers_live", __name__, url_prefix="/staff/live/vouchers"), by="staff_live"
)
_PAGE = 20
_BEGINNING = {"terms.kind": "percent", "terms.value": "10", "terms.uses": "1", "size": "500"}


@staff_vouchers.get("")
@needs(roles.MAKE_VOUCHERS)
@read
def show(session: Any) -> str:
    """Every batch, the newest first: how far it is, what it gives, what came of it."""
    return render_template("staff/vouchers.html", **_listed(session))


@staff_vouchers_live.get("")
@needs(roles.MAKE_VOUCHERS)
@read
def rows(session: Any) -> str:
    """The same table by itself, fetched again while any is being made."""
    return render_template("staff/voucher_rows.html", **_listed(session))


@staff_vouchers.get("/new")
@needs(roles.MAKE_VOUCHERS)
@read
def new(session: Any, error: SwingtagError | None = None) -> str:
    """An empty form for a batch, or what was typed with what is wrong."""
    wrong = forms.wrong_boxes(error) if isinstance(error, Invalid) else {}
    brand = brands.get_brand(session, _brand_id())
    stores = [(one.slug, one.name) for one in brands.list_stores(session, brand.id)]
    page = {"brand": brand, "stores": [("", _("The brand’s own days")), *stores], "wrong": wrong}
    page |= {"kinds": forms.KIND_WORDS, "stackings": forms.STACKING_WORDS, "most": batches.MOST}
    typed = request.form if request.method == "POST" else _BEGINNING
    return render_template("staff/voucher_new.html", typed=typed, error=error, **page)


@staff_vouchers.post("/new")
@needs(roles.MAKE_VOUCHERS)
@shown_again(new)
@write
def begin(session: Any) -> Any:
    """Begin to make a batch; sent twice, it is one."""
    currency = brands.get_brand(session, _brand_id()).currency
    when = {"brand_id": _brand_id(), "now": clock.now()}
    wanted = forms.read_batch(request.form, currency)
    made = make_vouchers.begin_batch(session, wanted, **when)
    return redirect(f"/staff/vouchers/{made.id}", 303)


@staff_vouchers.get("/<batch_id>")
@needs(roles.MAKE_VOUCHERS)
@read
def look(session: Any, batch_id: str, error: SwingtagError | None = None) -> str:
    """One batch: how far it is, what it gives, what came of it."""
    page = {"error": error, "limits": limits(VoidReason)}
    return render_template("staff/voucher.html", **_shown(session, batch_id), **page)


@staff_vouchers_live.get("/<batch_id>")
@needs(roles.MAKE_VOUCHERS)
@read
def progress(session: Any, batch_id: str) -> str:
    """How far it is, by itself, fetched again while it is being made."""
    return render_template("staff/voucher_progress.html", **_shown(session, batch_id))


@staff_vouchers.get("/<batch_id>/codes.csv")
@needs(roles.MAKE_VOUCHERS)
@read_in_parts
def download(session: Any, batch_id: str) -> Response:
    """Every code with its state. Who has the file has the vouchers."""
    when = {"now": clock.now(), "key": settings().key}
    parts = make_vouchers.export_csv(session, batch_id, brand_id=_brand_id(), **when)
    headers = {"Content-Disposition": f'attachment; filename="vouchers-{batch_id}.csv"'}
    return Response(parts, content_type="text/csv; charset=utf-8", headers=headers)


@staff_vouchers.post("/<batch_id>/void")
@needs(roles.MAKE_VOUCHERS)
@shown_again(look)
@write
def void(session: Any, batch_id: str) -> Any:
    """End what can still be used, for a stated reason."""
    place = {"programme_id": _brand_id(), "now": clock.now()}
    _batch, ended = batches.void_batch(session, batch_id, **read_form(VoidReason), **place)
    said = {"count": number(ended)}
    flash(ngettext("%(count)s voucher is void.", "%(count)s vouchers are void.", ended, **said))
    return redirect(f"/staff/vouchers/{batch_id}", 303)


def _listed(session: Any) -> dict[str, Any]:
    after = cursor.read_instant(request.args.get("after") or None)
    found = batches.page(session, _brand_id(), after=after, limit=_PAGE + 1)
    last = found[_PAGE - 1].batch if found[_PAGE:] else None
    more = cursor.pack_instant(last.created_at, last.id) if last else None
    brand = brands.get_brand(session, _brand_id())
    return {"rows": found[:_PAGE], "more": more, "brand": brand, "words": terms_words}


def _shown(session: Any, batch_id: str) -> dict[str, Any]:
    row = batches.get_row(session, batch_id, programme_id=_brand_id())
    return {"row": row, "brand": brands.get_brand(session, _brand_id()), "words": terms_words}


def _brand_id() -> str:
    """Batches are the whole brand's, so who works in one store only does not make them."""
    me = current_staff()
    if me.store_id is not None:
        sentence = _("Vouchers are the whole brand’s; ask somebody who works for every store.")
        raise Forbidden("brand_only", sentence)
    return me.brand_id
