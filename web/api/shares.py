"""Share links, as an API."""

from dataclasses import dataclass
from typing import Any

from flask_smorest import Blueprint

from core import clock
from retail.sharing import rules
from retail.sharing import service as sharing
from web.auth import find_member, guarded
from web.limits import SHARES, limited
from web.openapi import schema_of
from web.pages.shopper.share_links import share_address
from web.write import write

shares = guarded(Blueprint("shares", __name__, description="Links to pass on"), "anyone")


@dataclass(frozen=True)
class PassedOn:
    """The link to an outfit or a poll for one channel."""

    channel: str
    url: str


@shares.put("/outfits/<outfit_id>/shares/<channel>")
@limited(SHARES)
@write
@shares.response(200, schema_of(PassedOn))
def pass_on(session: Any, outfit_id: str, channel: str) -> PassedOn:
    """The link to pass an outfit on by a channel: sheet, whatsapp, facebook, copy or qr.

    Made where there is none yet. It is credited to the member who asks, if they agreed to that.
    """
    wanted = (rules.check_channel(channel),)
    now = clock.now()
    (link,) = sharing.make_links(session, outfit_id, sharer=find_member(), channels=wanted, now=now)
    return PassedOn(channel, share_address(link.share_id))


@shares.put("/polls/<poll_id>/shares/<channel>")
@limited(SHARES)
@write
@shares.response(200, schema_of(PassedOn))
def pass_poll_on(session: Any, poll_id: str, channel: str) -> PassedOn:
    """The link to pass a poll for everyone on by a channel, as for an outfit."""
    wanted = (rules.check_channel(channel),)
    who = {"sharer": find_member(), "channels": wanted, "now": clock.now()}
    (link,) = sharing.make_poll_links(session, poll_id, **who)
    return PassedOn(channel, share_address(link.share_id))
