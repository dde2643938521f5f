"""A receipt on a phone: opened by its code, claimed by a button, kept in the account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from core import clock
from core.errors import Invalid, NotFound
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.catalogue import queries as catalogue
from retail.catalogue.queries import VariantView
from retail.journeys.looks.lay_out import lay_out
from retail.journeys.points.earn_points import earned_on
from retail.journeys.sales.claim import claim_receipt
from retail.offers import queries as offers
from retail.receipts import codes
from retail.receipts import queries as receipts
from retail.receipts.given import NOTHING, Given, Off, given_for, named
from retail.receipts.views import LineView, ReceiptView
from web.auth import current_member, find_member, guarded, settings
from web.limits import GUESSES, limited
from web.pages.shopper.look_alike import on_receipt
from web.pages.shopper.offers import shown_offers
from web.write import read, write

receipt = guarded(Blueprint("receipt", __name__), by="anyone")
claiming = guarded(Blueprint("claiming", __name__), by="member_page")
PAGE = 20


@dataclass(frozen=True)
class ShownLine:
    """A line with its product, in words."""

    line: LineView
    variant: VariantView | None
    name: str
    detail: str
    is_returned: bool
    off: Sequence[Off] = ()


@receipt.get("/r/<token>")
@read
def show(session: Any, token: str) -> Any:
    """What scanning a receipt opens; opening never claims."""
    member = find_member()
    found = receipts.open_by_token(
        session, token, viewer_id=member.id if member else None, now=clock.now(), key=settings().key
    )
    return _page(session, found, token, member)


@claiming.post("/r/<token>/claim")
@limited(GUESSES)
@write
def claim(session: Any, token: str) -> Any:
    """Make the receipt mine and lay it out."""
    member, now = current_member(), clock.now()
    claimed = claim_receipt(session, member=member, token=token, now=now, settings=settings())
    return _on_to_the_look(session, claimed.id, member)


@claiming.get("/r/<token>/claim")
def claim_again(token: str) -> Any:
    """Whoever had to sign in on the way to a claim finds the receipt again."""
    return redirect(f"/r/{token}")


@receipt.get("/c/<brand_slug>/<store_slug>")
@read
def typed(session: Any, brand_slug: str, store_slug: str, problem: str | None = None) -> Any:
    """Where a receipt's code is typed."""
    brand = brands.get_brand_by_slug(session, brand_slug)
    store = brands.get_store_by_slug(session, brand.id, store_slug)
    code = request.form.get("code", "")[:16]
    return render_template(
        "shopper/receipt_code.html", brand=brand, store=store, code=code, problem=problem
    )


@receipt.post("/c/<brand_slug>/<store_slug>")
@limited(GUESSES)
def open_typed(brand_slug: str, store_slug: str) -> Any:
    """Open the receipt of a typed code, as scanning it would."""
    try:
        return redirect(_address_of_code(brand_slug, store_slug), 303)
    except NotFound as error:
        if error.code != "receipt_not_found":
            raise
        return typed(brand_slug, store_slug, problem=_(error.detail)), 404


@claiming.get("/me/receipts")
@read
def mine(session: Any) -> Any:
    """My receipts, newest first."""
    member = current_member()
    found = receipts.receipts_of(
        session, member.id, after=request.args.get("after"), limit=PAGE + 1
    )
    return _list(session, member, found)


@claiming.post("/me/receipts/<receipt_id>/lay-out")
@write
def start_look(session: Any, receipt_id: str) -> Any:
    """Lay a receipt of mine out, or go on where I stopped."""
    return _on_to_the_look(session, receipt_id, current_member())


def _on_to_the_look(session: Any, receipt_id: str, member: MemberView) -> Any:
    """To the receipt's look; a receipt without anything to lay out is claimed all the same."""
    try:
        outfit_id = lay_out(session, receipt_id, member=member, now=clock.now())
    except Invalid:
        flash(_("It’s yours. There’s nothing on it to lay out, so it stays in your receipts."))
        return redirect("/me/receipts", 303)
    return redirect(f"/me/outfits/{outfit_id}/lay-out", 303)


@read
def _address_of_code(session: Any, brand_slug: str, store_slug: str) -> str:
    brand = brands.get_brand_by_slug(session, brand_slug)
    store = brands.get_store_by_slug(session, brand.id, store_slug)
    member = find_member()
    found = receipts.open_by_code(
        session,
        store.id,
        request.form.get("code", ""),
        viewer_id=member.id if member else None,
        now=clock.now(),
        key=settings().key,
    )
    return f"/r/{codes.shown_token(settings().key, found.id, found.token_hash)}"


def shown_lines(
    lines: Sequence[LineView], variants: Mapping[str, VariantView], given: Given = NOTHING
) -> list[ShownLine]:
    """Lines with their products; what the catalogue does not know goes by the till's words."""
    return [_shown(line, variants.get(line.variant_id or ""), given) for line in lines]


def _shown(line: LineView, variant: VariantView | None, given: Given) -> ShownLine:
    name, detail = line.description or _("Something else"), ""
    if variant is not None:
        parts = [part for part in (variant.colour_name, variant.size) if part]
        name, detail = variant.style_name, ", ".join(parts)
    off = named(line.position, line.discount_minor, given)
    return ShownLine(line, variant, name, detail, line.is_returned, off)


def _page(session: Any, found: ReceiptView, token: str, member: MemberView | None) -> str:
    wanted = {line.variant_id for line in found.lines if line.variant_id}
    variants = catalogue.get_variants(session, found.brand_id, wanted)
    given = given_for(session, found)
    viewer = member if member and member.brand_id == found.brand_id else None
    is_mine = viewer is not None and found.member_id == viewer.id
    return render_template(
        "shopper/receipt.html",
        brand=brands.get_brand(session, found.brand_id),
        store=brands.get_store(session, found.store_id),
        receipt=found,
        lines=shown_lines(found.lines, variants, given),
        given=given,
        viewer=viewer,
        is_mine=is_mine,
        points=earned_on(session, found) if is_mine else None,
        offers=shown_offers(session, offers.offers_on(session, found.id)) if is_mine else [],
        alike=on_receipt(session, viewer, found, variants) if viewer and is_mine else [],
        token=token,
    )


def _list(session: Any, member: MemberView, found: list[ReceiptView]) -> str:
    stores = {store.id: store for store in brands.list_stores(session, member.brand_id)}
    has_more = len(found) > PAGE
    return render_template(
        "shopper/receipts.html",
        brand=brands.get_brand(session, member.brand_id),
        receipts=found[:PAGE],
        stores=stores,
        next_address=f"/me/receipts?after={found[PAGE - 1].id}" if has_more else None,
    )
