"""What the page of a look says: its parts and its words, for strangers filled into moulds."""

from collections.abc import Sequence
from typing import Any

from flask import render_template
from markupsafe import Markup

from core import clock
from retail.accounts.queries import MemberView
from retail.brands.vocabulary import speaking
from retail.look_page.queries import LookPage
from retail.outfits.rules import PUBLIC
from web.pages.drawing import Drawing, draw
from web.pages.mould import Mould
from web.pages.shopper.offered import OfferedPiece, offered_pieces
from web.pages.shopper.preview_tags import in_words, preview_of

PINS = 2
_PAGE = Mould("shopper/outfit.html")
_BOARD = Mould("partials/outfit.html", "tagged_lay")
_CARD = Mould("partials/pieces.html", "card")
_STOCK_LINE = Mould("partials/pieces.html", "stock_line")
_LIKE_LABEL = Mould("partials/like_label.html")


def look_for_strangers(
    page: LookPage,
    public_url: str,
    nonce: str,
    messages: Sequence[tuple[str, str]] = (),
    came_by: str | None = None,
) -> Markup:
    """The page as everybody sees it who is not signed in; works outside of Flask as moulds do.

    `came_by` is the share that led here, for a like to be credited to it.
    """
    nobody = {"viewer": None, "friends": None, "is_own": False}
    shape = {**_shape(page, public_url), **nobody, "has_share": came_by is not None}
    shape["messages"] = tuple(messages)
    return _PAGE.fill(shape, **_values(page, public_url), came_by=came_by, csp_nonce=nonce)


def look_for_member(page: LookPage, viewer: MemberView, public_url: str, **own: Any) -> str:
    """The page with what is one's own, or as that of one's own look.

    `is_liked`, `is_saved` and `came_by` are the viewer's, `friends` those of hers who like it.
    """
    return render_template(
        "shopper/outfit.html",
        **_shape(page, public_url),
        **_values(page, public_url),
        viewer=viewer,
        is_own=viewer.id == page.outfit.member_id,
        has_share=own["came_by"] is not None,
        **own,
    )


def address_of(outfit_id: str, public_url: str) -> str:
    """The address that people share."""
    return f"{public_url.rstrip('/')}/o/{outfit_id}"


def like_label(likes: int) -> Markup:
    """The inside of a like button."""
    return _LIKE_LABEL.fill({"has_likes": likes > 0}, likes=likes, with_mine=max(likes, 1))


def _shape(page: LookPage, public_url: str) -> dict[str, Any]:
    """What the template asks about."""
    return {
        "brand": page.brand,
        "stores": tuple(page.stores),
        "at_store": page.store,
        "is_for_friends": page.outfit.audience == "friends",
        "has_points_ad": page.outfit.has_points_ad,
        "is_on_bottle": page.outfit.background == "bottle",
        "is_public": page.outfit.audience == PUBLIC,
        "is_secure": public_url.startswith("https:"),
    }


def _values(page: LookPage, public_url: str) -> dict[str, Any]:
    """What the template writes."""
    outfit = page.outfit
    first_name = outfit.stylist_name.split(" ")[0]
    pieces = offered_pieces(outfit, page.sizes, page.crowds)
    drawing = draw(outfit, pins=PINS)
    with speaking(page.brand.words):
        words = in_words(outfit, drawing.pieces)
        preview = preview_of(outfit, page.brand.name, address_of(outfit.id, public_url), alt=words)
        return {
            "outfit": outfit,
            "first_name": first_name,
            "title": preview.title,
            "preview": preview,
            "board": _board(drawing, words),
            "cards": _cards(pieces, page),
            "stock_line": _stock_line(pieces, page),
            "like_label": like_label(page.likes),
            "now": clock.now(),
        }


def _board(drawing: Drawing, words: str) -> Markup:
    return _BOARD.fill(
        {"frame": drawing.frame, "background": drawing.background, "class": "board tall"},
        pieces=drawing.pieces,
        pins=drawing.pins,
        label=words,
    )


def _cards(pieces: Sequence[OfferedPiece], page: LookPage) -> Markup:
    zone = (page.store or page.brand).zone
    cards = [
        _CARD.fill(
            {
                "state": each.state,
                "has_colour": bool(each.piece.colour_name),
                "has_crowd": bool(each.crowd),
                "zone": zone,
            },
            offered=each,
        )
        for each in pieces
    ]
    return Markup("".join(cards))  # noqa: S704 (cards are Markup)


def _stock_line(pieces: Sequence[OfferedPiece], page: LookPage) -> Markup:
    here = sum(1 for each in pieces if each.sizes_here)
    store_name = page.store.name if page.store else ""
    return _STOCK_LINE.fill({"pieces": len(pieces), "here": here, "store_name": store_name})
