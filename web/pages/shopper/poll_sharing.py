"""Passing a poll for everyone on, and what a link to it shows in somebody's chat."""

from typing import Any

from flask import Blueprint, redirect, render_template
from markupsafe import Markup

from core import clock
from retail.brands import queries as brands
from retail.brands.vocabulary import speaking
from retail.outfits.rules import PUBLIC
from retail.polls import queries as polls
from retail.polls.queries import PollView
from retail.polls.rules import poll_not_found
from retail.sharing import queries as sharing
from retail.sharing import service
from retail.sharing.queries import ShareView
from web.auth import find_member, guarded, settings
from web.limits import SHARES, limited
from web.pages.drawing import draw
from web.pages.shopper.preview_tags import in_words, poll_preview_of
from web.pages.shopper.share_links import poll_links, share_address
from web.write import read, write

passing_polls_on = guarded(Blueprint("passing_polls_on", __name__), by="same_origin")


@passing_polls_on.post("/polls/<poll_id>/share")
@limited(SHARES)
@write
def make(session: Any, poll_id: str) -> Any:
    """Make the links of the panel."""
    service.make_poll_links(session, poll_id, sharer=find_member(), now=clock.now())
    return redirect(f"/polls/{poll_id}/share", 303)


@passing_polls_on.get("/polls/<poll_id>/share")
@read
def panel(session: Any, poll_id: str) -> Any:
    """Ways to pass a poll on; who made no links yet finds the poll, with the button for it."""
    poll = polls.get_poll(session, poll_id, viewer=find_member(), now=clock.now())
    if poll.audience != PUBLIC:
        raise poll_not_found()
    links = poll_links(session, poll, find_member())
    return _panel_page(session, poll, links) if links else redirect(f"/polls/{poll_id}")


def preview_page(session: Any, share: ShareView) -> str:
    """What a machine gets that looks ahead by a link to a poll. Raises NotFound."""
    poll = polls.get_poll(session, share.poll_id or "", viewer=None, now=clock.now())
    # As of a look: networks pass the address of the share on.
    tags = preview_tags(session, poll, shared_address=share_address(share.id))
    brand = brands.get_brand(session, poll.brand_id)
    return render_template("shopper/poll_preview.html", brand=brand, poll=poll, **tags)


def preview_tags(
    session: Any, poll: PollView, *, shared_address: str | None = None
) -> dict[str, Any]:
    """What the tags of a poll's page are made of."""
    brand, address = brands.get_brand(session, poll.brand_id), poll_address(poll.id)
    with speaking(brand.words):
        # Words are escaped already: made plain text again, they would be escaped twice.
        alt = Markup(" ").join(
            f"{number}: " + in_words(look, draw(look).pieces) + "."
            for number, look in enumerate((poll.first, poll.second), start=1)
        )
        preview = poll_preview_of(poll, brand.name, address, alt=alt, shared_address=shared_address)
    return {
        "preview": preview,
        "is_public": poll.audience == PUBLIC,
        "is_secure": settings().is_secure,
    }


def passing_on(session: Any, poll: PollView) -> dict[str, Any]:
    """The links that the viewer has to a poll; for who asked, how often all were followed too."""
    if poll.audience != PUBLIC:
        return {"links": None, "visits": 0}
    visits = sharing.visits_to_poll(session, poll.id) if poll.is_own else 0
    return {"links": poll_links(session, poll, find_member()), "visits": visits}


def poll_address(poll_id: str) -> str:
    """The address of a poll's page."""
    return f"{settings().public_url.rstrip('/')}/polls/{poll_id}"


def _panel_page(session: Any, poll: PollView, links: Any) -> str:
    return render_template(
        "shopper/share_poll.html",
        brand=brands.get_brand(session, poll.brand_id),
        poll=poll,
        links=links,
        viewer=find_member(),
    )
