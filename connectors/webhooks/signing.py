"""The signature of Standard Webhooks 1.0: https://www.standardwebhooks.com. Pure."""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime

PREFIX = "whsec_"


def signed_headers(
    message_id: str, at: datetime, body: bytes, signing_secrets: Iterable[str]
) -> dict[str, str]:
    """The three headers of a message; one signature for each secret, the newest first.

    `at` is the instant of this try, so that a receiver can refuse what is old.
    """
    stamp = str(int(at.timestamp()))
    signed = f"{message_id}.{stamp}.".encode() + body
    signatures = [_signature(secret, signed) for secret in signing_secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(signatures),
    }


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    digest = hmac.new(key, signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"
