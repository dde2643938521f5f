"""Ending messages in one tap, without signing in: a look is safe, a POST ends (RFC 8058)."""

from typing import Any

from flask import Blueprint, render_template

from core import clock
from core.errors import NotFound
from retail.accounts import queries as accounts
from retail.brands import queries as brands
from retail.consent.rules import get_purpose
from retail.journeys.members.choose_channels import unsubscribe
from retail.notifications.unsubscribing import Ending, read_token
from web.auth import guarded, settings
from web.write import read, write

# Mail programs post here without our page before them, so no form token can be asked for.
unsubscribing = guarded(Blueprint("unsubscribing", __name__), by="anyone")


@unsubscribing.get("/unsubscribe/<token>")
@read
def show(session: Any, token: str) -> str:
    """What would end."""
    return _page(session, read_token(settings().key, token), token, is_done=False)


@unsubscribing.post("/unsubscribe/<token>")
@write
def end(session: Any, token: str) -> str:
    """End it. Repeated, or after the member left, it is as ended as before."""
    ending = read_token(settings().key, token)
    _end(session, ending)
    return _page(session, ending, token, is_done=True)


def _end(session: Any, ending: Ending) -> None:
    now = clock.now()
    try:
        member = accounts.get_member(session, ending.member_id, now=now)
    except NotFound:
        return
    unsubscribe(session, ending.purpose, ending.channel, member=member, now=now)


def _page(session: Any, ending: Ending, token: str, *, is_done: bool) -> str:
    members = accounts.members_by_id(session, [ending.member_id], now=clock.now())
    found = members.get(ending.member_id)
    return render_template(
        "shopper/unsubscribe.html",
        brand=brands.get_brand(session, found.brand_id) if found else None,
        title=get_purpose(ending.purpose).title,
        channel=ending.channel,
        token=token,
        is_done=is_done,
    )
