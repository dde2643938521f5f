"""Arrange a look anew; where its words change, the wall reads them again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from retail.outfits import rules
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
    return version
