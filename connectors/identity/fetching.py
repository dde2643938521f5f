"""Small JSON documents from a provider: bounded in size and time, redirections not followed."""

import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import urllib3

from connectors.identity.errors import Lied, Refused, Unreachable

MAX_BYTES = 256 * 1024
_CHUNK = 16 * 1024


class Fetcher:
    """Asks one provider, and waits no longer than `seconds` for any whole answer."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._http = urllib3.PoolManager(
            timeout=urllib3.Timeout(total=seconds), retries=False, maxsize=4
        )

    def get(self, address: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        """The document at an address. Raises ProviderError."""
        return self._ask("GET", address, headers or {})

    def post(
        self, address: str, fields: Mapping[str, str], headers: Mapping[str, str]
    ) -> dict[str, Any]:
        """What a form is answered with. Raises ProviderError; Refused for what it does not take."""
        form = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        return self._ask("POST", address, form, urlencode(fields))

    def _ask(
        self, method: str, address: str, headers: Mapping[str, str], body: str | None = None
    ) -> dict[str, Any]:
        deadline = time.monotonic() + self._seconds
        try:
            response = self._http.request(
                method,
                address,
                body=body,
                headers={"Accept": "application/json", **headers},
                preload_content=False,
                decode_content=False,
                redirect=False,
            )
            try:
                _check_status(response.status)
                answer = _read(response, deadline)
            finally:
                # Whatever was not read is not waited for.
                response.close()
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise Unreachable(type(error).__name__) from None
        return _parsed(answer)


def _check_status(status: int) -> None:
    if 300 <= status < 400:
        raise Lied("redirected")
    if status == 429 or status >= 500:
        raise Unreachable(f"http_{status}")
    if status != 200:
        raise Refused(f"http_{status}")


def _read(response: urllib3.BaseHTTPResponse, deadline: float) -> bytes:
    body = bytearray()
    while chunk := response.read1(_CHUNK):
        body += chunk
        if len(body) > MAX_BYTES:
            raise Lied("too_much")
        # Each read waits by itself, so an answer in drops would never be late.
        if time.monotonic() > deadline:
            raise Unreachable("too_slow")
    return bytes(body)


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise Lied("not_json") from None
    if not isinstance(document, dict):
        raise Lied("not_an_object")
    return document
