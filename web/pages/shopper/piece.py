"""A piece on a shelf: what the code on its label opens, for people and for programs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _

from core import clock
from core.errors import SwingtagError
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.brands.queries import BrandView, StoreView
from retail.catalogue import queries as catalogue
from retail.catalogue import shelf
from retail.catalogue.digital_link import check_qualifiers, gtin_in, piece_not_found
from retail.catalogue.queries import StockView, VariantView
from retail.consent import queries as consent
from retail.consent.rules import PRODUCT_LIKES_TO_FRIENDS
from retail.crowds.queries import crowds
from retail.fitting_rooms import links
from retail.journeys.occasions.same_outfit import find_here
from retail.product_likes import among_friends
from retail.product_likes import queries as likes
from retail.saves import queries as saves
from retail.saves import reminders
from web.auth import current_member, find_member, guarded
from web.pages.shopper import linkset
from web.pages.shopper.look_alike import on_label
from web.pages.viewer import viewer_of
from web.write import read

piece = guarded(Blueprint("piece", __name__), by="anyone")


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
    if error is None and linkset.is_asked():
        return linkset.answer(code, sold_by)
    brand = _chosen(list(sold_by))
    if brand is None:
        return _which(code, list(sold_by))
    return _page(session, brand, sold_by[brand], code, error), linkset.pointer(code)


@piece.get("/01/<gtin>/<path:qualifiers>")
def qualified(gtin: str, qualifiers: str) -> Any:
    """A label that also says which batch or which single one: that is left behind here."""
    code = gtin_in(gtin)
    check_qualifiers(_as_sent(qualifiers))
    asked = {name: request.args[name] for name in ("b", "linkType") if name in request.args}
    return redirect(url_for("piece.show", gtin=code, **asked))


def _as_sent(path: str) -> list[str]:
    """The segments behind a GTIN: a slash within one comes as %2F, which `path` tells no more."""
    sent = str(request.environ.get("RAW_URI", "")).partition("?")[0].split("/")
    count = len(path.split("/"))
    for size in range(1, count + 1):
        segments = [unquote(each) for each in sent[-size:]]
        if "/".join(segments) == path:
            return segments
    return path.split("/")


@piece.get("/.well-known/gs1resolver")
def describe_resolver() -> Any:
    """Which labels are read here, for programs that look for a resolver."""
    return linkset.description(), {"Access-Control-Allow-Origin": "*"}


def _sold_by(session: Any, gtin: str) -> dict[BrandView, VariantView]:
    """Who sells it, by name: the brand that the address names, or all.

    Raises NotFound where nobody does, or the one named does not.
    """
    named, known = request.args.get("b"), brands.list_brands(session)
    found = shelf.sold_as(session, gtin, [brand.id for brand in known])
    sellers = {brand: found[brand.id] for brand in known if brand.id in found}
    if named is not None:
        sellers = {brand: sold for brand, sold in sellers.items() if brand.slug == named}
    if not sellers:
        raise piece_not_found()
    return sellers


def _chosen(sellers: list[BrandView]) -> BrandView | None:
    """The member's own brand, else the only one."""
    member = find_member()
    own = [brand for brand in sellers if member is not None and brand.id == member.brand_id]
    return next(iter(own or sellers)) if own or len(sellers) == 1 else None


def _which(gtin: str, sellers: list[BrandView]) -> str:
    shops = [(brand.name, address(gtin, brand.slug)) for brand in sellers]
    lead = _("More than one shop here sells something under this number.")
    return render_template("shopper/choose.html", shops=shops, lead=lead)


def _page(
    session: Any, brand: BrandView, found: VariantView, gtin: str, error: SwingtagError | None
) -> str:
    viewer, now = viewer_of(brand.id), clock.now()
    alike = on_label(session, viewer, found)
    here = _named_store(session, brand.id) or (
        alike.store if alike else _here(session, viewer, now)
    )
    return render_template(
        "shopper/piece.html",
        brand=brand,
        piece=found,
        gtin=gtin,
        **_stock(session, brand, found, here, now),
        viewer=viewer,
        crowd=crowds(session, [found.style_id], now=now)[found.style_id],
        likes=likes.likes_of(session, brand.id, [gtin], now=now)[0].likes,
        onward=address(gtin, brand.slug),
        alike=alike,
        error=error,
        **(_own(session, brand, found, viewer, now) if viewer else {}),
    )


