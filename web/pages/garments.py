"""Pictures that never change under their address: garments in their colours, looks as previews."""

from typing import Any

from flask import Blueprint, Response

from retail.outfits import pictures
from retail.outfits import queries as outfits
from web.auth import guarded
from web.write import read

garments = guarded(Blueprint("garments", __name__), by="anyone")
FOR_EVER = "public, max-age=31536000, immutable"
PREVIEW_WIDTH, PREVIEW_HEIGHT = 1200, 630


@garments.get("/garments/<drawing>/<a>-<t>-<l>.svg")
def garment(drawing: str, a: str, t: str, l: str) -> Response:  # noqa: E741 (the drawings' own name)
    """A garment drawn in three colours."""
    svg = pictures.garment_svg(drawing, f"#{a}", f"#{t}", f"#{l}")
    return _for_ever(Response(svg, content_type="image/svg+xml"))


@garments.get("/o/<outfit_id>/preview-<int:version>.png")
@read
def preview(session: Any, outfit_id: str, version: int) -> Response:  # noqa: ARG001 (a new address for each version)
    """What a shared link shows in somebody's chat; only of looks that everyone may see."""
    outfit = outfits.get_visible(session, outfit_id)
    picture = pictures.board_png(outfit, PREVIEW_WIDTH, PREVIEW_HEIGHT)
    response = Response(picture, content_type="image/png")
    # A look may be put away, so nobody keeps its picture for long.
    response.headers["Cache-Control"] = "public, max-age=60"
    return response


def _for_ever(response: Response) -> Response:
    response.headers["Cache-Control"] = FOR_EVER
    return response
