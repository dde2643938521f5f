"""A look's public page, and liking it without scripts."""

from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint, g, get_flashed_messages, redirect, request
from flask import session as cookie

from core import clock
from retail.accounts.queries import MemberView
from retail.friends.queries import FriendsWhoLike
from retail.journeys.looks import like as journey
from retail.look_page.queries import (
    LookPage,
    are_apart,
    friends_who_like,
    get_look_page,
)
from retail.outfits import queries as outfits
from retail.saves import queries as saves
from retail.sharing.rules import share_id_in
from retail.social import queries as social
from retail.social import service as likes
from web.auth import current_member, find_member, guarded, settings
from web.front import Made, Maker, keep
from web.limits import LIKES, limited
from web.pages.shopper.look import look_for_member, look_for_strangers
from web.pages.shopper.share_links import came_by
from web.write import glances, read, write

outfit = guarded(Blueprint("outfit", __name__), by="anyone")
liking = guarded(Blueprint("liking", __name__), by="member_page")
# Stock on a stranger's page is at most this old.
STOCK_SECONDS = 15
# Share pages name their site, never their path, to the sites they lead to.
PREVIEW = {"Referrer-Policy": "strict-origin-when-cross-origin"}


@outfit.get("/o/<outfit_id>")
def show(outfit_id: str) -> Any:
    """A look that everyone may see, or one's own."""
    member = find_member()
    if member is not None:
        return read(_for_member)(outfit_id, member), PREVIEW
    page = _look_page(outfit_id, request.args.get("at"), None)
    keep(social.PAGE_STAMP, page.stamp, seconds=STOCK_SECONDS, outfit_id=outfit_id)
    return _for_stranger(page), PREVIEW


def maker(public_url: str) -> Maker:
    """Makes the same for strangers who bring nothing, without Flask."""

    def make(path: str, query: str, nonce: str) -> Made:
        outfit_id, asked = path.removeprefix("/o/"), dict(reversed(parse_qsl(query)))
        if not (outfit_id.isascii() and outfit_id.isalnum()):
            raise outfits.outfit_not_found()
        page = _look_page(outfit_id, asked.get("at"), None)
        share_id = share_id_in(asked.get("from"))
        return Made(
            "outfit.show",
            social.PAGE_STAMP,
            {"outfit_id": outfit_id},
            page.stamp,
            STOCK_SECONDS,
            tuple(PREVIEW.items()),
            look_for_strangers(page, public_url, nonce, came_by=share_id),
        )

    return make


@liking.post("/o/<outfit_id>/like")
@limited(LIKES)
@write
def like(session: Any, outfit_id: str) -> Any:
    """Like a look."""
    member, now = current_member(), clock.now()
    journey.like(session, outfit_id, member=member, share_id=came_by(), now=now)
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


@read
def friends_part(session: Any, outfit_id: str) -> FriendsWhoLike:
    """The member's friends who like a look, for its live part; strangers have none.

    Raises NotFound for a look that the member may not see.
    """
    member = find_member()
    outfit = outfits.get_visible(session, outfit_id, viewer_id=member.id if member else None)
    with glances() as ask:
        if member is None or are_apart(ask, outfit, member.id):
            return FriendsWhoLike()
        return friends_who_like(ask, outfit_id, social.count_of(session, outfit_id), member.id)


def _for_stranger(page: LookPage) -> str:
    messages = get_flashed_messages(with_categories=True) if cookie else ()
    return look_for_strangers(page, settings().public_url, g.csp_nonce, messages, came_by())


def _for_member(session: Any, outfit_id: str, member: MemberView) -> str:
    page = _look_page(outfit_id, request.args.get("at"), member.id)
    with glances() as ask:
        # Who is kept away, and another brand's member, see what a stranger sees.
        if member.brand_id != page.brand.id or are_apart(ask, page.outfit, member.id):
            return _for_stranger(page)
        friends = friends_who_like(ask, outfit_id, page.likes, member.id)
    own = {
        "is_liked": social.has_liked(session, outfit_id, member.id),
        "is_saved": saves.has_saved(session, outfit_id, member.id),
        "came_by": came_by(),
        "friends": friends,
    }
    return look_for_member(page, member, settings().public_url, **own)


def _look_page(outfit_id: str, at: str | None, viewer_id: str | None) -> LookPage:
    with glances() as ask:
        return get_look_page(ask, outfit_id, viewer_id=viewer_id, store_slug=at, now=clock.now())
