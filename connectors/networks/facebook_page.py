"""A brand's own Facebook Page, through the Graph API.

Errors follow https://developers.facebook.com/docs/graph-api/guides/error-handling, limits
https://developers.facebook.com/docs/graph-api/overview/rate-limiting. The token travels in a
header, never in an address, so that no log on the way keeps it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import urllib3

TIMEOUT_SECONDS = 15
# From this share of a limit on we rest by ourselves, for so long.
NEARLY_USED_PERCENT = 90
REST_SECONDS = 15 * 60
_LOOK_BACK = 50
_TOKEN_CODES = frozenset({102, 190})
_LIMIT_CODES = frozenset({4, 17, 32, 341, 613, *range(80000, 80015)})
_BLOCKED_CODES = frozenset({368})
_PASSING_CODES = frozenset({1, 2})
_DUPLICATE_CODES = frozenset({506})
_PERMISSION_CODES = frozenset({3, 10, *range(200, 300)})
_GONE_SUBCODE = 33


class PageError(Exception):
    """The Page did not take it. `code` is Facebook's, for the operator; no text of theirs."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Stopped(PageError):
    """Nothing will be taken before somebody acts: token expired, permission missing, blocked."""


class Resting(PageError):
    """Too many calls; take none before `seconds` are over."""

    def __init__(self, code: str, seconds: int) -> None:
        super().__init__(code)
        self.seconds = seconds


class Unreachable(PageError):
    """It went wrong on the way or on their side; try again later."""


class Refused(PageError):
    """This post is not taken, however often it is sent."""


class Duplicate(Refused):
    """They have it already."""


class Gone(PageError):
    """There is no such post any more."""


@dataclass(frozen=True)
class Sent:
    """A post on the Page; `rest_seconds` above 0 asks for a pause before the next call."""

    post_id: str
    rest_seconds: int


class Page:
    """One Page, and the token that may post there."""

    def __init__(self, *, graph_url: str, page_id: str, token: str) -> None:
        self._graph = graph_url.rstrip("/")
        self._page_id = page_id
        self._headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        self._http = urllib3.PoolManager(
            timeout=urllib3.Timeout(TIMEOUT_SECONDS), retries=False, maxsize=1
        )

    def name(self) -> str:
        """What the Page is called; shows that number and token fit. Raises PageError."""
        return str(self._call("GET", self._page_id, fields="name").body.get("name", ""))

    def post(self, *, message: str, link: str) -> Sent:
        """Put a link with words above it on the Page. Raises PageError."""
        answer = self._call("POST", f"{self._page_id}/feed", message=message, link=link)
        post_id = answer.body.get("id")
        if not isinstance(post_id, str) or not post_id:
            raise Unreachable("answer_without_id")
        return Sent(post_id, answer.rest_seconds)

    def find(self, link: str) -> str | None:
        """The id of a recent post with this link: what arrived although no answer did.

        Raises PageError.
        """
        answer = self._call(
            "GET",
            f"{self._page_id}/feed",
            fields="id,attachments{unshimmed_url}",
            limit=str(_LOOK_BACK),
        )
        for post in answer.body.get("data", []):
            attached = post.get("attachments", {}).get("data", [])
            if any(one.get("unshimmed_url") == link for one in attached):
                return str(post["id"])
        return None

    def remove(self, post_id: str) -> None:
        """Take a post off the Page; one that is gone already is fine. Raises PageError."""
        try:
            self._call("DELETE", quote(post_id, safe="_"))
        except Gone:
            return

    def _call(self, method: str, path: str, **given: str) -> "_Answer":
        try:
            response = self._http.request(
                method,
                f"{self._graph}/{path}",
                fields=given or None,
                headers=self._headers,
                **({"encode_multipart": False} if method == "POST" else {}),
            )
        except urllib3.exceptions.HTTPError as error:
            raise Unreachable(type(error).__name__) from error
        answer = _Answer(response.status, response.headers, _parsed(response.data))
        answer.check()
        return answer


@dataclass(frozen=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    body: dict[str, Any] = field(repr=False)

    @property
    def rest_seconds(self) -> int:
        """How long the usage headers ask us to rest; 0 where there is room."""
        usages = [
            *(_parsed(self.headers.get(name, "")) for name in ("X-App-Usage", "X-Page-Usage")),
            *_business_usages(self.headers.get("X-Business-Use-Case-Usage", "")),
        ]
        waits = [int(usage.get("estimated_time_to_regain_access") or 0) * 60 for usage in usages]
        if any(_percent(usage) >= NEARLY_USED_PERCENT for usage in usages):
            waits.append(REST_SECONDS)
        return max(waits, default=0)

    def check(self) -> None:
        """Raise what the answer means, if it is a refusal."""
        error = self.body.get("error")
        if not isinstance(error, dict):
            if self.status < 400:
                return
            raise Unreachable(f"http_{self.status}")
        code, subcode = _number(error.get("code")), _number(error.get("error_subcode"))
        name = f"{code}/{subcode}" if subcode else str(code)
        if code in _LIMIT_CODES:
            raise Resting(name, max(self.rest_seconds, REST_SECONDS))
        if code in _TOKEN_CODES | _PERMISSION_CODES | _BLOCKED_CODES:
            raise Stopped(name)
        if code in _PASSING_CODES or error.get("is_transient") is True or self.status >= 500:
            raise Unreachable(name)
        if code == 100 and subcode == _GONE_SUBCODE:
            raise Gone(name)
        raise (Duplicate if code in _DUPLICATE_CODES else Refused)(name)


def _parsed(text: bytes | str) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _business_usages(text: str) -> list[dict[str, Any]]:
    lists = [one for one in _parsed(text).values() if isinstance(one, list)]
    return [usage for usages in lists for usage in usages if isinstance(usage, dict)]


def _percent(usage: Mapping[str, Any]) -> int:
    return max(_number(usage.get(name)) for name in ("call_count", "total_time", "total_cputime"))


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0
