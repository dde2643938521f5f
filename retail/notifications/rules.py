"""What may be said at all, in which windows of time, on which channels. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import SplitResult, urlsplit

from core.errors import Invalid, NotFound
from retail.consent.rules import (
    DECISIONS_NEWS,
    FRIENDS_NEWS,
    HOLDS_NEWS,
    LEAGUE_NEWS,
    LIKES_NEWS,
    OCCASIONS_NEWS,
    OFFERS_NEWS,
    OPINIONS_NEWS,
    POLLS_NEWS,
    PRIZES_NEWS,
    RANGES_NEWS,
    RESULTS_NEWS,
    SAVED_NEWS,
    SENT_NEWS,
    TIERS_NEWS,
)

IN_APP, EMAIL, PUSH = "in_app", "email", "push"
CHANNELS = (IN_APP, EMAIL, PUSH)
REFUSALS_UNTIL_STOPPED = 3
# Minutes since midnight: from nine in the evening to eight in the morning.
QUIET_BY_DEFAULT = (21 * 60, 8 * 60)
# How long before its end we remind of what is still to be used.
REMIND_BEFORE = timedelta(days=3)

_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class NotePurpose:
    """Why we say something; the code is also the purpose to which its reader consents.

    What follows from one's own deed (`is_own`) is told in the app unless one says otherwise.
    With a `window`, all that happens to one subject within it is one note; windows tile time from
    the epoch, in UTC. Without, a subject is told of once for ever.
    """

    code: str
    is_own: bool = False
    window: timedelta | None = None

    def window_at(self, now: datetime) -> datetime:
        """When the window began in which `now` lies."""
        return _ALWAYS if self.window is None else now - (now - _ALWAYS) % self.window

    def ends_at(self, window_at: datetime) -> datetime | None:
        """When the window that began then ends, or None where it never does."""
        return None if self.window is None else window_at + self.window

    def starts_on(self, channel: str) -> bool:
        """Whether the channel is on before the member said anything."""
        return self.is_own and channel == IN_APP


PURPOSES: dict[str, NotePurpose] = {
    purpose.code: purpose
    for purpose in (
        NotePurpose(LIKES_NEWS, window=timedelta(hours=1)),
        NotePurpose(LEAGUE_NEWS),
        NotePurpose(PRIZES_NEWS, is_own=True),
        NotePurpose(TIERS_NEWS, is_own=True),
        NotePurpose(FRIENDS_NEWS, is_own=True),
        NotePurpose(DECISIONS_NEWS, is_own=True),
        # The shortest poll is open for an hour: a quarter of it bundles, and leaves time to vote.
        NotePurpose(POLLS_NEWS, window=timedelta(minutes=15)),
        NotePurpose(RESULTS_NEWS, is_own=True),
        NotePurpose(OFFERS_NEWS, is_own=True),
        NotePurpose(HOLDS_NEWS, is_own=True),
        NotePurpose(OCCASIONS_NEWS, is_own=True),
        NotePurpose(SENT_NEWS, is_own=True),
        NotePurpose(OPINIONS_NEWS, is_own=True),
        NotePurpose(SAVED_NEWS, is_own=True),
        NotePurpose(RANGES_NEWS, window=timedelta(days=1)),
    )
}


def get_purpose(code: str) -> NotePurpose:
    """The purpose with this code. Raises NotFound."""
    if code not in PURPOSES:
        raise NotFound("purpose_not_found", "There is no such purpose.")
    return PURPOSES[code]


def remind_at(since: datetime, until: datetime) -> datetime:
    """When to remind of what lives from `since` to `until`: some days before its end.

    What lives shorter than twice as long is reminded of halfway, well after it was told of.
    """
    return until - min(REMIND_BEFORE, (until - since) / 2)


def check_channel(channel: str) -> str:
    """The channel. Raises Invalid for an unknown one."""
    if channel not in CHANNELS:
        raise Invalid("channel_unknown", "We know no such channel.")
    return channel


def check_endpoint(endpoint: str, services: str) -> str:
    """The address of a push service that we know, as we will call what a browser names.

    `services` are domains, reached by HTTPS alone, or whole origins for tests and development,
    apart by spaces. Raises Invalid.
    """
    address = urlsplit(endpoint)
    host = (address.hostname or "").lower()
    for service in services.split():
        is_origin = "://" in service and endpoint.startswith(f"{service}/")
        is_domain = host == service or host.endswith(f".{service}")
        if is_origin or (is_domain and address.scheme == "https" and _is_plain(address)):
            return endpoint
    raise Invalid("push_service_unknown", "We don’t know this push service.")


def _is_plain(address: SplitResult) -> bool:
    return address.username is None and address.netloc.lower() in (
        address.hostname,
        f"{address.hostname}:443",
    )
