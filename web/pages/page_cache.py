"""Pages that look the same to every stranger, rendered once for each state they show.

The key has to hold everything the page depends on; the consent epoch is part of it, so that a
withdrawal empties the cache at once. What differs in each answer, the nonce, is put in last.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

from flask import Response, g

PLACEHOLDER = "page-nonce"
_LARGEST = 512


class PageCache:
    """The most recently wanted pages of this process."""

    def __init__(self, largest: int = _LARGEST) -> None:
        self._largest = largest
        self._pages: OrderedDict[Hashable, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def answer(self, key: Hashable, render: Callable[[], str]) -> Response:
        """The page for this key. `render` writes `PLACEHOLDER` wherever a nonce goes."""
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
        if page is None:
            page = render().encode()
            self._keep(key, page)
        body = page.replace(PLACEHOLDER.encode(), g.csp_nonce.encode())
        return Response(body, content_type="text/html; charset=utf-8")

    def _keep(self, key: Hashable, page: bytes) -> None:
        with self._lock:
            self._pages[key] = page
            while len(self._pages) > self._largest:
                self._pages.popitem(last=False)
