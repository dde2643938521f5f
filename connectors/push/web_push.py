"""Web push: RFC 8030 over HTTP, sealed as RFC 8291 asks, signed by VAPID (RFC 8292)."""

import base64
import http.client
import time
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from core import clock

TIMEOUT_SECONDS = 10
KEY_BYTES = 32
KEPT_FOR_SECONDS = 24 * 3600
_SIGNED_FOR_SECONDS = 12 * 3600
_GONE = (404, 410)


class Gone(Exception):
    """The push service does not know this browser any more; never try again."""


class Refused(Exception):
    """The push service does not take it now; it may have said how long to leave it alone."""

    def __init__(self, why: int | str, *, retry_after_seconds: int | None = None) -> None:
        super().__init__(why)
        self.retry_after_seconds = retry_after_seconds


def new_key() -> str:
    """A private key as the setting holds it: 32 bytes, base64url."""
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return encode(number.to_bytes(KEY_BYTES, "big"))


def public_key(private_key: str) -> str:
    """The key by which browsers know us, base64url, as `applicationServerKey` wants it."""
    point = Vapid02.from_raw(private_key.encode()).public_key
    return encode(point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def send(
    content: bytes, *, endpoint: str, p256dh: str, auth: str, private_key: str, contact: str
) -> None:
    """Hand the content to the browser's push service, sealed so that only that browser reads it.

    Redirections are not followed. Raises Gone, Refused, or OSError where nobody answers.
    """
    sealed = http_ece.encrypt(
        content,
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=decode(p256dh),
        auth_secret=decode(auth),
        version="aes128gcm",
    )
    address = urlsplit(endpoint)
    claims = {
        "aud": f"{address.scheme}://{address.netloc}",
        "sub": contact,
        "exp": int(time.time()) + _SIGNED_FOR_SECONDS,
    }
    headers = {
        **Vapid02.from_raw(private_key.encode()).sign(claims),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(KEPT_FOR_SECONDS),
    }
    target = f"{address.path or '/'}{'?' + address.query if address.query else ''}"
    status, retry_after = _post(address.scheme, address.netloc, target, sealed, headers)
    if status in _GONE:
        raise Gone(status)
    if not 200 <= status < 300:
        raise Refused(status, retry_after_seconds=seconds_in(retry_after))


def seconds_in(retry_after: str | None) -> int | None:
    """How many seconds a `Retry-After` asks for (RFC 9110, 10.2.3), a date or a number of them.

    None where there is none or it is neither; never more than a push is worth sending for.
    """
    if retry_after is None:
        return None
    try:
        if retry_after.strip().isdecimal():
            seconds = float(retry_after)
        else:
            seconds = (parsedate_to_datetime(retry_after) - clock.now()).total_seconds()
    except (ValueError, TypeError):
        return None
    return int(min(max(seconds, 0), KEPT_FOR_SECONDS))


def _post(
    scheme: str, place: str, target: str, body: bytes, headers: dict[str, str]
) -> tuple[int, str | None]:
    kind = http.client.HTTPSConnection if scheme == "https" else http.client.HTTPConnection
    connection = kind(place, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("POST", target, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.getheader("Retry-After")
    except http.client.HTTPException as error:
        raise Refused(type(error).__name__) from error
    finally:
        connection.close()


def encode(raw: bytes) -> str:
    """Base64url without padding, as the web writes keys."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """What `encode` wrote. Raises ValueError."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
