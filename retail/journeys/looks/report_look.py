"""Report a look: one that the member may see, to whoever looks after its wall."""

from datetime import datetime

from sqlalchemy.orm import Session

from retail.accounts.queries import MemberView
from retail.outfits import queries as outfits
from retail.wall import service as wall


def report_look(session: Session, outfit_id: str, *, member: MemberView, now: datetime) -> None:
    """Ask for somebody to look at the look; a second time changes nothing.

    Raises NotFound for what the member may not see or what is another brand's, Invalid for their
    own, TooMany for more than twenty within a day.
    """
    look = outfits.get_visible(session, outfit_id, viewer_id=member.id)
    if look.brand_id != member.brand_id:
        raise outfits.outfit_not_found()
    wall.report(session, outfit_id, member_id=member.id, owner_id=look.member_id, now=now)
