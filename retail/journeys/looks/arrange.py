"""Arrange a look anew: the wall reads its words again, and the first time may earn points."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from retail.journeys.points.earn_points import OUTFIT_LAID_OUT, earn_for_deed
from retail.outfits import queries, rules
from retail.outfits import service as outfits
from retail.outfits.service import PieceChange
from retail.wall import service as wall


def arrange(
    session: Session,
    outfit_id: str,
    *,
    member_id: str,
    placements: Sequence[PieceChange],
    background: str,
    caption: str,
    expected_version: int,
    now: datetime,
) -> int:
    """Put the pieces where the owner wants them; gives the new version.

    Raises what `outfits.service.arrange_pieces` raises.
    """
    version = outfits.arrange_pieces(
        session,
        outfit_id,
        member_id=member_id,
        placements=placements,
        background=background,
        caption=caption,
        expected_version=expected_version,
        now=now,
    )
    wall.reword(session, outfit_id, rules.clean_caption(caption), now=now)
    brand_id = queries.get_own(session, outfit_id, member_id=member_id).brand_id
    deed = {"brand_id": brand_id, "member_id": member_id, "source": f"outfit:{outfit_id}"}
    earn_for_deed(session, OUTFIT_LAID_OUT, **deed, now=now)
    return version
