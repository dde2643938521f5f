"""What answers that are kept before Flask have in common: an offer, a store, own headers."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any, Generic, NamedTuple, TypeVar

from web import headers

Environ = dict[str, Any]
Wsgi = Callable[[Environ, Any], Iterable[bytes]]
Headers = list[tuple[str, str]]
Kept = TypeVar("Kept")
_LARGEST = 512
_OWN = frozenset({"x-request-id", "content-security-policy"})


class Offered(NamedTuple):
    """What a view offered to be kept, with the headers and the body that it was answered with."""

    offer: Any
    headers: Headers
    body: bytes


def ask(
    application: Wsgi, environ: Environ, start_response: Any, name: str
) -> tuple[Iterable[bytes], Offered | None]:
    """The application's answer, and what its view offered in the environment under a name."""
    said: list[tuple[str, Headers]] = []

    def listen(status: str, given: Headers, *rest: Any) -> Any:
        said.append((status, given))
        return start_response(status, given, *rest)

    answer = application(environ, listen)
    offer = environ.get(name)
    if offer is None or not said or not said[-1][0].startswith("200"):
        return answer, None
    body = b"".join(answer)
    answer.close()  # type: ignore[attr-defined]
    return [body], Offered(offer, said[-1][1], body)


def own(request_id: str, nonce: str) -> Headers:
    """The headers that no two answers share."""
    return [("X-Request-Id", request_id), ("Content-Security-Policy", headers.policy(nonce))]


def shared(said: Headers) -> tuple[tuple[str, str], ...]:
    """Those of an answer's headers that it may be given again with."""
    return tuple((name, value) for name, value in said if name.lower() not in _OWN)


class Store(Generic[Kept]):
    """The newest few hundred of what is kept, by key, for all threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[Any, ...], Kept] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: tuple[Any, ...]) -> Kept | None:
        """What is kept under a key."""
        return self._kept.get(key)

    def put(self, key: tuple[Any, ...], kept: Kept) -> None:
        """Keep it, and forget the oldest where there are too many."""
        with self._lock:
            self._kept[key] = kept
            self._kept.move_to_end(key)
            while len(self._kept) > _LARGEST:
                self._kept.popitem(last=False)

    def drop(self, key: tuple[Any, ...]) -> None:
        """Keep nothing under a key."""
        with self._lock:
            self._kept.pop(key, None)

    def clear(self) -> None:
        """Keep nothing at all."""
        with self._lock:
            self._kept.clear()
