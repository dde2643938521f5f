"""Rate limits on chosen routes: guesses, mails and floods, never ordinary shopping.

Counted in Redis where there is one, in this process otherwise; when Redis is away nothing is
refused, because a shop must go on.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, wraps
from typing import Any

import structlog
from flask import Flask, current_app, request
from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from core.config import Settings
from core.errors import Conflict, TooMany
from web.auth import SAFE_METHODS, find_member, principal

log = structlog.get_logger()

GUESSES = "20 per 15 minutes"
# Counts a whole shop behind one address; each e-mail address has a limit of its own.
MAILS = "60 per hour"
# A whole shop behind one address may come back from its provider.
TRIPS = "120 per hour"
LIKES = "120 per minute"
REPORTS = "10 per minute"
INVITATIONS = "40 per hour"
LOOK_UPS = "20 per day"
SHARES = "60 per minute"
POLLS = "30 per day"
OPINIONS = "30 per day"
HOLDS = "60 per hour"
# Each may put a name on the tablets of a store for a while.
CHECK_INS = "12 per hour"
TAG_BATCHES = "1200 per minute"
DEVICE_CODES = "60 per 15 minutes"
DEVICE_POLLS = "600 per 15 minutes"
TOUCHES = "240 per minute"
# A shop's displays stand behind one address, and each may ask for a hundred products at once.
FEEDS = "600 per minute"
# Also how many notes friends can be sent, by a member, a program or a network.
SENDS = "20 per 10 minutes"
CALENDARS = "30 per hour"
WRONG_CODES = "5 per 15 minutes"

View = Callable[..., Any]
_parsed = cache(parse)


def register(app: Flask, settings: Settings) -> None:
    """Give the application its counter, or none where limits are switched off."""
    app.extensions["rate_limiter"] = None
    if settings.rate_limits:
        storage = storage_from_string(
            settings.redis_url or "memory://", wrap_exceptions=bool(settings.redis_url)
        )
        app.extensions["rate_limiter"] = MovingWindowRateLimiter(storage)


def limited(limit: str, *, reads_too: bool = False) -> Callable[[View], View]:
    """Let a view change things only so often per key, member or network address.

    A refused request gets 429 with `Retry-After`; reading is limited only where it costs others
    something (`reads_too`).
    """
    item = parse(limit)

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            if reads_too or request.method not in SAFE_METHODS:
                _count(item, view.__qualname__)
            return view(*args, **kwargs)

        return wrapper

    return decorate


def limited_look_ups(view: View) -> View:
    """Let a member look up only so many people a day, wherever, though a look changes nothing.

    Strangers are not counted: a whole shop may stand behind one address.
    """
    item = parse(LOOK_UPS)

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        if find_member() is not None:
            _count(item, "look_ups", "too_many_look_ups", "That’s enough invitations for one day.")
        return view(*args, **kwargs)

    return wrapper


def refuse_guesser() -> None:
    """Refuse whoever typed too many wrong voucher codes; tills with a key are never asked."""
    limiter: MovingWindowRateLimiter | None = current_app.extensions["rate_limiter"]
    item = parse(WRONG_CODES)
    try:
        if limiter is None or limiter.test(item, "wrong_codes", principal()):
            return
        free_at = limiter.get_window_stats(item, "wrong_codes", principal()).reset_time
    except StorageError:
        log.warning("limits.storage_unreachable")
        return
    raise TooMany(
        "too_many_wrong_codes",
        "Too many codes that we don’t know. Please wait a quarter of an hour.",
        retry_after_seconds=max(1, int(free_at - time.time()) + 1),
    )


def count_wrong_codes(number: int) -> None:
    """Remember that so many codes were typed which open nothing."""
    limiter: MovingWindowRateLimiter | None = current_app.extensions["rate_limiter"]
    if limiter is None:
        return
    try:
        for _each in range(number):
            limiter.hit(parse(WRONG_CODES), "wrong_codes", principal())
    except StorageError:
        log.warning("limits.storage_unreachable")


@contextmanager
def wrong_codes_counted() -> Iterator[None]:
    """Remember the codes that open nothing among those for which a refusal is raised in here."""
    try:
        yield
    except Conflict as nothing:
        refused = nothing.data.get("refused", ())
        count_wrong_codes(sum(one["reason"] == "unknown" for one in refused))
        raise


def admits(limiter: MovingWindowRateLimiter | None, limit: str, what: str, who: str) -> bool:
    """Count one more before Flask; whether that is within the limit, or nobody counts."""
    if limiter is None:
        return True
    try:
        return limiter.hit(_parsed(limit), what, who)
    except StorageError:
        log.warning("limits.storage_unreachable")
        return True


def _count(
    item: RateLimitItem,
    what: str,
    code: str = "too_many_requests",
    sentence: str = "That was a lot at once. Please wait a moment.",
) -> None:
    limiter: MovingWindowRateLimiter | None = current_app.extensions["rate_limiter"]
    if limiter is None:
        return
    try:
        if limiter.hit(item, what, principal()):
            return
        free_at = limiter.get_window_stats(item, what, principal()).reset_time
    except StorageError:
        log.warning("limits.storage_unreachable")
        return
    raise TooMany(
        code,
        sentence,
        retry_after_seconds=max(1, int(free_at - time.time()) + 1),
    )
