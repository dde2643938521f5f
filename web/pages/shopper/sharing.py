"""Passing a look on, coming by a link, and a stranger's like that waits for them to join."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from core import clock
from retail.brands import queries as brands
from retail.brands.vocabulary import speaking
from retail.guests import service as guests
from retail.journeys.looks.like import like
from retail.outfits import queries as outfits
from retail.outfits.queries import OutfitView
from retail.sharing import queries as sharing
from retail.sharing import service
from retail.sharing.queries import ShareView
from web.auth import find_member, guarded, settings
from web.limits import LIKES, SHARES, limited
from web.machines import is_person
from web.pages.drawing import draw
from web.pages.shopper.guest import guest_number, remember_guest
from web.pages.shopper.look import address_of
from web.pages.shopper.poll_sharing import preview_page
from web.pages.shopper.preview_tags import in_words, preview_of
from web.pages.shopper.share_links import came_by, panel_links, share_address
from web.write import read, write

following = guarded(Blueprint("following", __name__), by="anyone")
passing_on = guarded(Blueprint("passing_on", __name__), by="same_origin")


@following.get("/s/<share_id>")
def follow(share_id: str) -> Any:
    """Lead a person on and count the visit; tell a machine what a preview shows."""
    if is_person(request.method, request.headers):
        return _counted(share_id)
    return _preview(share_id)


@passing_on.post("/o/<outfit_id>/share")
@limited(SHARES)
@write
def make(session: Any, outfit_id: str) -> Any:
    """Make the links of the panel."""
    service.make_links(session, outfit_id, sharer=find_member(), now=clock.now())
    return redirect(f"/o/{outfit_id}/share", 303)


@passing_on.get("/o/<outfit_id>/share")
@read
def panel(session: Any, outfit_id: str) -> Any:
    """Ways to pass a look on; who made no links yet finds the look, with the button for it."""
    look = outfits.get_visible(session, outfit_id)
    links = panel_links(session, look, find_member())
    return _panel_page(session, look, links) if links else redirect(f"/o/{outfit_id}")


@passing_on.post("/o/<outfit_id>/guest-like")
@limited(LIKES)
@write
def like_as_guest(session: Any, outfit_id: str) -> Any:
    """Keep a stranger's like and ask them to join; a member who comes by an old page likes."""
    look, member = outfits.get_visible(session, outfit_id), find_member()
    if member is not None and member.brand_id == look.brand_id:
        like(session, outfit_id, member=member, share_id=came_by(), now=clock.now())
        return redirect(f"/o/{outfit_id}", 303)
    return _join_first(session, look)


@passing_on.get("/o/<outfit_id>/guest-like")
def back(outfit_id: str) -> Any:
    """Whoever comes back to a form finds the look."""
    return redirect(f"/o/{outfit_id}")


@write
def _counted(session: Any, share_id: str) -> Response:
    share = service.follow(
        session,
        share_id,
        address=request.remote_addr or "",
        agent=request.headers.get("User-Agent", ""),
        now=clock.now(),
        key=settings().key,
    )
    # What is done on the page of a poll is credited to nobody, so there it is not said.
    to_look = f"/o/{share.outfit_id}?{urlencode({'from': share.id})}"
    return redirect(f"/polls/{share.poll_id}" if share.poll_id else to_look)


@read
def _preview(session: Any, share_id: str) -> str:
    share = sharing.get_share(session, share_id)
    return preview_page(session, share) if share.poll_id else _look_preview(session, share)


def _look_preview(session: Any, share: ShareView) -> str:
    look = outfits.get_visible(session, share.outfit_id or "")
    brand, public_url = brands.get_brand(session, look.brand_id), settings().public_url
    # Were it the look's own, networks would pass that on and forget which share it was.
    shared = share_address(share.id)
    address, drawing = address_of(look.id, public_url), draw(look)
    with speaking(brand.words):
        words = in_words(look, drawing.pieces)
        preview = preview_of(look, brand.name, address, alt=words, shared_address=shared)
    return render_template(
        "shopper/preview.html",
        brand=brand,
        outfit=look,
        drawing=drawing,
        preview=preview,
        is_public=True,
        is_secure=settings().is_secure,
    )


def _panel_page(session: Any, look: OutfitView, links: Any) -> str:
    return render_template(
        "shopper/share.html",
        brand=brands.get_brand(session, look.brand_id),
        outfit=look,
        drawing=draw(look, shape="strip"),
        links=links,
        viewer=find_member(),
    )


def _join_first(session: Any, look: OutfitView) -> Response:
    guest, share_id = guest_number(), came_by()
    now, key = clock.now(), settings().key
    guests.keep_like(session, look.id, guest=guest, share_id=share_id, now=now, key=key)
    brand = brands.get_brand(session, look.brand_id)
    onward = urlencode({"next": f"/o/{look.id}"})
    return remember_guest(redirect(f"/join/{brand.slug}?{onward}", 303), guest)  # type: ignore[return-value,arg-type]
