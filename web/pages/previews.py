"""The pictures that links show in chats: drawn once for each version of a look, or of two."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request

from core import clock
from retail.outfits import pictures
from retail.outfits import queries as outfits
from retail.outfits.queries import OutfitView
from retail.polls import queries as polls
from retail.polls.queries import PollView
from web.auth import guarded
from web.write import read

previews = guarded(Blueprint("previews", __name__), by="anyone")
WIDTH, HEIGHT = 1200, 630
_LARGEST = 128


class PictureBox:
    """The pictures most recently asked for in this process."""

    def __init__(self, largest: int = _LARGEST) -> None:
        self._largest = largest
        self._pictures: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def picture(self, key: str, draw: Callable[[], bytes]) -> bytes:
        """The picture under this key, drawn where it is not known."""
        with self._lock:
            known = self._pictures.get(key)
            if known is not None:
                self._pictures.move_to_end(key)
                return known
        drawn = draw()
        with self._lock:
            self._pictures[key] = drawn
            while len(self._pictures) > self._largest:
                self._pictures.popitem(last=False)
        return drawn


_box = PictureBox()


@previews.get("/o/<outfit_id>/preview-<int:version>.png")
@read
def preview(session: Any, outfit_id: str, version: int) -> Any:  # noqa: ARG001 (a new address for each version)
    """What a shared link shows in somebody's chat; only of looks that everyone may see."""
    look = outfits.get_visible(session, outfit_id)
    return _answer(
        _named(look),
        lambda: pictures.board_png(look, WIDTH, HEIGHT, has_ad_label=look.has_points_ad),
    )


@previews.get("/polls/<poll_id>/preview-<int:first>-<int:second>.png")
@read
def poll_preview(session: Any, poll_id: str, first: int, second: int) -> Any:  # noqa: ARG001 (as above)
    """Both looks of a poll for everyone, side by side; of one for friends nobody gets a picture."""
    poll = polls.get_poll(session, poll_id, viewer=None, now=clock.now())
    return _answer(f"{_named(poll.first)}-{_named(poll.second)}", lambda: _pair(poll))


def _answer(key: str, draw: Callable[[], bytes]) -> Response:
    response = Response(content_type="image/png")
    # A look may be put away, so nobody keeps its picture for long.
    response.headers["Cache-Control"] = "public, max-age=60"
    response.set_etag(key)
    if response.make_conditional(request).status_code != 304:
        response.set_data(_box.picture(key, draw))
    return response


def _pair(poll: PollView) -> bytes:
    two = (poll.first, poll.second)
    labels = (poll.first.has_points_ad, poll.second.has_points_ad)
    return pictures.pair_png(*two, WIDTH, HEIGHT, ad_labels=labels)


def _named(look: OutfitView) -> str:
    return f"{look.id}-{look.version}"
