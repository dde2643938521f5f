"""A piece on a shelf: what the code on its label opens, and keeping it until pay day."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _

from core import clock
from core.errors import SwingtagError
from retail.brands import queries as brands
from retail.brands.queries import BrandView, StoreView
from retail.catalogue import shelf
from retail.catalogue.digital_link import check_qualifiers, gtin_in, piece_not_found
from retail.catalogue.queries import StockView, VariantView
from retail.crowds.queries import crowds
from retail.saves import queries as saves
from retail.saves import service
from web.auth import current_member, find_member, guarded
from web.limits import LIKES, limited
from web.pages.shopper.look_alike import on_label
from web.pages.viewer import viewer_of
from web.write import read, write

piece = guarded(Blueprint("piece", __name__), by="anyone")
keeping = guarded(Blueprint("keeping", __name__), by="member_page")


@dataclass(frozen=True)
class ShownStock:
    """What a store is known to have: last, some, none, or nothing where that cannot be said."""

    store: StoreView
    state: str
    counted_at: datetime | None


@piece.get("/01/<gtin>")
@read
def show(session: Any, gtin: str, error: SwingtagError | None = None) -> Any:
    """The piece with this number. Opening it notes nothing about whoever does."""
    code = gtin_in(gtin)
    sold_by = _sold_by(session, code)
    brand = _chosen(list(sold_by))
    if brand is None:
        return _which(code, list(sold_by))
    return _page(session, brand, sold_by[brand], code, error)


@piece.get("/01/<gtin>/<path:qualifiers>")
def qualified(gtin: str, qualifiers: str) -> Any:
    """A label that also says which batch or which single one: that is left behind here."""
    code = gtin_in(gtin)
    check_qualifiers(qualifiers)
    return redirect(_address(code, request.args.get("b")))


@keeping.post("/01/<gtin>/save")
@limited(LIKES)
@write
def keep(session: Any, gtin: str) -> Any:
    """Keep the piece."""
    member = current_member()
    state = service.save_piece(session, gtin, member=member, now=clock.now())
    return redirect(own_address(session, state.gtin), 303)


@keeping.post("/01/<gtin>/unsave")
@limited(LIKES)
@write
def let_go(session: Any, gtin: str) -> Any:
    """Keep it no more."""
    state = service.unsave_piece(session, gtin, member=current_member())
    return redirect(own_address(session, state.gtin), 303)


@keeping.get("/01/<gtin>/save")
@keeping.get("/01/<gtin>/unsave")
def back(gtin: str) -> Any:
    """Whoever had to sign in on the way finds the piece again."""
    return redirect(_address(gtin_in(gtin), None))


@keeping.post("/me/saved/pieces/<variant_id>/let-go")
@limited(LIKES)
@write
def let_go_of_mine(session: Any, variant_id: str) -> Any:
    """Take a piece from my list."""
    service.let_go(session, variant_id, member=current_member())
    return redirect("/me/saved", 303)


def _sold_by(session: Any, gtin: str) -> dict[BrandView, VariantView]:
    """Who sells it, by name. Raises NotFound where nobody does."""
    known = brands.list_brands(session)
    found = shelf.sold_as(session, gtin, [brand.id for brand in known])
    if not found:
        raise piece_not_found()
    return {brand: found[brand.id] for brand in known if brand.id in found}


def _chosen(sellers: list[BrandView]) -> BrandView | None:
    """The brand that the address names, else the member's own, else the only one.

    Raises NotFound where the one named does not sell it.
    """
    named, member = request.args.get("b"), find_member()
    if named is not None:
        brand = next((brand for brand in sellers if brand.slug == named), None)
        if brand is None:
            raise piece_not_found()
        return brand
    own = [brand for brand in sellers if member is not None and brand.id == member.brand_id]
    return next(iter(own or sellers)) if own or len(sellers) == 1 else None


def _which(gtin: str, sellers: list[BrandView]) -> str:
    shops = [(brand.name, _address(gtin, brand.slug)) for brand in sellers]
    lead = _("More than one shop here sells something under this number.")
    return render_template("shopper/choose.html", shops=shops, lead=lead)


def _page(
    session: Any, brand: BrandView, found: VariantView, gtin: str, error: SwingtagError | None
) -> str:
    viewer = viewer_of(brand.id)
    stock = shelf.stock_in_stores(session, brand.id, found.id, now=clock.now())
    return render_template(
        "shopper/piece.html",
        brand=brand,
        piece=found,
        gtin=gtin,
        stock=[
            _shown(store, stock.get(store.id)) for store in brands.list_stores(session, brand.id)
        ],
        viewer=viewer,
        crowd=crowds(session, [found.style_id], now=clock.now())[found.style_id],
        is_saved=viewer is not None and saves.has_saved_piece(session, found.id, viewer.id),
        onward=_address(gtin, brand.slug),
        alike=on_label(session, viewer, found),
        error=error,
    )


def _shown(store: StoreView, stock: StockView | None) -> ShownStock:
    """As on the page of a look: scarcity is claimed only of what was counted just now."""
    if stock is None or (stock.on_hand == 0 and not stock.is_fresh):
        return ShownStock(store, "", None)
    if stock.on_hand == 0:
        return ShownStock(store, "none", stock.counted_at)
    is_last = stock.is_fresh and stock.on_hand == 1
    return ShownStock(store, "last" if is_last else "some", stock.counted_at)


def own_address(session: Any, gtin: str) -> str:
    """The page of a piece at the member’s own brand."""
    return _address(gtin, brands.get_brand(session, current_member().brand_id).slug)


def _address(gtin: str, brand_slug: str | None) -> str:
    return url_for("piece.show", gtin=gtin, **({"b": brand_slug} if brand_slug else {}))