def _own(
    session: Any, brand: BrandView, found: VariantView, viewer: MemberView, now: datetime
) -> dict[str, Any]:
    """What only the viewer sees of it: their like, their friends', and until when it is kept."""
    about = {"member": viewer, "zone": brand.zone, "now": now}
    is_open = not found.is_never_shareable
    return {
        "is_saved": saves.has_saved_piece(session, found.id, viewer.id),
        "is_liked": is_open and likes.has_liked(session, found.style_id, viewer.id),
        "is_told": consent.has_consent(session, viewer.id, PRODUCT_LIKES_TO_FRIENDS),
        "friends": among_friends.on_page(session, found.style_id, viewer.id) if is_open else None,
        "reminder": reminders.reminder_of(session, found.id, **about),
        "is_in_room": is_open and links.link_of(session, viewer.id) is not None,
    }


def stock_part(session: Any, gtin: str) -> str:
    """What the shops of the brand that the address names have of it, and which sizes the one has.

    Raises NotFound where that brand sells it no more.
    """
    code = gtin_in(gtin)
    brand, found = next(iter(_sold_by(session, code).items()))
    here = _named_store(session, brand.id)
    content = _stock(session, brand, found, here, clock.now())
    return render_template(
        "partials/piece_stock.html", brand=brand, piece=found, gtin=code, **content
    )


def _named_store(session: Any, brand_id: str) -> StoreView | None:
    """The store of the brand that the address says they are in."""
    named = request.args.get("at")
    stores = brands.list_stores(session, brand_id) if named else []
    return next((one for one in stores if one.slug == named), None)


def _here(session: Any, viewer: MemberView | None, now: datetime) -> StoreView | None:
    return find_here(session, viewer, now=now) if viewer else None


def _stock(
    session: Any, brand: BrandView, found: VariantView, here: StoreView | None, now: datetime
) -> dict[str, Any]:
    """What each store has of it, and every size that the store has where somebody is."""
    stock = shelf.stock_in_stores(session, brand.id, found.id, now=now)
    stores = brands.list_stores(session, brand.id)
    return {
        "stock": [shown_stock(store, stock.get(store.id)) for store in stores],
        "here": here,
        "sizes": _sizes(session, brand.id, found, here, now) if here else [],
    }


def _sizes(
    session: Any, brand_id: str, found: VariantView, here: StoreView, now: datetime
) -> list[tuple[VariantView, ShownStock]]:
    """Every size of the same colour, with what the store has of it."""
    sizes = shelf.sizes_of(session, brand_id, found)
    stock = catalogue.stock_for(session, here.id, [one.id for one in sizes], now=now)
    return [(one, shown_stock(here, stock.get(one.id))) for one in sizes]


def shown_stock(store: StoreView, stock: StockView | None) -> ShownStock:
    """As on the page of a look: scarcity is claimed only of what was counted just now."""
    if stock is None or (stock.on_hand == 0 and not stock.is_fresh):
        return ShownStock(store, "", None)
    if stock.on_hand == 0:
        return ShownStock(store, "none", stock.counted_at)
    is_last = stock.is_fresh and stock.on_hand == 1
    return ShownStock(store, "last" if is_last else "some", stock.counted_at)


def own_address(session: Any, gtin: str) -> str:
    """The page of a piece at the member’s own brand."""
    return address(gtin, brands.get_brand(session, current_member().brand_id).slug)


def address(gtin: str, brand_slug: str | None) -> str:
    """The page of a piece, at the brand that is named or whichever sells it."""
    return url_for("piece.show", gtin=gtin, **({"b": brand_slug} if brand_slug else {}))
