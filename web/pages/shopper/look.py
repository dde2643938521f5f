"""What the page of a look says: its parts and its words, for strangers filled into moulds."""

from collections.abc import Sequence
from typing import Any

from flask import render_template
from markupsafe import Markup

from core import clock
from retail.accounts.queries import MemberView
from retail.look_page.queries import LookPage
from retail.outfits.queries import OutfitView
from web.language import say
from web.pages.drawing import draw
from web.pages.mould import Mould
from web.pages.shopper.offered import OfferedPiece, offered_pieces

PINS = 2
_PAGE = Mould("shopper/outfit.html")
_BOARD = Mould("partials/outfit.html", "tagged_lay")
_CARD = Mould("partials/pieces.html", "card")
_STOCK_LINE = Mould("partials/pieces.html", "stock_line")
_LIKE_LABEL = Mould("partials/like_label.html")


def look_for_strangers(
    page: LookPage, public_url: str, nonce: str, messages: Sequence[tuple[str, str]] = ()
) -> Markup:
    """The page as everybody sees it who is not signed in; works outside of Flask as moulds do."""
    shape = {**_shape(page), "messages": tuple(messages), "viewer": None, "is_own": False}
    return _PAGE.fill(shape, **_values(page, public_url), csp_nonce=nonce)


def look_for_member(
    page: LookPage, viewer: MemberView | None, public_url: str, *, is_liked: bool
) -> str:
    """The page with one's own like, or as that of one's own look."""
    return render_template(
        "shopper/outfit.html",
        **_shape(page),
        **_values(page, public_url),
        viewer=viewer,
        is_own=viewer is not None and viewer.id == page.outfit.member_id,
        is_liked=is_liked,
    )


def address_of(outfit_id: str, public_url: str) -> str:
    """The address that people share."""
    return f"{public_url.rstrip('/')}/o/{outfit_id}"


def like_label(likes: int) -> Markup:
    """The inside of a like button."""
    return _LIKE_LABEL.fill({"has_likes": likes > 0}, likes=likes, with_mine=max(likes, 1))


def _shape(page: LookPage) -> dict[str, Any]:
    """What the template asks about."""
    return {
        "brand": page.brand,
        "stores": tuple(page.stores),
        "at_store": page.store,
        "has_points_ad": page.outfit.has_points_ad,
        "is_on_bottle": page.outfit.background == "bottle",
    }


def _values(page: LookPage, public_url: str) -> dict[str, Any]:
    """What the template writes."""
    outfit = page.outfit
    first_name = outfit.stylist_name.split(" ")[0]
    pieces = offered_pieces(outfit, page.sizes)
    return {
        "outfit": outfit,
        "first_name": first_name,
        "title": outfit.caption or say("%(name)s’s look", name=first_name),
        "address": address_of(outfit.id, public_url),
        "board": _board(outfit, first_name),
        "cards": _cards(pieces, page),
        "stock_line": _stock_line(pieces, page),
        "like_label": like_label(page.likes),
        "now": clock.now(),
    }


def _board(outfit: OutfitView, first_name: str) -> Markup:
    drawing = draw(outfit, pins=PINS)
    names = "; ".join([piece.name for piece in drawing.pieces])
    return _BOARD.fill(
        {"frame": drawing.frame, "background": drawing.background, "class": "board tall"},
        pieces=drawing.pieces,
        pins=drawing.pins,
        label=say("%(name)s’s look laid flat:", name=first_name) + " " + names,
    )


def _cards(pieces: Sequence[OfferedPiece], page: LookPage) -> Markup:
    zone = (page.store or page.brand).zone
    return Markup().join(
        _CARD.fill(
            {"state": each.state, "has_colour": bool(each.piece.colour_name), "zone": zone},
            offered=each,
        )
        for each in pieces
    )


def _stock_line(pieces: Sequence[OfferedPiece], page: LookPage) -> Markup:
    here = sum(1 for each in pieces if each.sizes_here)
    store_name = page.store.name if page.store else ""
    return _STOCK_LINE.fill({"pieces": len(pieces), "here": here, "store_name": store_name})
