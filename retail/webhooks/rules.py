"""What may be told to whom, when a message is tried again and when it is given up. Pure."""

import base64
import ipaddress
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from ulid import ULID

from core.errors import Invalid

SORT_JOB, SEND_JOB = "sort_webhooks", "send_webhooks"
WAITING, DELIVERED, DEAD = "waiting", "delivered", "dead"
STATES = (WAITING, DELIVERED, DEAD)
TEST_TYPE = "endpoint.test"
TYPES: Mapping[str, str] = {
    "receipt.recorded": "A till sold something",
    "receipt.claimed": "A member made a receipt theirs",
    "receipt.returned": "Something of a receipt came back",
    "season.closed": "A season of a board was frozen",
    "prize.awarded": "A prize is its winner’s from now on",
    "prize.settled": "A prize was collected, accepted, kept back, passed on, or ran out",
}
NAME_LENGTH, URL_LENGTH, ANSWER_LENGTH = 60, 500, 200
MOST_ENDPOINTS, MOST_VERSIONS = 20, 1_000_000
# Longer than any call may take, so that no second worker sends the same message meanwhile.
BUSY_FOR = timedelta(seconds=60)
GIVE_UP_AFTER = timedelta(hours=24)
DISABLE_AFTER = timedelta(days=3)
OVERLAP = timedelta(hours=24)
KEEP_FOR = timedelta(days=30)
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 5, 2 * 3600
GONE = 410
SECRET_PREFIX, SECRET_BYTES = "whsec_", 32


@dataclass(frozen=True)
class Outcome:
    """What came of a try: `status` None where nobody answered, `error` then in one word."""

    status: int | None
    milliseconds: int
    answer: str = ""
    error: str | None = None
    retry_after: str | None = None

    @property
    def is_taken(self) -> bool:
        """Whether the endpoint has it."""
        return self.status is not None and 200 <= self.status < 300


def check_url(url: str, *, allows_local: bool) -> str:
    """The address as it will be called. Raises Invalid for all but plain https addresses."""
    sentence = "Give an https address without user name, password or fragment."
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _invalid(url=sentence) from None
    schemes = ("https", "http") if allows_local else ("https",)
    is_plain = parts.scheme in schemes and host and port != 0
    if not is_plain or "@" in parts.netloc or parts.fragment or not url.isascii():
        raise _invalid(url=sentence)
    if len(url) > URL_LENGTH or any(character <= " " or character == "\x7f" for character in url):
        raise _invalid(url=sentence)
    if not allows_local and _is_inside(host):
        raise _invalid(url="This address isn’t on the open internet.")
    return url


def _is_inside(host: str) -> bool:
    """Whether the name itself says so; what it leads to is asked at each call."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local", ".internal"))


def check_name(name: str) -> str:
    """The tidy name of an endpoint. Raises Invalid."""
    tidy = " ".join(name.split())
    if not 1 <= len(tidy) <= NAME_LENGTH or not tidy.isprintable():
        raise _invalid(name=f"Give a name of up to {NAME_LENGTH} characters.")
    return tidy


def check_types(types: Iterable[str]) -> list[str]:
    """The types in the order of the list; none means every type. Raises Invalid for others."""
    wanted = set(types)
    if wanted - set(TYPES):
        raise _invalid(types=f"A type is one of: {', '.join(TYPES)}.")
    return [name for name in TYPES if name in wanted]


def _invalid(**fields: str) -> Invalid:
    problems = {name: [sentence] for name, sentence in fields.items()}
    return Invalid("webhook_invalid", "This endpoint can’t be made as asked.", fields=problems)


def wants(types: Iterable[str], kind: str) -> bool:
    """Whether an endpoint with these types is told of this one; tests reach everybody."""
    chosen = list(types)
    return not chosen or kind in chosen or kind == TEST_TYPE


def new_secret() -> str:
    """A signing secret as its holder keeps it: `whsec_` and 32 random bytes as base64."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def next_id(last: str, now: datetime) -> str:
    """A ULID above `last`, of now where the clock allows it: so ids rise, whatever clocks do."""
    fresh = int(ULID.from_datetime(now))
    return str(ULID.from_int(max(fresh, int(ULID.from_str(last)) + 1)))


def body_of(kind: str, happened_at: datetime, data: Mapping[str, Any]) -> str:
    """The JSON that is signed and sent, the same at every try."""
    at = happened_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    told = {"type": kind, "timestamp": at, "data": dict(data)}
    return json.dumps(told, separators=(",", ":"), ensure_ascii=False)


def next_try(
    attempts: int, retry_after: str | None, *, now: datetime, give_up_at: datetime, dice: float
) -> datetime | None:
    """When to try again after so many tries, or None where the message is given up.

    Twice as long each time, at most two hours; half of it by chance (`dice`, 0 to 1), so that
    endpoints which failed together do not come back together. A longer wish is granted.
    """
    exponent = min(attempts - 1, 20)
    pause = min(FIRST_PAUSE_SECONDS * 2**exponent, LONGEST_PAUSE_SECONDS)
    seconds = max(pause / 2 + pause / 2 * dice, seconds_in(retry_after, now))
    at = now + timedelta(seconds=seconds)
    # The last try falls on the end of the time, whatever pause would lead beyond it.
    return None if now >= give_up_at else min(at, give_up_at)


def seconds_in(retry_after: str | None, now: datetime) -> float:
    """How many seconds a `Retry-After` asks for (RFC 9110, 10.2.3); 0 where it says nothing."""
    if retry_after is None:
        return 0
    text = retry_after.strip()
    try:
        if text.isascii() and text.isdecimal():
            seconds = float(text)
        else:
            seconds = (parsedate_to_datetime(text) - now).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return 0
    return min(max(seconds, 0), GIVE_UP_AFTER.total_seconds())


def shown(answer: str, signing_secrets: Iterable[str]) -> str:
    """The beginning of an answer as it is kept; a secret that it repeats is left out."""
    for secret in signing_secrets:
        for part in (secret, secret.removeprefix(SECRET_PREFIX)):
            answer = answer.replace(part, "…")
    return answer[:ANSWER_LENGTH]


def is_given_up(failing_since: datetime | None, now: datetime) -> bool:
    """Whether an endpoint has failed for so long that nobody calls it any more."""
    return failing_since is not None and now - failing_since >= DISABLE_AFTER
