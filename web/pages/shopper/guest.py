"""A stranger's like, carried through joining: a random number in a cookie, and nothing else."""

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from flask import Response, flash, request
from flask_babel import gettext as _

from core import clock
from core.ids import new_secret
from retail.accounts.queries import MemberView
from retail.guests.rules import LIFETIME
from retail.journeys.looks.redeem_guest_likes import redeem_guest_likes
from web.auth import settings

# What the look's page says once somebody is back: a like that counts now, or a look of one's own.
KEPT = "kept"


def guest_number() -> str:
    """This browser's number, a new one where it has none."""
    return request.cookies.get(_name()) or new_secret()


def remember_guest(response: Response, guest: str) -> Response:
    """Have the browser keep its number for a day."""
    response.set_cookie(
        _name(),
        guest,
        max_age=int(LIFETIME.total_seconds()),
        secure=settings().is_secure,
        httponly=True,
        samesite="Lax",
    )
    return response


def forget_guest(response: Response) -> None:
    """Take the number from the browser, if it has one."""
    if _name() in request.cookies:
        response.delete_cookie(_name(), secure=settings().is_secure, httponly=True, samesite="Lax")


def redeem(session: Any, member: MemberView, onward: str) -> str:
    """Let the guest's likes count for the member they became; gives where to go on, with a word.

    Where the way leads to one of the looks, its page says so; otherwise the next page does.
    """
    guest = request.cookies.get(_name())
    if not guest:
        return onward
    now, key = clock.now(), settings().key
    redeemed = redeem_guest_likes(session, guest, member=member, now=now, key=key)
    look = _look_in(onward)
    if look in redeemed.liked:
        return _with_word(onward, "like")
    if look in redeemed.own:
        return _with_word(onward, "own")
    if redeemed.liked:
        flash(_("Your like was kept. It counts now."))
    return onward


def _look_in(path: str) -> str:
    parts = urlsplit(path).path.split("/")
    return parts[2] if len(parts) == 3 and parts[1] == "o" else ""


def _with_word(path: str, word: str) -> str:
    parts = urlsplit(path)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name != KEPT]
    return urlunsplit(parts._replace(query=urlencode([*query, (KEPT, word)])))


def _name() -> str:
    return "__Host-guest" if settings().is_secure else "guest"
