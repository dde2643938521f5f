"""Pictures that never change under their address: garments in their colours."""

from flask import Blueprint, Response

from retail.outfits import pictures
from web.auth import guarded

garments = guarded(Blueprint("garments", __name__), by="anyone")
FOR_EVER = "public, max-age=31536000, immutable"


@garments.get("/garments/<drawing>/<a>-<t>-<l>.svg")
def garment(drawing: str, a: str, t: str, l: str) -> Response:  # noqa: E741 (the drawings' own name)
    """A garment drawn in three colours."""
    svg = pictures.garment_svg(drawing, f"#{a}", f"#{t}", f"#{l}")
    return _for_ever(Response(svg, content_type="image/svg+xml"))


def _for_ever(response: Response) -> Response:
    response.headers["Cache-Control"] = FOR_EVER
    return response
