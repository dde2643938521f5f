"""The addresses of share links, as panels show them."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request

from retail.accounts.queries import MemberView
from retail.outfits.queries import OutfitView
from retail.polls.queries import PollView
from retail.sharing import queries as sharing
from retail.sharing import rules
from retail.sharing.rules import ShareLink
from web.auth import settings


def share_address(share_id: str) -> str:
    """The address that people pass on."""
    return f"{settings().public_url.rstrip('/')}/s/{share_id}"


def came_by() -> str | None:
    """The share that led here, from the form or the address; None where it cannot be one."""
    return rules.share_id_in(request.form.get("share") or request.args.get("from"))


def panel_links(
    session: Any, look: OutfitView, sharer: MemberView | None
) -> Mapping[str, str] | None:
    """The address for each channel of a panel, or None where they are not made yet."""
    sharer_id = sharing.credited_sharer(session, sharer, look.brand_id)
    found = addresses(sharing.links_of(session, look.id, sharer_id))
    return found if found.keys() >= set(rules.PANEL) else None


def poll_links(session: Any, poll: PollView, sharer: MemberView | None) -> dict[str, str] | None:
    """As `panel_links`, for a poll."""
    sharer_id = sharing.credited_sharer(session, sharer, poll.brand_id)
    found = addresses(sharing.poll_links_of(session, poll.id, sharer_id))
    return found if found.keys() >= set(rules.PANEL) else None


def addresses(links: Sequence[ShareLink]) -> dict[str, str]:
    """The address for each channel."""
    return {link.channel: share_address(link.share_id) for link in links}
