"""A look's public page, and liking it without scripts."""

from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask_babel import get_locale

from core import clock
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.outfits import queries as outfits
from retail.outfits.queries import OutfitView
from retail.social import queries as social
from retail.social import service as likes
from web.auth import current_member, find_member, guarded, settings
from web.front import keep
from web.limits import LIKES, limited
from web.pages.drawing import draw
from web.pages.page_cache import PLACEHOLDER, PageCache
from web.pages.shopper.offered import offered_pieces, pick_store
from web.write import read, write

outfit = guarded(Blueprint("outfit", __name__), by="anyone")
liking = guarded(Blueprint("liking", __name__), by="member_page")
PINS = 2
# Stock on a stranger's page is at most this old.
STOCK_SECONDS = 15
_pages = PageCache()


@outfit.get("/o/<outfit_id>")
def show(outfit_id: str) -> Any:
    """A look that everyone may see, or one's own."""
    member = find_member()
    if member is not None:
        return _with_preview(read(_render)(outfit_id, member))
    row = keep(social.PAGE_STAMP, seconds=STOCK_SECONDS, outfit_id=outfit_id)
    stamp = social.stamp_of(row)
    key = (stamp, outfit_id, request.args.get("at"), *_moment())
    return _with_preview(_pages.answer(key, lambda: read(_render)(outfit_id, None)))


@liking.post("/o/<outfit_id>/like")
@limited(LIKES)
@write
def like(session: Any, outfit_id: str) -> Any:
    """Like a look."""
    likes.like(session, outfit_id, member=current_member(), now=clock.now())
    return redirect(f"/o/{outfit_id}", 303)


@liking.post("/o/<outfit_id>/unlike")
@limited(LIKES)
@write
def unlike(session: Any, outfit_id: str) -> Any:
    """Take a like back."""
    likes.unlike(session, outfit_id, member=current_member())
    return redirect(f"/o/{outfit_id}", 303)


@liking.get("/o/<outfit_id>/like")
@liking.get("/o/<outfit_id>/unlike")
def back(outfit_id: str) -> Any:
    """Whoever had to sign in on the way to a like finds the look again."""
    return redirect(f"/o/{outfit_id}")


def address_of(outfit_id: str) -> str:
    """The address that people share."""
    return f"{settings().public_url.rstrip('/')}/o/{outfit_id}"


def _moment() -> tuple[str, int]:
    """What else a stranger's page depends on: their language, and how old stock may be."""
    return str(get_locale()), int(clock.now().timestamp()) // STOCK_SECONDS


def _render(session: Any, outfit_id: str, member: MemberView | None) -> str:
    look = _visible(session, outfit_id, member)
    viewer = member if member and member.brand_id == look.brand_id else None
    count = social.like_count(session, outfit_id, member_id=viewer.id if viewer else None)
    stores = brands.list_stores(session, look.brand_id)
    store = pick_store(stores, request.args.get("at"))
    now = clock.now()
    extra = {} if member else {"csp_nonce": PLACEHOLDER}
    return render_template(
        "shopper/outfit.html",
        brand=brands.get_brand(session, look.brand_id),
        outfit=look,
        drawing=draw(look, pins=PINS),
        pieces=offered_pieces(session, look, store, now=now),
        likes=count.likes,
        is_liked=count.is_liked,
        is_own=viewer is not None and viewer.id == look.member_id,
        viewer=viewer,
        stores=stores,
        at_store=store,
        address=address_of(outfit_id),
        now=now,
        **extra,
    )


def _visible(session: Any, outfit_id: str, member: MemberView | None) -> OutfitView:
    return outfits.get_visible(session, outfit_id, viewer_id=member.id if member else None)


def _with_preview(page: Any) -> Any:
    """Share pages name their site, never their path, to the sites they lead to."""
    return page, {"Referrer-Policy": "strict-origin-when-cross-origin"}
