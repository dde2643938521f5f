"""What to look at where something isn't: the wall, with nothing about what was sought."""

from typing import Any

from flask import Blueprint

from core import clock
from retail.brands import queries as brands
from retail.outfits.queries import OutfitView
from web.auth import find_member
from web.pages.wall import trending_with_likes
from web.write import read

lost = Blueprint("lost", __name__)
LOOKS = 4


@lost.app_template_global("wall_for_the_lost")
def wall_for_the_lost() -> list[tuple[OutfitView, int]]:
    """Looks of the member's brand, or of the only one there is.

    Never of the brand of what was sought: the answer is the same for everything absent.
    """
    return _wall()


@read
def _wall(session: Any) -> list[tuple[OutfitView, int]]:
    member = find_member()
    known = brands.list_brands(session)
    brand_id = member.brand_id if member else known[0].id if len(known) == 1 else None
    if brand_id is None:
        return []
    return trending_with_likes(session, brand_id, now=clock.now(), limit=LOOKS)
