"""Signing in with an account elsewhere: over to the provider, and back to where one came from."""

import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from flask import Blueprint, redirect, request, url_for
from flask import session as browser
from flask_babel import gettext as _

from connectors.identity.errors import Lied, ProviderError, Unreachable
from connectors.identity.provider import Claimed, Trip
from core import clock
from core.errors import Forbidden, Invalid, NotFound, SwingtagError, Unavailable
from core.ids import keyed_hash, new_secret
from core.transaction import database
from retail.accounts import identities
from retail.accounts.identities import Vouched
from retail.brands import queries as brands
from web.auth import device, guarded, settings
from web.elsewhere import Elsewhere, find_elsewhere
from web.limits import TRIPS, limited
from web.pages.again import shown_again
from web.pages.destinations import asked_for, local_path
from web.pages.shopper.join import start, welcome

TRIP_LIFETIME = timedelta(minutes=10)
RETRY_AFTER_SECONDS = 60
_KEPT = "trip"

log = structlog.get_logger()
elsewhere = guarded(Blueprint("elsewhere", __name__), by="anyone")


@dataclass(frozen=True)
class Left:
    """What this browser left with; the cookie is signed, so that nobody else wrote it."""

    state: str = field(repr=False)
    left_at: datetime
    next: str | None


@elsewhere.get("/join/<brand_slug>/with")
@shown_again(start)
@limited(TRIPS, reads_too=True)
def leave(brand_slug: str) -> Any:
    """Over to the provider, with a way back that only this browser can walk."""
    there, state, onward = _there(brand_slug), new_secret(), asked_for()
    with _told(there, onward):
        address = there.provider.way_there(_trip(brand_slug, state))
    browser[_KEPT] = [brand_slug, state, clock.now().isoformat(), onward]
    return redirect(address, 303)


@elsewhere.get("/join/<brand_slug>/callback")
@shown_again(start)
@limited(TRIPS, reads_too=True)
def back(brand_slug: str) -> Any:
    """Back from the provider, once: its word is checked before anything is written."""
    there, left = _there(brand_slug), _take(brand_slug)
    with _told(there, left.next):
        claimed = _ask(there, brand_slug, left.state)
        return _arrive(brand_slug, claimed, left.next)


def _there(brand_slug: str) -> Elsewhere:
    there = find_elsewhere(brand_slug)
    if there is None:
        raise NotFound("page_not_found", "This page isn’t here.")
    with database().read() as session:
        brands.get_brand_by_slug(session, brand_slug)
    return there


def _trip(brand_slug: str, state: str) -> Trip:
    """The trip that belongs to a state: the secrets in it are derived, and kept nowhere."""
    nonce, verifier = (keyed_hash(settings().key, f"trip-{what}", state) for what in ("n", "v"))
    path = url_for("elsewhere.back", brand_slug=brand_slug)
    return Trip(settings().public_url.rstrip("/") + path, state, nonce, verifier)


def _take(brand_slug: str) -> Left:
    """What this browser left with. Raises Forbidden where it did not leave, or not like this."""
    kept = browser.get(_KEPT)
    state = request.args.get("state", "")
    # Whoever sends somebody here with a code of their own does not know this browser's state.
    if (
        not kept
        or kept[0] != brand_slug
        or not hmac.compare_digest(kept[1].encode(), state.encode())
    ):
        raise _over(None)
    browser.pop(_KEPT)
    left = Left(state, datetime.fromisoformat(kept[2]), local_path(kept[3]))
    if clock.now() >= left.left_at + TRIP_LIFETIME:
        raise _over(left.next)
    return left


def _ask(there: Elsewhere, brand_slug: str, state: str) -> Claimed:
    code = request.args.get("code")
    there.provider.check_sender(request.args.get("iss"))
    if "error" in request.args or not code:
        raise Forbidden(
            "sign_in_unfinished", _("You came back without signing in. Nothing has changed.")
        )
    now, key = clock.now(), settings().key
    # Spent before the provider is asked, and outside the transaction that lets somebody in: two
    # answers at once are one sign-in, and no lock is held while a provider thinks.
    with database().write() as session:
        is_first = identities.spend_state(session, state, now=now, key=key)
    if not is_first:
        raise _over(None)
    return there.provider.redeem(code, _trip(brand_slug, state), now=now)


def _arrive(brand_slug: str, claimed: Claimed, onward: str | None) -> Any:
    with database().write() as session:
        brand = brands.get_brand_by_slug(session, brand_slug)
        signed_in = identities.sign_in_vouched(
            session,
            Vouched(**vars(claimed)),
            brand_id=brand.id,
            now=clock.now(),
            key=settings().key,
            device=device(),
        )
        return welcome(session, signed_in, onward)


def _over(onward: str | None) -> Forbidden:
    """One answer for old, used, foreign and made-up ways back."""
    sentence = _("That sign-in is over, or began in another browser. Please start again.")
    return Forbidden("sign_in_over", sentence, next=onward)


@contextmanager
def _told(there: Elsewhere, onward: str | None) -> Iterator[None]:
    """Say in our words what went wrong with the provider, and keep where the way led."""
    try:
        yield
    except ProviderError as error:
        log.warning("sign_in.provider_failed", kind=type(error).__name__, why=error.code)
        raise _in_words(error, there.name, onward) from None
    except (Forbidden, Invalid) as error:
        error.data["next"] = onward
        raise


def _in_words(error: ProviderError, name: str, onward: str | None) -> SwingtagError:
    if isinstance(error, Unreachable):
        return Unavailable(
            "provider_unreachable",
            _("%(name)s isn’t answering just now. A code by e-mail works meanwhile.", name=name),
            retry_after_seconds=RETRY_AFTER_SECONDS,
            next=onward,
        )
    if isinstance(error, Lied):
        return Forbidden(
            "provider_not_believed",
            _(
                "What %(name)s told us doesn’t add up, so we let nobody in. "
                "A code by e-mail works as ever.",
                name=name,
            ),
            next=onward,
        )
    return Forbidden(
        "provider_refused",
        _("%(name)s didn’t confirm that sign-in. Please start again.", name=name),
        next=onward,
    )
