"""A look's public page, and liking it without scripts."""

from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask_babel import get_locale

from core import clock
from core.glance import Ask
from retail.accounts.queries import MemberView
from retail.look_page.queries import LookPage, get_look_page
from retail.social import queries as social
from retail.social import service as likes
from retail.social.rules import LikeCount
from web.auth import current_member, find_member, guarded, settings
from web.front import keep
from web.limits import LIKES, limited
from web.pages.drawing import draw
from web.pages.page_cache import PLACEHOLDER, PageCache
from web.pages.shopper.offered import offered_pieces
from web.write import glances, read, write

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
        return _with_preview(read(_for_member)(outfit_id, member))
    row = keep(social.PAGE_STAMP, seconds=STOCK_SECONDS, outfit_id=outfit_id)
    key = (social.stamp_of(row), outfit_id, request.args.get("at"), *_moment())
    return _with_preview(_pages.answer(key, lambda: _for_strangers(social.count_in(row))))


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


def _for_strangers(count: LikeCount) -> str:
    with glances() as ask:
        page = _look_page(ask, count.outfit_id, None)
    return _render(page, None, count, csp_nonce=PLACEHOLDER)


def _for_member(session: Any, outfit_id: str, member: MemberView) -> str:
    with glances() as ask:
        page = _look_page(ask, outfit_id, member.id)
    viewer = member if member.brand_id == page.brand.id else None
    count = social.like_count(session, outfit_id, member_id=viewer.id if viewer else None)
    return _render(page, viewer, count)


def _look_page(ask: Ask, outfit_id: str, viewer_id: str | None) -> LookPage:
    asked = request.args.get("at")
    return get_look_page(ask, outfit_id, viewer_id=viewer_id, store_slug=asked, now=clock.now())


def _render(page: LookPage, viewer: MemberView | None, count: LikeCount, **extra: str) -> str:
    return render_template(
        "shopper/outfit.html",
        brand=page.brand,
        outfit=page.outfit,
        drawing=draw(page.outfit, pins=PINS),
        pieces=offered_pieces(page.outfit, page.sizes),
        likes=count.likes,
        is_liked=count.is_liked,
        is_own=viewer is not None and viewer.id == page.outfit.member_id,
        viewer=viewer,
        stores=page.stores,
        at_store=page.store,
        address=address_of(page.outfit.id),
        now=clock.now(),
        **extra,
    )


def _with_preview(page: Any) -> Any:
    """Share pages name their site, never their path, to the sites they lead to."""
    return page, {"Referrer-Policy": "strict-origin-when-cross-origin"}
