"""The parts of pages that change: fetched after a wake, answered 304 while they stand still."""

from typing import Any

from flask import Blueprint, Response, render_template, request

from core.errors import NotFound
from retail.outfits import queries as outfits
from retail.social import queries as social
from web.auth import find_member, guarded
from web.pages.demo import hub
from web.pages.kiosk import board as kiosk
from web.pages.leagues import asked_place
from web.pages.shopper import (
    basket,
    card,
    friends,
    league,
    me,
    my_kiosk,
    my_room,
    opinions,
    piece,
    polls,
    sessions,
    wall,
)
from web.pages.shopper import outfit as outfit_page
from web.pages.shopper.look import like_label
from web.write import read

fragments = guarded(Blueprint("fragments", __name__, url_prefix="/fragments"), by="anyone")
development_fragments = guarded(
    Blueprint("development_fragments", __name__, url_prefix="/fragments"), by="development"
)
my_fragments = guarded(Blueprint("my_fragments", __name__, url_prefix="/fragments"), by="member")
KIOSK_PARTS = ("league", "wall", "looks")


@fragments.get("/outfits/<outfit_id>/likes")
@read
def likes(session: Any, outfit_id: str) -> Response:
    """The inside of a like button."""
    member = find_member()
    outfits.get_visible(session, outfit_id, viewer_id=member.id if member else None)
    count = social.count_of(session, outfit_id)
    return unless_known(like_label(count))


@fragments.get("/outfits/<outfit_id>/friends")
def friends_who_like(outfit_id: str) -> Response:
    """Which friends of the member like a look."""
    found = outfit_page.friends_part(outfit_id)
    return unless_known(render_template("partials/friends_who_like.html", friends=found))


@fragments.get("/league/<brand_slug>")
@fragments.get("/league/<brand_slug>/<store_slug>")
@read
def league_rows(session: Any, brand_slug: str, store_slug: str | None = None) -> Response:
    """A league's rows."""
    place = asked_place(session, brand_slug, store_slug)
    content = league.rows(session, place)
    return unless_known(render_template("shopper/league_rows.html", brand=place.brand, **content))


@fragments.get("/wall/<brand_slug>")
@fragments.get("/wall/<brand_slug>/<store_slug>")
@read
def wall_looks(session: Any, brand_slug: str, store_slug: str | None = None) -> Response:
    """The newest looks of a wall."""
    place = asked_place(session, brand_slug, store_slug)
    content = wall.hung(session, place)
    return unless_known(render_template("shopper/wall_looks.html", brand=place.brand, **content))


@fragments.get("/01/<gtin>/stock")
@read
def piece_stock(session: Any, gtin: str) -> Response:
    """What shops have of a piece on a shelf."""
    return unless_known(piece.stock_part(session, gtin))


@fragments.get("/polls/<poll_id>/<any(open, closed):state>")
@read
def poll_result(session: Any, poll_id: str, state: str) -> Response:
    """How a poll stands; 205 where the page shows it open and it closed since, or the reverse."""
    seen = polls.seen_poll(session, poll_id)
    if state != ("open" if seen.is_open else "closed"):
        return Response(status=205)
    return unless_known(render_template("partials/poll_result.html", poll=seen))


@fragments.get("/kiosk/<brand_slug>/<store_slug>/<part>")
@read
def kiosk_part(session: Any, brand_slug: str, store_slug: str, part: str) -> Response:
    """The ranks, the wall or the looks of a kiosk."""
    if part not in KIOSK_PARTS:
        raise NotFound("page_not_found", "This page isn’t here.")
    content = kiosk.content(session, asked_place(session, brand_slug, store_slug))
    return unless_known(render_template(f"kiosk/{part}.html", **content))


@my_fragments.get("/me/friends")
@read
def my_friends(session: Any) -> Response:
    """My friends and open invitations."""
    content = friends.people(session)
    brand = friends.my_brand(session)
    return unless_known(render_template("partials/my_friends.html", brand=brand, **content))


@my_fragments.get("/me/card")
def my_card() -> Response:
    """My card as of now."""
    return unless_known(render_template("partials/my_card.html", card=card.my_card()))


@my_fragments.get("/me/basket/<mark>")
@read
def my_hold(session: Any, mark: str) -> Response:
    """Whether I still hold what the page shows: 205 where a till took it, or I held it anew."""
    is_same = basket.held_mark(session) == mark
    return Response(status=304 if is_same else 205)


@my_fragments.get("/me/invitations/<invitation_id>")
@read
def my_invitation(session: Any, invitation_id: str) -> Response:
    """Who accepted an invitation of mine, and whether it is still open."""
    invitation, brand = friends.own_invitation(session, invitation_id), friends.my_brand(session)
    return unless_known(
        render_template("partials/my_invitation.html", brand=brand, invitation=invitation)
    )


@my_fragments.get("/me/room/<link_id>")
@read
def my_room_now(session: Any, link_id: str) -> Response:
    """The room that my phone is linked to: 205 where it is not any more, or to another."""
    content = my_room.shown_room(session)
    if content["link"] is None or content["link"].id != link_id:
        return Response(status=205)
    return unless_known(render_template("partials/my_room.html", **content))


@my_fragments.get("/me/kiosk/<kiosk_id>")
@read
def my_kiosk_now(session: Any, kiosk_id: str) -> Response:
    """What a kiosk may show of me: 205 where my phone is not linked to this one any more."""
    content = my_kiosk.shown_kiosk(session)
    if content["kiosk"] is None or content["kiosk"].id != kiosk_id:
        return Response(status=205)
    return unless_known(render_template("partials/my_kiosk.html", **content))


@my_fragments.get("/me/opinions")
@read
def my_opinions(session: Any) -> Response:
    """What friends ask me, and what I ask them."""
    content = opinions.both_ways(session)
    return unless_known(render_template("partials/my_opinions.html", **content))


@my_fragments.get("/me/opinions/<opinion_id>")
@read
def my_opinion(session: Any, opinion_id: str) -> Response:
    """What friends say to what I asked; absent once it is over."""
    content = opinions.own_part(session, opinion_id)
    return unless_known(render_template("partials/my_opinion.html", **content))


@my_fragments.get("/me/opinions/<opinion_id>/asked")
@read
def asked_opinion(session: Any, opinion_id: str) -> Response:
    """Whether a friend asks me this still: 205 where it is over, or not mine to see any more."""
    return Response(status=304 if opinions.is_asked(session, opinion_id) else 205)


@my_fragments.get("/me/sessions")
@read
def my_sessions(session: Any) -> Response:
    """Where I am signed in."""
    return unless_known(render_template("partials/my_sessions.html", **sessions.content(session)))


@my_fragments.get("/me/prizes")
@read
def my_prizes(session: Any) -> Response:
    """What I won: what a till takes is used on the phone as well."""
    return unless_known(render_template("partials/my_prizes.html", **me.won(session)))


@development_fragments.get("/hub/tills")
@read
def tills(session: Any) -> Response:
    """What each store's tills did last."""
    return unless_known(render_template("demo/tills.html", tills=hub.till_states(session)))


def unless_known(html: str) -> Response:
    """A part of a page, answered 304 where the browser has it as it is."""
    response = Response(html, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    return response.make_conditional(request)
