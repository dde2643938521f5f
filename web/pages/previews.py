"""The pictures that links show in chats: drawn once for each version of a look."""

import threading
from collections import OrderedDict
from typing import Any

from flask import Blueprint, Response, request

from retail.outfits import pictures
from retail.outfits import queries as outfits
from retail.outfits.queries import OutfitView
from web.auth import guarded
from web.write import read

previews = guarded(Blueprint("previews", __name__), by="anyone")
WIDTH, HEIGHT = 1200, 630
_LARGEST = 128


class PictureBox:
    """The pictures most recently asked for in this process."""

    def __init__(self, largest: int = _LARGEST) -> None:
        self._largest = largest
        self._pictures: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self._lock = threading.Lock()

    def picture_of(self, look: OutfitView) -> bytes:
        """The picture of a look as it is now."""
        key = (look.id, look.version)
        with self._lock:
            known = self._pictures.get(key)
            if known is not None:
                self._pictures.move_to_end(key)
                return known
        drawn = pictures.board_png(look, WIDTH, HEIGHT, has_ad_label=look.has_points_ad)
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
    response = Response(content_type="image/png")
    # A look may be put away, so nobody keeps its picture for long.
    response.headers["Cache-Control"] = "public, max-age=60"
    response.set_etag(f"{look.id}-{look.version}")
    if response.make_conditional(request).status_code != 304:
        response.set_data(_box.picture_of(look))
    return response
