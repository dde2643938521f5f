"""Rate limits on chosen routes: guesses, mails and floods, never ordinary shopping."""

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from core.config import Settings
from web.auth import find_key, find_member


def _who() -> str:
    """The key, the member, or else the network address."""
    key = find_key()
    if key is not None:
        return f"key:{key.id}"
    member = find_member()
    return f"member:{member.id}" if member is not None else f"address:{get_remote_address()}"


limiter = Limiter(key_func=_who, headers_enabled=True, default_limits=[])

GUESSES = "20 per 15 minutes"
MAILS = "10 per hour"
LIKES = "120 per minute"


def register(app: Flask, settings: Settings) -> None:
    """Count in Redis where there is one, in this process otherwise."""
    app.config.update(
        RATELIMIT_ENABLED=settings.rate_limits,
        RATELIMIT_STORAGE_URI=settings.redis_url or "memory://",
        RATELIMIT_SWALLOW_ERRORS=True,
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=bool(settings.redis_url),
    )
    limiter.init_app(app)


def limited_by_posts(limit: str) -> object:
    """Limit only the requests of a view that change something."""
    return limiter.limit(limit, exempt_when=lambda: request.method not in ("POST", "PUT", "PATCH"))
